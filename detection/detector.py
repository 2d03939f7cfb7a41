"""The one door to the networks: pictures in, claims out. Runs OpenVINO on the CPU, torch on CUDA, ONNX Runtime elsewhere.

``open_detector`` is called once per process (``detection.default_detector``); a Detector may be used by several threads.
A double for tests is ``detection.fake_detector``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from detection.detections import Detection, Detections
from detection.labels import LabelGroup, groups_of
from detection.layout import STRIDE_PX, WHOLE, Layout, Window
from detection.letterbox import Letterbox, Pixels, choose_input, fit_pixels, plan_letterbox, unfit_boxes
from detection.network_faults import is_out_of_memory, no_memory
from detection.networks import RUNTIMES, Network, open_network
from detection.riders import join_riders
from detection.score_calibration import NO_CALIBRATION
from detection.suppression import drop_cut_pieces, keep_candidates, merge_label_sets, suppress
from detection.weights_record import WeightsRecord, read_record
from detection.weights_shelf import find_record
from errors import ConfigurationError, InputError

# square; 4:3 photographs and 16:9 cameras, with a rim: without it, edges are seen worse
_SHORTER_SIDES = (1.0, 0.8, 0.65)


class Detector(Protocol):
    """Something that looks at pictures. ``weights`` and ``thresholds`` are kept with every run so it can be replayed."""

    @property
    def weights(self) -> tuple[WeightsRecord, ...]: ...

    @property
    def runtime(self) -> str: ...

    @property
    def thresholds(self) -> dict[str, float]: ...

    def detect(
        self, images: Sequence[Pixels], *, frame_times_s: Sequence[float] | None = None, layout: Layout = WHOLE
    ) -> list[Detections]:
        """Claims about each upright RGB picture, in order, looked at by a layout."""
        ...


def open_detector(
    weights_name: str | Sequence[str],
    runtime: str = "auto",
    *,
    threads: int = 0,
    least_score: float | None = None,
    is_calibrated: bool = True,
    folder: Path | None = None,
    cache: Path | None = None,
) -> Detector:
    """A detector for one name, or one that asks several weights and merges their label sets.

    ``threads`` 0 takes every core; ``least_score`` replaces the thresholds of the records (evaluation); not
    ``is_calibrated``: the network's own scores (to draw the curves from); ``folder`` is another one than the shelf
    (``weights_shelf``); ``cache`` is a folder of ours where compiled networks wait for the next process (they start in a
    third of the time). Raises ConfigurationError for unknown, missing or altered weights, and for a runtime that is not
    installed.
    """
    names = [weights_name] if isinstance(weights_name, str) else list(weights_name)
    if not names:
        raise ConfigurationError("No weights are named.", field="DETECTION_WEIGHTS", cure="Name at least one.")
    if runtime not in RUNTIMES:
        raise ConfigurationError(
            "There is no such runtime.",
            field="DETECTION_RUNTIME",
            value=runtime,
            cure=f"One of: {', '.join(RUNTIMES)}.",
        )
    records = [read_record(name, folder) if folder else find_record(name) for name in names]
    if least_score is not None:
        records = [_with_least_score(record, least_score) for record in records]
    if not is_calibrated:
        records = [replace(record, scores=NO_CALIBRATION) for record in records]
    parts = tuple(
        NetworkDetector(record, *open_network(record, runtime, threads or os.cpu_count() or 1, cache))
        for record in records
    )
    return parts[0] if len(parts) == 1 else MergedDetector(parts)


@dataclass(frozen=True, slots=True)
class _Look:
    """One window of one picture, and how it lies in the network's input."""

    picture: int
    window: Window
    box: Letterbox


@dataclass(frozen=True, slots=True)
class _Found:
    """Candidates of one window, in the picture's pixels, best first."""

    corners: NDArray[np.float32]
    scores: NDArray[np.float32]
    numbers: NDArray[np.intp]
    is_cut: NDArray[np.bool_]


