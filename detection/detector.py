"""The one door to the networks: pictures in, claims out. Runs OpenVINO on the CPU, torch on CUDA, ONNX Runtime elsewhere.

``open_detector`` is called once per process (``detection.default_detector``); a Detector may be used by several threads.
A double for tests is ``detection.fake_detector``.
"""

from __future__ import annotations

import importlib.util
import os
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from detection.detections import Detection, Detections
from detection.letterbox import Letterbox, Pixels, choose_input, fit_pixels, plan_letterbox, unfit_boxes
from detection.suppression import keep_candidates, merge_label_sets, suppress
from detection.weights_record import WEIGHTS_FOLDER, WeightsRecord, read_record
from errors import ConfigurationError, InputError

RUNTIMES = ("auto", "openvino", "torch", "onnx")
_SHORTER_SIDES = (
    1.0,
    0.8,
    0.65,
)  # square; 4:3 photographs and 16:9 cameras, with a rim: without it, edges are seen worse
_STRIDE_PX = 32


class Detector(Protocol):
    """Something that looks at pictures. ``weights`` and ``thresholds`` are kept with every run so it can be replayed."""

    @property
    def weights(self) -> tuple[WeightsRecord, ...]: ...

    @property
    def runtime(self) -> str: ...

    @property
    def thresholds(self) -> dict[str, float]: ...

    def detect(self, images: Sequence[Pixels], *, frame_times_s: Sequence[float] | None = None) -> list[Detections]:
        """Claims about each upright RGB picture, in order."""
        ...


class Network(Protocol):
    """One network in one runtime: fitted pictures in, raw answers (4 + labels, anchors) out, in order."""

    def answer(self, pictures: Iterable[Pixels]) -> list[NDArray[np.float32]]: ...


