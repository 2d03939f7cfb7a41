"""Things in a labelled set that nobody labelled: claims about them count neither way. Pure, but for the reading of the file.

Sets leave things out (far traffic, a crowd), and a detector that finds one is not wrong. Somebody looks at the claims counted
wrong and writes down which of them show the thing after all; figures are then told both ways, as labelled and with these set
aside. What was labelled is never touched, so that recall stays what it was at every score. Called by ``manage.py evaluate``.

    {"about": "who looked, at what", "found": {"frame.jpg": [{"label": "motorcycle", "box_px": [x_min, y_min, x_max, y_max]}]}}
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from detection.dataset import LabelledPhoto
from detection.detections import Box, Detection, Detections, overlap
from detection.evaluation import same_label
from errors import InputError

_SAME = 0.5


@dataclass(frozen=True, slots=True)
class SetAside:
    """Boxes (pixels) by file name and label, and who found them."""

    boxes: Mapping[str, tuple[tuple[str, Box], ...]] = field(default_factory=dict)
    about: str = ""

    @property
    def count(self) -> int:
        """How many things."""
        return sum(len(boxes) for boxes in self.boxes.values())


def read_set_aside(path: Path) -> SetAside:
    """The file's boxes; InputError names what cannot be read."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        boxes = {name: tuple(_parse(row) for row in rows) for name, rows in raw["found"].items()}
        return SetAside(boxes, str(raw.get("about", "")))
    except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError, AttributeError) as broken:
        raise InputError(
            "The file of things set aside cannot be read.", field="aside", value=path,
            cure='{"found": {"frame.jpg": [{"label": "car", "box_px": [x_min, y_min, x_max, y_max]}]}}',
        ) from broken  # fmt: skip


def leave_out(photos: Sequence[LabelledPhoto], claims: Sequence[Detections], aside: SetAside) -> list[Detections]:
    """The claims without those about a thing set aside; a claim that fits a labelled box stays."""
    return [
        claimed.with_items(item for item in claimed if not _is_aside(item, claimed, photo, aside))
        for photo, claimed in zip(photos, claims, strict=True)
    ]


def _is_aside(item: Detection, claimed: Detections, photo: LabelledPhoto, aside: SetAside) -> bool:
    label = same_label(item.label)
    known = [box for name, box in aside.boxes.get(photo.path.name, ()) if same_label(name) == label]
    if not any(overlap(item.box_px, box) >= _SAME for box in known):
        return False
    labelled = [one.box for one in photo.boxes if same_label(one.label) == label]
    return not any(overlap(item.box_px, _in_pixels(box, claimed)) >= _SAME for box in labelled)


def _in_pixels(box: Box, claimed: Detections) -> Box:
    across, down = claimed.width_px, claimed.height_px
    return box[0] * across, box[1] * down, box[2] * across, box[3] * down


def _parse(row: Mapping[str, Any]) -> tuple[str, Box]:
    x_min, y_min, x_max, y_max = (float(edge) for edge in row["box_px"])
    if not (x_min < x_max and y_min < y_max):
        raise ValueError(row["box_px"])
    return str(row["label"]), (x_min, y_min, x_max, y_max)
