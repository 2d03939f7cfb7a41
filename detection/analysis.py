"""A photo or a clip through the detector and the tracker, with the time it took. Called by stage ``detect``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from time import perf_counter

from detection.default_detector import get_default_detector
from detection.detections import Detections
from detection.detector import Detector
from detection.layout import WHOLE, Layout
from detection.letterbox import Pixels
from detection.tracking import Track, track
from detection.weights_record import WeightsRecord
from errors import InputError

_FRAMES_AT_ONCE = 8  # bounds memory: 8 frames of 1920x1080 are 50 MB


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was claimed of a photo (one frame) or of each frame of a clip, and the tracks.

    ``shown_frame`` are the pixels of the frame with most claims, number ``shown``: the one that stands for the clip.
    """

    frames: tuple[Detections, ...]
    tracks: tuple[Track, ...]
    shown: int
    shown_frame: Pixels
    weights: tuple[WeightsRecord, ...]
    thresholds: dict[str, float]
    runtime: str
    duration_ms: float
    layout: Layout = WHOLE

    @property
    def count(self) -> int:
        """Claims over all frames."""
        return sum(len(frame) for frame in self.frames)

    @property
    def frame_times_s(self) -> tuple[float, ...]:
        """Times of a clip's frames; empty for a photo."""
        return tuple(frame.frame_s for frame in self.frames if frame.frame_s is not None)

    @property
    def shown_detections(self) -> Detections:
        """Claims about the frame that stands for the clip."""
        return self.frames[self.shown]

    @property
    def shown_frame_s(self) -> float | None:
        """Its time; None for a photo."""
        return self.frames[self.shown].frame_s


def analyse_photo(rgb: Pixels, *, detector: Detector | None = None, layout: Layout = WHOLE) -> Analysis:
    """What is claimed of one upright RGB picture. Each thing gets a track of one frame."""
    looking = detector or get_default_detector()
    started = perf_counter()
    frames, tracks = track(looking.detect([rgb], layout=layout), sure_score=0.0)
    return replace(_analysis(looking, frames, tracks, 0, rgb, started), layout=layout)


def analyse_clip(
    frames: Iterable[tuple[float, Pixels]], *, detector: Detector | None = None, layout: Layout = WHOLE
) -> Analysis:
    """What is claimed of each frame (time in seconds, upright RGB), and which things were seen over time.

    Frames are looked at as they come and only the one with most claims is kept. No frame at all: InputError.
    """
    looking = detector or get_default_detector()
    started = perf_counter()
    seen: list[Detections] = []
    shown: tuple[int, Pixels] | None = None
    for batch in _batches(frames):
        found = looking.detect([rgb for _, rgb in batch], frame_times_s=[time_s for time_s, _ in batch], layout=layout)
        for answer, (_, rgb) in zip(found, batch, strict=True):
            if shown is None or len(answer) > len(seen[shown[0]]):
                shown = len(seen), rgb
            seen.append(answer)
    if shown is None:
        raise InputError("The clip has no frames to look at.", field="media", value="0 frames")
    numbered, tracks = track(seen)
    return replace(_analysis(looking, numbered, tracks, *shown, started), layout=layout)


def _analysis(
    detector: Detector,
    frames: tuple[Detections, ...],
    tracks: tuple[Track, ...],
    shown: int,
    shown_frame: Pixels,
    started: float,
) -> Analysis:
    return Analysis(
        frames=frames,
        tracks=tracks,
        shown=shown,
        shown_frame=shown_frame,
        weights=detector.weights,
        thresholds=detector.thresholds,
        runtime=detector.runtime,
        duration_ms=(perf_counter() - started) * 1000,
    )


def _batches(frames: Iterable[tuple[float, Pixels]]) -> Iterator[list[tuple[float, Pixels]]]:
    rest = iter(frames)
    while batch := list(islice(rest, _FRAMES_AT_ONCE)):
        yield batch
