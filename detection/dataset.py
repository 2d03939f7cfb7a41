"""YOLO-format photographs with labelled boxes: read, grouped by the clip they come from, split, relabelled. Pure.

A set is a YAML file with ``path``, ``train``, ``val`` and ``names`` as ultralytics knows it. Frames of one clip are so
alike that a split by frame would measure memory: a clip stands on one side only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from errors import InputError

_PHOTO_SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
_EXPORT_MARK = ".rf."  # appended with a hash by the labelling tool
_CLIP_FRAME = re.compile(r"^(?P<clip>.+?)[-_ ]*(?:mp4|mov|avi)[-_]?\d*(?:_jpe?g|_png)*$", re.IGNORECASE)
_NUMBERED_FRAME = re.compile(r"^(?P<clip>youtube|frame|ezgif-frame)[-_]?\d+(?:_jpe?g|_png)*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LabelledBox:
    """One labelled thing; ``box`` is x_min, y_min, x_max, y_max as shares of the picture (0 to 1)."""

    label: str
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class LabelledPhoto:
    """A photograph's file, the clip it belongs to, and its labelled boxes (none: an empty scene)."""

    path: Path
    clip: str
    boxes: tuple[LabelledBox, ...]


def clip_of(file_name: str) -> str:
    """The clip a frame was taken from, by its file name; a single photograph is its own clip."""
    stem = file_name.split(_EXPORT_MARK)[0] if _EXPORT_MARK in file_name else Path(file_name).stem
    for pattern in (_CLIP_FRAME, _NUMBERED_FRAME):
        if found := pattern.match(stem):
            return found["clip"].rstrip("-_ ").lower()
    return stem.lower()


def read_set(yaml_path: Path, split: str) -> tuple[LabelledPhoto, ...]:
    """The photographs of one split ("train" or "val") of a YOLO set, in the order of their names."""
    described = read_yaml(yaml_path)
    folder = described.get(split)
    if not folder:
        raise InputError(
            "The set has no such split.", field=split, value=yaml_path, cure="Add a line like 'val: valid/images'."
        )
    root = (yaml_path.parent / str(described.get("path") or ".")).resolve()
    return read_folder(root / str(folder), names_of(described, yaml_path))


def read_folder(images: Path, names: Mapping[int, str]) -> tuple[LabelledPhoto, ...]:
    """The photographs of one folder ``.../images`` with the boxes of ``.../labels`` beside it."""
    if not images.is_dir():
        raise InputError("The folder of photographs is missing.", field="images", value=images)
    photos = sorted(path for path in images.iterdir() if path.suffix.lower() in _PHOTO_SUFFIXES)
    if not photos:
        raise InputError("The folder holds no photographs.", field="images", value=images, cure="JPEG, PNG or WebP.")
    labels = images.parent / "labels"
    return tuple(
        LabelledPhoto(path, clip_of(path.name), read_boxes(labels / f"{path.stem}.txt", names)) for path in photos
    )


def read_boxes(path: Path, names: Mapping[int, str]) -> tuple[LabelledBox, ...]:
    """The boxes of one label file (label number, centre x, centre y, width, height; or a polygon); none if it is missing."""
    if not path.exists():
        return ()
    boxes = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            boxes.append(_parse_box(line.split(), names, f"{path}:{number}"))
    return tuple(boxes)


def names_of(described: Mapping[str, object], yaml_path: Path) -> dict[int, str]:
    """Label names by number, from a list or a mapping."""
    names = described.get("names")
    if isinstance(names, list):
        return {number: str(name) for number, name in enumerate(names)}
    if isinstance(names, dict):
        return {int(number): str(name) for number, name in names.items()}
    raise InputError("The set names no labels.", field="names", value=yaml_path, cure="Add 'names: {0: person, ...}'.")


def split_by_clip(
    train: tuple[LabelledPhoto, ...], valid: tuple[LabelledPhoto, ...], *, keep_in_train: frozenset[str]
) -> tuple[tuple[LabelledPhoto, ...], tuple[LabelledPhoto, ...]]:
    """Train and valid photographs without a common clip.

    A clip on both sides leaves training, except the clips of ``keep_in_train``, which leave validation.
    """
    held_out = {photo.clip for photo in valid} - keep_in_train
    return (
        tuple(photo for photo in train if photo.clip not in held_out),
        tuple(photo for photo in valid if photo.clip not in keep_in_train),
    )


def write_set(
    folder: Path, splits: Mapping[str, tuple[LabelledPhoto, ...]], relabel: Mapping[str, str], labels: tuple[str, ...]
) -> Path:
    """Write splits as a YOLO set of links to the photographs; ``relabel`` maps old labels to ours, others are dropped."""
    for split, photos in splits.items():
        images, texts = folder / split / "images", folder / split / "labels"
        images.mkdir(parents=True, exist_ok=True)
        texts.mkdir(parents=True, exist_ok=True)
        for photo in photos:
            link = images / photo.path.name
            link.unlink(missing_ok=True)
            link.symlink_to(photo.path.resolve())
            lines = [_box_line(box, relabel, labels) for box in photo.boxes if relabel.get(box.label) in labels]
            (texts / f"{photo.path.stem}.txt").write_text("\n".join(lines), encoding="utf-8")
    described = {"path": str(folder.resolve()), "names": dict(enumerate(labels))}
    described |= {split: f"{split}/images" for split in splits}
    path = folder / "set.yaml"
    path.write_text(yaml.safe_dump(described, sort_keys=True), encoding="utf-8")
    return path


def read_yaml(path: Path) -> dict[str, object]:
    """A set's description as it stands; InputError where it cannot be read."""
    try:
        described = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as unreadable:
        raise InputError("The set's YAML file cannot be read.", field="data", value=path) from unreadable
    if not isinstance(described, dict):
        raise InputError("The set's YAML file is not a mapping.", field="data", value=path)
    return described


def _parse_box(fields: list[str], names: Mapping[int, str], where: str) -> LabelledBox:
    try:
        label = names[int(fields[0])]
        values = [float(field) for field in fields[1:]]
    except (ValueError, KeyError) as broken:
        raise InputError(
            "A label line is not a known label number and figures.", field="label", value=where
        ) from broken
    if len(values) == 4:
        x, y, width, height = values
        return LabelledBox(label, (x - width / 2, y - height / 2, x + width / 2, y + height / 2))
    if len(values) >= 6 and len(values) % 2 == 0:
        return LabelledBox(label, (min(values[::2]), min(values[1::2]), max(values[::2]), max(values[1::2])))
    raise InputError("A label line needs 4 figures, or 3 or more points.", field="label", value=where)


def _box_line(box: LabelledBox, relabel: Mapping[str, str], labels: tuple[str, ...]) -> str:
    x_min, y_min, x_max, y_max = box.box
    number = labels.index(relabel[box.label])
    return f"{number} {(x_min + x_max) / 2:.6f} {(y_min + y_max) / 2:.6f} {x_max - x_min:.6f} {y_max - y_min:.6f}"