class NetworkDetector:
    """One set of weights in one runtime."""

    def __init__(self, record: WeightsRecord, runtime: str, network: Network) -> None:
        self.weights = (record,)
        self.runtime = runtime
        self.thresholds = {label: record.calibrated_threshold_of(label) for label in record.labels}
        self._record = record
        self._network = network
        self._limits = np.array([record.threshold_of(label) for label in record.labels], np.float32)
        self._is_wheeler = np.array([LabelGroup.TWO_WHEELER in groups_of(label) for label in record.labels])
        self._is_person = np.array([label == "person" for label in record.labels])
        self._inputs = _inputs_of(record)

    def detect(
        self, images: Sequence[Pixels], *, frame_times_s: Sequence[float] | None = None, layout: Layout = WHOLE
    ) -> list[Detections]:
        """Claims about each upright RGB picture, in order, looked at by a layout."""
        times = _check(images, frame_times_s)
        looks = [look for number, image in enumerate(images) for look in self._plan(number, image, layout)]
        raw = self._answer(images, looks)
        found: list[list[_Found]] = [[] for _ in images]
        for look, answer in zip(looks, raw, strict=True):
            found[look.picture].append(self._read(answer, look, images[look.picture], self._limits_of(layout)))
        one_each = [self._join(windows) for windows in found]
        if layout.joins_riders:
            one_each = [self._seat_riders(one) for one in one_each]
        return [self._state(*one) for one in zip(one_each, images, times, strict=True)]

    def _answer(self, images: Sequence[Pixels], looks: Sequence[_Look]) -> list[NDArray[np.float32]]:
        """All looks at once; where memory runs out, one after the other; TemporaryError where even one is too much."""

        def fitted(some: Sequence[_Look]) -> Iterator[Pixels]:
            return (fit_pixels(_crop(images[look.picture], look.window), look.box) for look in some)

        try:
            return self._network.answer(fitted(looks))
        except Exception as fault:  # each runtime has errors of its own
            if not is_out_of_memory(fault):
                raise
        try:
            return [self._network.answer(fitted([look]))[0] for look in looks]
        except Exception as fault:  # the same
            raise no_memory() from fault

    def _limits_of(self, layout: Layout) -> NDArray[np.float32]:
        """Least scores of candidates: lower for halves that may become one figure."""
        if not layout.joins_riders:
            return self._limits
        halves = self._is_wheeler | self._is_person
        return np.where(halves, np.minimum(self._limits, self._record.riders.least_score), self._limits)

    def _plan(self, number: int, image: Pixels, layout: Layout) -> list[_Look]:
        height, width = image.shape[:2]
        whole = (0, 0, width, height)
        if layout.is_whole:
            return [_Look(number, whole, self._fit(whole, layout.input_px))]
        looks = [_Look(number, one, self._fit(one, layout.input_px)) for one in layout.windows(width, height)]
        return [*looks, _Look(number, whole, self._fit(whole, 0))]

    def _fit(self, window: Window, input_px: int) -> Letterbox:
        """Larger inputs are cut to the window's shape; the usual ones are few, so that they are compiled once."""
        width, height = window[2] - window[0], window[3] - window[1]
        if not input_px or not self._record.is_flexible:
            return plan_letterbox(width, height, *choose_input(width, height, self._inputs))
        scale = input_px / max(width, height)
        return plan_letterbox(width, height, _strides(width * scale), _strides(height * scale))

    def _read(self, raw: NDArray[np.float32], look: _Look, image: Pixels, limits: NDArray[np.float32]) -> _Found:
        """Candidates of one window in the picture's pixels; ``is_cut``: the box ends where the window does."""
        left, top, right, bottom = look.window
        corners, scores, numbers = keep_candidates(raw, limits)
        kept = suppress(corners, numbers, overlap_limit=self._record.overlap_limit)
        boxes = unfit_boxes(corners[kept], look.box, width_px=right - left, height_px=bottom - top)
        rim = 1.5 / look.box.scale
        height, width = image.shape[:2]
        is_cut = (
            ((boxes[:, 0] <= rim) & (left > 0))
            | ((boxes[:, 1] <= rim) & (top > 0))
            | ((boxes[:, 2] >= right - left - rim) & (right < width))
            | ((boxes[:, 3] >= bottom - top - rim) & (bottom < height))
        )
        return _Found(boxes + np.array([left, top, left, top], np.float32), scores[kept], numbers[kept], is_cut)

    def _join(self, found: Sequence[_Found]) -> _Found:
        """One answer about a picture: each thing once, pieces cut by a window's edge left out where the whole was seen."""
        if len(found) == 1:
            return found[0]
        corners = np.concatenate([one.corners for one in found])
        scores = np.concatenate([one.scores for one in found])
        numbers = np.concatenate([one.numbers for one in found])
        is_cut = np.concatenate([one.is_cut for one in found])
        order = np.lexsort((-scores, is_cut))  # whole things first
        kept = order[drop_cut_pieces(corners[order], numbers[order], is_cut[order])]
        kept = kept[np.argsort(-scores[kept], kind="stable")]
        kept = kept[suppress(corners[kept], numbers[kept], overlap_limit=self._record.overlap_limit)]
        return _Found(corners[kept], scores[kept], numbers[kept], is_cut[kept])

    def _seat_riders(self, found: _Found) -> _Found:
        """Two-wheelers joined with their riders, and everything else, above the limits that hold for each."""
        is_wheeler, is_person = self._is_wheeler[found.numbers], self._is_person[found.numbers]
        joined = join_riders(found.corners, found.scores, is_wheeler=is_wheeler, is_person=is_person)
        numbers = found.numbers[joined.index]
        seated = joined.scores >= np.maximum(self._record.riders.threshold, self._limits[numbers])
        rest = ~is_wheeler & (found.scores >= self._limits[found.numbers])
        return _Found(
            np.concatenate([joined.boxes[seated], found.corners[rest]]),
            np.concatenate([joined.scores[seated], found.scores[rest]]),
            np.concatenate([numbers[seated], found.numbers[rest]]),
            np.concatenate([found.is_cut[joined.index][seated], found.is_cut[rest]]),
        )

    def _state(self, found: _Found, image: Pixels, time_s: float | None) -> Detections:
        """The claims as values, with scores that are frequencies, best first."""
        height, width = image.shape[:2]
        items = tuple(
            Detection(label, self._score(label, float(score)), _as_box(corner), time_s)
            for corner, score, number in zip(found.corners, found.scores, found.numbers, strict=True)
            for label in [self._record.labels[number]]
            if corner[2] - corner[0] >= 1 and corner[3] - corner[1] >= 1
        )
        return Detections(width, height, items, time_s).with_items(items)

    def _score(self, label: str, score: float) -> float:
        return self._record.calibrated(label, min(1.0, score))