def open_detector(
    weights_name: str | Sequence[str],
    runtime: str = "auto",
    *,
    threads: int = 0,
    least_score: float | None = None,
    folder: Path = WEIGHTS_FOLDER,
    cache: Path | None = None,
) -> Detector:
    """A detector for one name, or one that asks several weights and merges their label sets.

    ``threads`` 0 takes every core; ``least_score`` replaces the thresholds of the records (evaluation); ``cache`` is a
    folder of ours where compiled networks wait for the next process (they start in a third of the time).
    Raises ConfigurationError for unknown, missing or altered weights, and for a runtime that is not installed.
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
    records = [read_record(name, folder) for name in names]
    if least_score is not None:
        records = [replace(record, thresholds={"default": least_score}) for record in records]
    parts = tuple(_open_one(record, runtime, threads or os.cpu_count() or 1, cache) for record in records)
    return parts[0] if len(parts) == 1 else MergedDetector(parts)


class NetworkDetector:
    """One set of weights in one runtime."""

    def __init__(self, record: WeightsRecord, runtime: str, network: Network) -> None:
        self.weights = (record,)
        self.runtime = runtime
        self.thresholds = {label: record.threshold_of(label) for label in record.labels}
        self._record = record
        self._network = network
        self._limits = np.array([self.thresholds[label] for label in record.labels], np.float32)
        self._inputs = _inputs_of(record)

    def detect(self, images: Sequence[Pixels], *, frame_times_s: Sequence[float] | None = None) -> list[Detections]:
        """Claims about each upright RGB picture, in order."""
        times = _check(images, frame_times_s)
        boxes = [self._plan(image) for image in images]
        raw = self._network.answer(fit_pixels(image, box) for image, box in zip(images, boxes, strict=True))
        return [self._read(*one) for one in zip(raw, images, boxes, times, strict=True)]

    def _plan(self, image: Pixels) -> Letterbox:
        height, width = image.shape[:2]
        return plan_letterbox(width, height, *choose_input(width, height, self._inputs))

    def _read(self, raw: NDArray[np.float32], image: Pixels, box: Letterbox, time_s: float | None) -> Detections:
        height, width = image.shape[:2]
        corners, scores, numbers = keep_candidates(raw, self._limits)
        kept = suppress(corners, numbers, overlap_limit=self._record.overlap_limit)
        found = unfit_boxes(corners[kept], box, width_px=width, height_px=height)
        items = tuple(
            Detection(self._record.labels[numbers[index]], min(1.0, float(scores[index])), _as_box(corner), time_s)
            for index, corner in zip(kept, found, strict=True)
            if corner[2] - corner[0] >= 1 and corner[3] - corner[1] >= 1
        )
        return Detections(width, height, items, time_s)


class MergedDetector:
    """Several weights that look at the same pictures, with one label set."""

    def __init__(self, parts: Sequence[NetworkDetector]) -> None:
        self.weights = tuple(record for part in parts for record in part.weights)
        self.runtime = "+".join(dict.fromkeys(part.runtime for part in parts))
        self.thresholds = {label: score for part in reversed(parts) for label, score in part.thresholds.items()}
        self._parts = tuple(parts)

    def detect(self, images: Sequence[Pixels], *, frame_times_s: Sequence[float] | None = None) -> list[Detections]:
        """Claims of all weights about each picture, each thing once."""
        answers = [part.detect(images, frame_times_s=frame_times_s) for part in self._parts]
        return [frames[0].with_items(merge_label_sets(frames)) for frames in zip(*answers, strict=True)]


def _open_one(record: WeightsRecord, runtime: str, threads: int, cache: Path | None) -> NetworkDetector:
    chosen = _choose_runtime(record) if runtime == "auto" else runtime
    openers: dict[str, Callable[[WeightsRecord, int], Network]] = {
        "openvino": partial(_OpenVinoNetwork, cache=cache),
        "torch": _TorchNetwork,
        "onnx": _OnnxNetwork,
    }
    return NetworkDetector(record, chosen, openers[chosen](record, threads))


def _choose_runtime(record: WeightsRecord) -> str:
    """torch where it is installed, with a CUDA device and a file for it; else the first runtime of the record."""
    has_cuda = Path("/dev/nvidiactl").exists() and importlib.util.find_spec("torch") is not None
    if "torch" in record.runtimes and has_cuda:
        return "torch"
    return next(iter(record.runtimes), "openvino")


def _inputs_of(record: WeightsRecord) -> tuple[tuple[int, int], ...]:
    """Input sizes (width, height) that a network may be compiled for; each is compiled when first needed."""
    full = record.input_px
    if not record.is_flexible:
        return ((full, full),)
    square, photo, camera = (round(full * share / _STRIDE_PX) * _STRIDE_PX for share in _SHORTER_SIDES)
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


class _OpenVinoNetwork:
    """Weights compiled for the CPU, once per input size; pictures are prepared while earlier ones are looked at."""

    def __init__(self, record: WeightsRecord, threads: int, cache: Path | None = None) -> None:
        os.environ.setdefault("OPENVINO_TELEMETRY_OPT_OUT", "1")
        try:
            import openvino
        except ImportError as missing:
            raise _not_installed("openvino", "requirements/base.txt") from missing
        paths = record.open_files("openvino")
        self._openvino = openvino
        self._core = openvino.Core()
        self._xml = next(path for path in paths if path.suffix == ".xml")
        self._is_flexible = record.is_flexible
        self._config: dict[str, object] = {
            "PERFORMANCE_HINT": "THROUGHPUT",
            "INFERENCE_NUM_THREADS": threads,
            "NUM_STREAMS": min(2, threads),
        }
        if cache is not None:
            cache.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._config["CACHE_DIR"] = str(cache)
        self._queues: dict[tuple[int, ...], Any] = {}
        self._lock = threading.Lock()

    def answer(self, pictures: Iterable[Pixels]) -> list[NDArray[np.float32]]:
        """Raw answers in order. One call at a time: OpenVINO uses all threads for it."""
        answers: dict[int, NDArray[np.float32]] = {}
        with self._lock:
            used = set()
            for number, picture in enumerate(pictures):
                queue = self._queue_for(picture.shape[:2])
                used.add(picture.shape[:2])
                queue.start_async({0: picture[None]}, (number, answers))
            for shape in used:
                self._queues[shape].wait_all()
        return [answers[number] for number in range(len(answers))]

    def _queue_for(self, shape: tuple[int, ...]) -> Any:
        if shape not in self._queues:
            queue = self._openvino.AsyncInferQueue(self._core.compile_model(self._prepare(shape), "CPU", self._config))
            queue.set_callback(_keep_answer)
            self._queues[shape] = queue
        return self._queues[shape]

    def _prepare(self, shape: tuple[int, ...]) -> Any:
        """The network with 8-bit RGB rows as its input; scaling and reordering become part of it."""
        network = self._core.read_model(self._xml)
        if self._is_flexible:
            network.reshape([1, 3, *shape])
        steps = self._openvino.preprocess.PrePostProcessor(network)
        steps.input().tensor().set_element_type(self._openvino.Type.u8).set_layout(self._openvino.Layout("NHWC"))
        steps.input().model().set_layout(self._openvino.Layout("NCHW"))
        steps.input().preprocess().convert_element_type(self._openvino.Type.f32).scale(255.0)
        return steps.build()


def _keep_answer(request: Any, kept: tuple[int, dict[int, NDArray[np.float32]]]) -> None:
    number, answers = kept
    answers[number] = np.array(request.get_output_tensor(0).data[0])


class _OnnxNetwork:
    """Weights in ONNX Runtime: the portable form."""

    def __init__(self, record: WeightsRecord, threads: int) -> None:
        try:
            import onnxruntime
        except ImportError as missing:
            raise _not_installed("onnxruntime", "requirements/train.txt") from missing
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        path = record.open_files("onnx")[0]
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name

    def answer(self, pictures: Iterable[Pixels]) -> list[NDArray[np.float32]]:
        """Raw answers in order."""
        prepared = (picture.transpose(2, 0, 1)[None].astype(np.float32) / 255 for picture in pictures)
        return [np.asarray(self._session.run(None, {self._input: one})[0][0], np.float32) for one in prepared]


class _TorchNetwork:
    """Weights in torch as ultralytics keeps them; on a CUDA device where there is one."""

    def __init__(self, record: WeightsRecord, threads: int) -> None:
        from detection.quiet_ultralytics import load_ultralytics

        path = record.open_files("torch")[0]
        ultralytics = load_ultralytics(threads=threads)
        import torch

        self._torch = torch
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._network = ultralytics.YOLO(str(path)).model.fuse().eval().to(self._device)
        known = tuple(self._network.names[number] for number in range(len(self._network.names)))
        if known != record.labels:
            raise ConfigurationError(
                "The weights have another label set than their record.", field="weights", value=path
            )
        self._lock = threading.Lock()

    def answer(self, pictures: Iterable[Pixels]) -> list[NDArray[np.float32]]:
        """Raw answers in order."""
        with self._lock, self._torch.inference_mode(), ThreadPoolExecutor(1) as ahead:
            prepared = ahead.map(lambda picture: np.ascontiguousarray(picture.transpose(2, 0, 1)[None]), pictures)
            return [self._answer_one(one) for one in prepared]

    def _answer_one(self, picture: Pixels) -> NDArray[np.float32]:
        given = self._torch.from_numpy(picture).to(self._device).float().div_(255)
        answer = self._network(given)
        first = answer[0] if isinstance(answer, (list, tuple)) else answer
        return np.asarray(first[0].float().cpu().numpy(), np.float32)


def _not_installed(runtime: str, requirements: str) -> ConfigurationError:
    return ConfigurationError(
        f"The runtime {runtime} is not installed here.",
        field="DETECTION_RUNTIME",
        value=runtime,
        cure=f"Install {requirements}, or choose another runtime.",
    )
