"""Labelled photographs through a detector, a few at a time, and how long one takes. Called by the commands that measure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import perf_counter

from detection.dataset import LabelledPhoto
from detection.detections import Detections
from detection.detector import Detector
from detection.layout import WHOLE, Layout
from intake.photo import decode_upright

LEAST_SCORE = 0.001  # a score limit near zero, so that whole curves can be drawn
_AT_ONCE = 16
_TIMED_PHOTOS = 48


def look_at(
    detector: Detector,
    photos: Sequence[LabelledPhoto],
    *,
    layout: Layout = WHOLE,
    tell: Callable[[str], object] = lambda _: None,
) -> list[Detections]:
    """The claims about each photograph, in order."""
    claims: list[Detections] = []
    for start in range(0, len(photos), _AT_ONCE):
        some = [decode_upright(photo.path.read_bytes()) for photo in photos[start : start + _AT_ONCE]]
        claims += detector.detect(some, layout=layout)
        tell(f"{len(claims)} of {len(photos)} photographs")
    return claims


def time_looks(detector: Detector, photos: Sequence[LabelledPhoto], *, layout: Layout = WHOLE) -> float:
    """Milliseconds per photograph, decoded and warmed before."""
    pictures = [decode_upright(photo.path.read_bytes()) for photo in photos[:_TIMED_PHOTOS]]
    detector.detect(pictures[:2], layout=layout)
    started = perf_counter()
    detector.detect(pictures, layout=layout)
    return (perf_counter() - started) * 1000 / len(pictures)
