"""The pictures that weights were most wrong about, drawn small, with faces and plates hidden. Pixels in, JPEGs out.

Called by ``manage.py evaluate`` for its report; nobody can be recognised in a report.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from detection.dataset import LabelledPhoto
from detection.detections import Box, Detections, overlap
from detection.evaluation import same_label
from detection.letterbox import Pixels
from intake.photo import decode_upright

_WIDTH_PX = 480
_FOUND, _WRONG, _MISSED = (40, 160, 70), (220, 40, 40), (255, 140, 0)
_NEVER = 2.0  # a score that nothing reaches

Hide = Callable[[Pixels, Detections], Pixels]


@dataclass(frozen=True, slots=True)
class Judged:
    """One photograph against its labels: boxes found, claimed wrongly, and missed, as shares of the picture."""

    photo: LabelledPhoto
    claimed: Detections
    found: tuple[Box, ...]
    wrong: tuple[Box, ...]
    missed: tuple[Box, ...]

    @property
    def faults(self) -> int:
        """Claims that were wrong, and things that were missed."""
        return len(self.wrong) + len(self.missed)


@dataclass(frozen=True, slots=True)
class WorstPicture:
    """A drawn JPEG and what it says: the file, how many were found, wrong and missed."""

    name: str
    jpeg: bytes
    found: int
    wrong: int
    missed: int


def judge(photo: LabelledPhoto, claimed: Detections, thresholds: Mapping[str, float]) -> Judged:
    """What was right about one photograph at the thresholds; labels without one are left out."""
    size = (claimed.width_px, claimed.height_px) * 2
    missed = [(same_label(box.label), box.box) for box in photo.boxes if same_label(box.label) in thresholds]
    found, wrong = [], []
    for item in claimed:
        label = same_label(item.label)
        if item.score < thresholds.get(label, _NEVER):
            continue
        x_min, y_min, x_max, y_max = (edge / length for edge, length in zip(item.box_px, size, strict=True))
        share = (x_min, y_min, x_max, y_max)
        hit = next((one for one in missed if one[0] == label and overlap(one[1], share) >= 0.5), None)
        if hit is None:
            wrong.append(share)
        else:
            missed.remove(hit)
            found.append(share)
    return Judged(photo, claimed, tuple(found), tuple(wrong), tuple(box for _, box in missed))


def draw_worst(
    photos: Sequence[LabelledPhoto],
    claims: Sequence[Detections],
    thresholds: Mapping[str, float],
    *,
    hide: Hide,
    most: int = 9,
) -> tuple[WorstPicture, ...]:
    """The photographs with most faults, worst first; ``hide`` makes people unrecognisable in the pixels given to it."""
    judged = [judge(photo, claimed, thresholds) for photo, claimed in zip(photos, claims, strict=True)]
    worst = sorted((one for one in judged if one.faults), key=lambda one: -one.faults)[:most]
    return tuple(
        WorstPicture(one.photo.path.name, _draw(one, hide), len(one.found), len(one.wrong), len(one.missed))
        for one in worst
    )


def _draw(judged: Judged, hide: Hide) -> bytes:
    rgb = hide(decode_upright(judged.photo.path.read_bytes()), judged.claimed)
    height = max(1, round(rgb.shape[0] * _WIDTH_PX / rgb.shape[1]))
    small = np.asarray(cv2.resize(rgb, (_WIDTH_PX, height), interpolation=cv2.INTER_AREA), np.uint8)
    for boxes, colour in ((judged.found, _FOUND), (judged.wrong, _WRONG), (judged.missed, _MISSED)):
        for box in boxes:
            left, top, right, bottom = (
                round(edge * size) for edge, size in zip(box, (_WIDTH_PX, height) * 2, strict=True)
            )
            cv2.rectangle(small, (left, top), (right, bottom), colour, 2)
    _, data = cv2.imencode(".jpg", cv2.cvtColor(small, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 78])
    return bytes(data)
