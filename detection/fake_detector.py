"""A detector double: answers what it was told, by picture or by turn. For tests and for pages without weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from detection.detections import Detection, Detections
from detection.layout import WHOLE, Layout
from detection.letterbox import Pixels
from detection.weights_record import WeightsFile, WeightsRecord
from errors import InputError

FAKE_RECORD = WeightsRecord(
    name="fake",
    folder=Path(),
    files=(WeightsFile("fake", "0" * 64, "fake"),),
    licence="none",
    source="answers what a test tells it",
    labels=("car", "motorcycle", "person"),
)

Answer = Callable[[Pixels, int], Sequence[Detection]]


class FakeDetector:
    """Same protocol as the real door. ``answer`` gets a picture and its number since the start."""

    def __init__(self, answer: Answer | Sequence[Detection] = ()) -> None:
        self.weights = (FAKE_RECORD,)
        self.runtime = "fake"
        self.thresholds = {label: 0.25 for label in FAKE_RECORD.labels}
        self.seen = 0
        self._answer: Answer = answer if callable(answer) else lambda _picture, _number: answer

    def detect(
        self, images: Sequence[Pixels], *, frame_times_s: Sequence[float] | None = None, layout: Layout = WHOLE
    ) -> list[Detections]:
        """The told claims, stamped with each frame's time."""
        if frame_times_s is not None and len(frame_times_s) != len(images):
            raise InputError("Each frame needs its time.", field="frame_times_s", value=len(frame_times_s))
        times = [None] * len(images) if frame_times_s is None else list(frame_times_s)
        return [self._look(image, time_s) for image, time_s in zip(images, times, strict=True)]

    def _look(self, image: Pixels, time_s: float | None) -> Detections:
        told = self._answer(image, self.seen)
        self.seen += 1
        items = tuple(replace(item, frame_s=time_s) for item in told)
        return Detections(image.shape[1], image.shape[0], items, time_s)
