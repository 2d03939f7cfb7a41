"""Learnt pictures as a versioned YOLO set: written with a manifest that names each original by its hash and nobody else.

Which side of the split a camera or place stands on follows from a hash, so that it never changes sides between versions; what
was held out in the first version stays as the frozen set that all later weights are compared on. Called by ``build_dataset``.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml

from detection.corrections import LearntBox

TRAIN, VALID, FROZEN = "train", "valid", "frozen"  # folders; the set's own names of them are in set.yaml
LEAST_OF_A_LABEL = 50  # boxes before weights get a label they did not have
_HELD_OUT_OF = 5


@dataclass(frozen=True, slots=True)
class LearntPicture:
    """One picture (or frame) with its boxes. ``jpeg`` has no metadata; ``group`` is the camera or place."""

    original_sha256: str
    frame_s: float | None
    group: str
    jpeg: bytes
    width_px: int
    height_px: int
    boxes: tuple[LearntBox, ...]

    @property
    def file_name(self) -> str:
        """By the original's hash and the moment of the frame."""
        moment = "" if self.frame_s is None else f"-{round(self.frame_s * 1000):08d}"
        return f"{self.original_sha256[:20]}{moment}"


@dataclass(frozen=True, slots=True)
class LearntDecision:
    """What people made of one flag: for weighing thresholds and rules, which boxes alone do not tell. Names nobody.

    ``boxes``: moment of the frame (None: a photo), label, score and corners in pixels of each detection it was about.
    ``was_right``: of the object alone; None: people disagree.
    """

    original_sha256: str
    use: str
    decision: str
    dismissed_as: str
    second_opinions: tuple[tuple[str, str], ...]
    on_site: str
    was_right: bool | None
    boxes: tuple[tuple[float | None, str, float, tuple[float, float, float, float]], ...]


@dataclass(frozen=True, slots=True)
class WrittenSet:
    """Where a set was written, the hash of its manifest, and what is in it."""

    folder: Path
    sha256: str
    counts: dict[str, Any]


def is_held_out(group: str) -> bool:
    """Whether a camera or place is kept for validation: one in five, always the same ones."""
    return int(hashlib.sha256(group.encode()).hexdigest()[:8], 16) % _HELD_OUT_OF == 0


def choose_labels(parent: Sequence[str], boxes: Iterable[str]) -> tuple[tuple[str, ...], dict[str, int]]:
    """The set's labels (the parent's, then new ones that were marked often enough), and new ones that still wait."""
    new = Counter(label for label in boxes if label not in parent)
    ready = sorted(label for label, count in new.items() if count >= LEAST_OF_A_LABEL)
    return (*parent, *ready), {label: count for label, count in sorted(new.items()) if label not in ready}


def write_training_set(
    folder: Path,
    pictures: Sequence[LearntPicture],
    *,
    parent_labels: Sequence[str],
    frozen_from: Path | None,
    decisions: Sequence[LearntDecision] = (),
) -> WrittenSet:
    """Write pictures, labels, ``set.yaml`` and ``manifest.json`` into ``folder``; an older set gives the frozen split."""
    labels, waiting = choose_labels(parent_labels, (box.label for one in pictures for box in one.boxes))
    entries = []
    for split in (TRAIN, VALID):
        for kind in ("images", "labels"):
            (folder / split / kind).mkdir(parents=True, exist_ok=True)
    for one in pictures:
        split = VALID if is_held_out(one.group) else TRAIN
        known = [box for box in one.boxes if box.label in labels]
        (folder / split / "images" / f"{one.file_name}.jpg").write_bytes(one.jpeg)
        lines = [_line(box, one, labels) for box in known]
        (folder / split / "labels" / f"{one.file_name}.txt").write_text("\n".join(lines), encoding="utf-8")
        entries.append(
            {"original": one.original_sha256, "frame_s": one.frame_s, "file": one.file_name, "split": split,
             "group": hashlib.sha256(one.group.encode()).hexdigest()[:16], "lines": lines}
        )  # fmt: skip
    _freeze(folder, frozen_from)
    _describe(folder, labels)
    told = {"labels": labels, "pictures": entries, "decisions": [asdict(one) for one in decisions]}
    manifest = json.dumps(told, indent=1, ensure_ascii=False)
    (folder / "manifest.json").write_text(manifest, encoding="utf-8")
    counts = {
        "pictures": {split: len(list((folder / split / "images").iterdir())) for split in (TRAIN, VALID, FROZEN)},
        "boxes": dict(Counter(box.label for one in pictures for box in one.boxes if box.label in labels)),
        "said_by_people": sum(box.is_said for one in pictures for box in one.boxes),
        "labels_that_wait": waiting,
        "decided_as": dict(sorted(Counter(one.dismissed_as or one.decision for one in decisions).items())),
        "found_on_site": dict(sorted(Counter(one.on_site for one in decisions if one.on_site).items())),
        "disputed": sum(one.was_right is None for one in decisions),
    }
    return WrittenSet(folder, hashlib.sha256(manifest.encode()).hexdigest(), counts)


def _freeze(folder: Path, older: Path | None) -> None:
    """The older set's frozen pictures, or this one's validation pictures when it is the first."""
    source = folder / VALID if older is None else older / FROZEN
    shutil.copytree(source, folder / FROZEN, dirs_exist_ok=True)


def _describe(folder: Path, labels: Sequence[str]) -> None:
    described = {"path": ".", "names": dict(enumerate(labels))}
    described |= {"train": f"{TRAIN}/images", "val": f"{VALID}/images", FROZEN: f"{FROZEN}/images"}
    (folder / "set.yaml").write_text(yaml.safe_dump(described, sort_keys=True, allow_unicode=True), encoding="utf-8")


def _line(box: LearntBox, picture: LearntPicture, labels: Sequence[str]) -> str:
    x_min, y_min, x_max, y_max = box.box_px
    across, down = picture.width_px, picture.height_px
    centre = f"{(x_min + x_max) / 2 / across:.6f} {(y_min + y_max) / 2 / down:.6f}"
    return f"{labels.index(box.label)} {centre} {(x_max - x_min) / across:.6f} {(y_max - y_min) / down:.6f}"
