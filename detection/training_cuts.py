"""Windows cut out of large photographs for training: small things at their own size, for a fraction of the work.

In: labelled photographs. Out: JPEGs of one size below a folder, with the boxes that lie in them. Called by ``training``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2

from detection.dataset import LabelledBox, LabelledPhoto
from detection.detections import Box, share_inside
from errors import InputError

_LEAST_VISIBLE = 0.5  # of a box, for it to be a thing of the window
_JPEG_QUALITY = 92


@dataclass(frozen=True, slots=True)
class CutPlan:
    """Windows of ``width_px`` x ``height_px``, ``per_photo`` of each, where most boxes of label ``around`` lie."""

    width_px: int
    height_px: int
    around: str
    per_photo: int = 1


def cut_photos(photos: Sequence[LabelledPhoto], plan: CutPlan, folder: Path) -> tuple[LabelledPhoto, ...]:
    """The windows as photographs of their own, of the same clip; smaller photographs stay as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(window for photo in photos for window in _cut_one(photo, plan, folder))


def choose_windows(boxes: Sequence[Box], size_px: tuple[int, int], plan: CutPlan) -> tuple[Box, ...]:
    """Corners of the windows of one photograph: around the box with most company first, then where others are left.

    A photograph without such boxes gives its middle: scenes where nothing is must be learnt too.
    """
    left = list(boxes)
    middle = (size_px[0] / 2, size_px[1] / 2)
    chosen: list[Box] = []
    for _ in range(plan.per_photo):
        centres = [((box[0] + box[2]) / 2, (box[1] + box[3]) / 2) for box in left] or ([] if chosen else [middle])
        if not centres:
            break
        windows = [_window_around(centre, size_px, plan) for centre in centres]
        best = max(windows, key=lambda window: sum(share_inside(box, window) > 0.99 for box in left))
        chosen.append(best)
        left = [box for box in left if share_inside(box, best) < _LEAST_VISIBLE]
    return tuple(chosen)


def boxes_in(window: Box, boxes: Sequence[tuple[str, Box]]) -> tuple[LabelledBox, ...]:
    """The boxes (pixels) of which at least half shows in the window, cut at its edges, as shares of it."""
    width, height = window[2] - window[0], window[3] - window[1]
    shown = []
    for label, box in boxes:
        if share_inside(box, window) < _LEAST_VISIBLE:
            continue
        x_min, x_max = ((min(max(x, window[0]), window[2]) - window[0]) / width for x in (box[0], box[2]))
        y_min, y_max = ((min(max(y, window[1]), window[3]) - window[1]) / height for y in (box[1], box[3]))
        shown.append(LabelledBox(label, (x_min, y_min, x_max, y_max)))
    return tuple(shown)


def _cut_one(photo: LabelledPhoto, plan: CutPlan, folder: Path) -> list[LabelledPhoto]:
    pixels = cv2.imread(str(photo.path), cv2.IMREAD_COLOR)
    if pixels is None:
        raise InputError("A photograph cannot be read.", field="photographs", value=photo.path)
    height, width = pixels.shape[:2]
    if width <= plan.width_px and height <= plan.height_px:
        return [photo]
    boxes = [(one.label, _in_pixels(one.box, width, height)) for one in photo.boxes]
    wanted = [box for label, box in boxes if label == plan.around]
    made = []
    for number, window in enumerate(choose_windows(wanted, (width, height), plan)):
        x_min, y_min, x_max, y_max = (round(edge) for edge in window)
        path = folder / f"{photo.path.stem}-{number}.jpg"
        cv2.imwrite(str(path), pixels[y_min:y_max, x_min:x_max], [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
        made.append(LabelledPhoto(path, photo.clip, boxes_in(window, boxes)))
    return made


def _window_around(centre: tuple[float, float], size_px: tuple[int, int], plan: CutPlan) -> Box:
    width, height = min(plan.width_px, size_px[0]), min(plan.height_px, size_px[1])
    x_min = round(min(max(centre[0] - width / 2, 0), size_px[0] - width))
    y_min = round(min(max(centre[1] - height / 2, 0), size_px[1] - height))
    return float(x_min), float(y_min), float(x_min + width), float(y_min + height)


def _in_pixels(box: Box, width: int, height: int) -> Box:
    return box[0] * width, box[1] * height, box[2] * width, box[3] * height