class MergedDetector:
    """Several weights that look at the same pictures, with one label set."""

    def __init__(self, parts: Sequence[NetworkDetector]) -> None:
        self.weights = tuple(record for part in parts for record in part.weights)
        self.runtime = "+".join(dict.fromkeys(part.runtime for part in parts))
        self.thresholds = {label: score for part in reversed(parts) for label, score in part.thresholds.items()}
        self.parts = tuple(parts)

    def detect(
        self, images: Sequence[Pixels], *, frame_times_s: Sequence[float] | None = None, layout: Layout = WHOLE
    ) -> list[Detections]:
        """Claims of all weights about each picture, each thing once."""
        answers = [part.detect(images, frame_times_s=frame_times_s, layout=layout) for part in self.parts]
        return [frames[0].with_items(merge_label_sets(frames)) for frames in zip(*answers, strict=True)]


def thresholds_by(records: Sequence[WeightsRecord], layout: Layout) -> dict[str, float]:
    """The least score that is told of each label when pictures are looked at by a layout."""
    told = {}
    for record in reversed(records):
        for label in record.labels:
            own = record.threshold_of(label)
            if layout.joins_riders and LabelGroup.TWO_WHEELER in groups_of(label):
                own = max(own, record.riders.threshold)
            told[label] = record.calibrated(label, own)
    return told


def _with_least_score(record: WeightsRecord, least_score: float) -> WeightsRecord:
    riders = replace(record.riders, threshold=least_score)
    return replace(record, thresholds={"default": least_score}, riders=riders)


def _inputs_of(record: WeightsRecord) -> tuple[tuple[int, int], ...]:
    """Input sizes (width, height) that a network may be compiled for; each is compiled when first needed."""
    full = record.input_px
    if not record.is_flexible:
        return ((full, full),)
    square, photo, camera = (round(full * share / STRIDE_PX) * STRIDE_PX for share in _SHORTER_SIDES)
    return (full, square), (full, photo), (full, camera), (photo, full)


def _check(images: Sequence[Pixels], frame_times_s: Sequence[float] | None) -> Sequence[float | None]:
    for image in images:
        if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3 or 0 in image.shape:
            raise InputError("A picture is RGB, 8 bits, height x width x 3.", field="image", value=image.shape)
    if frame_times_s is not None and len(frame_times_s) != len(images):
        raise InputError("Each frame needs its time.", field="frame_times_s", value=len(frame_times_s))
    return [None] * len(images) if frame_times_s is None else frame_times_s


def _as_box(corner: NDArray[np.float32]) -> tuple[float, float, float, float]:
    x_min, y_min, x_max, y_max = (float(edge) for edge in corner)
    return x_min, y_min, x_max, y_max


def _crop(image: Pixels, window: Window) -> Pixels:
    left, top, right, bottom = window
    return image[top:bottom, left:right]


def _strides(length: float) -> int:
    return max(1, -int(-length // STRIDE_PX)) * STRIDE_PX
