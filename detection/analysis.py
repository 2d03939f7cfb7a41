"""A photo or a clip through the detector and the tracker, with the time it took. Called by stage ``detect``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from time import perf_counter

from detection.default_detector import get_default_detector
from detection.detections import Detections
from detection.detector import Detector
from detection.letterbox import Pixels
from detection.tracking import Track, track

_FRAMES_AT_ONCE = 8  # bounds memory: 8 frames of 1920x1080 are 50 MB


def analyse_photo(rgb: Pixels, *, detector: Detector | None = None) -> tuple[Detections, float]:
    """What is claimed of one upright RGB picture, and the milliseconds it took."""
    started = perf_counter()
    found = (detector or get_default_detector()).detect([rgb])[0]
    return found, (perf_counter() - started) * 1000


def analyse_clip(
    frames: Iterable[tuple[float, Pixels]], *, detector: Detector | None = None
) -> tuple[tuple[Detections, ...], tuple[Track, ...]]:
    """What is claimed of each frame (time in seconds, upright RGB picture), and which things were seen over time.

    A frame without pixels for us to look at is not there: the caller samples. The claims carry their track's number.
    """
    looking = detector or get_default_detector()
    seen: list[Detections] = []
    for batch in _batches(frames):
        seen += looking.detect([rgb for _, rgb in batch], frame_times_s=[time_s for time_s, _ in batch])
    return track(seen)


def _batches(frames: Iterable[tuple[float, Pixels]]) -> Iterator[list[tuple[float, Pixels]]]:
    rest = iter(frames)
    while batch := list(islice(rest, _FRAMES_AT_ONCE)):
        yield batch
