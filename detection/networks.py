"""Networks in their runtimes: fitted pictures in, raw answers out. OpenVINO on the CPU, torch on CUDA, ONNX Runtime elsewhere.

The heavy libraries are imported when a network is opened, here and nowhere else. Called by ``detector``.
"""

from __future__ import annotations

import importlib.util
import os
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from detection.letterbox import Pixels
from detection.network_faults import check_label_count, is_out_of_memory, reading
from detection.weights_record import WeightsRecord
from errors import ConfigurationError

RUNTIMES = ("auto", "openvino", "torch", "onnx")


class Network(Protocol):
    """One network in one runtime: fitted pictures in, raw answers (4 + labels, anchors) out, in order."""

    def answer(self, pictures: Iterable[Pixels]) -> list[NDArray[np.float32]]: ...


def open_network(record: WeightsRecord, runtime: str, threads: int, cache: Path | None) -> tuple[str, Network]:
    """The network of a record in the wanted runtime, or in the one this machine is best served by ("auto")."""
    chosen = choose_runtime(record) if runtime == "auto" else runtime
    openers: dict[str, Callable[[WeightsRecord, int], Network]] = {
        "openvino": partial(_OpenVinoNetwork, cache=cache),
        "torch": _TorchNetwork,
        "onnx": _OnnxNetwork,
    }
    network = openers[chosen](record, threads)
    return (network.runtime if isinstance(network, _TorchNetwork) else chosen), network


def choose_runtime(record: WeightsRecord) -> str:
    """torch where it is installed, with a CUDA device and a file for it; else the first runtime of the record."""
    has_cuda = Path("/dev/nvidiactl").exists() and importlib.util.find_spec("torch") is not None
    if "torch" in record.runtimes and has_cuda:
        return "torch"
    return next(iter(record.runtimes), "openvino")


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
            # processors with 16-bit floats would use these for what is not in 8 bits, at 0.015 of mAP
            "INFERENCE_PRECISION_HINT": "f32",
        }
        if cache is not None:
            cache.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._config["CACHE_DIR"] = str(cache)
        self._queues: dict[tuple[int, ...], Any] = {}
        self._lock = threading.Lock()
        with reading(self._xml):
            answer = self._core.read_model(self._xml).output(0).get_partial_shape()
        check_label_count(answer[1].get_length() - 4, len(record.labels), self._xml)

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
        with reading(path):
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
        with reading(path):
            self._network = ultralytics.YOLO(str(path)).model.fuse().eval().to(self._device)
        known = tuple(self._network.names[number] for number in range(len(self._network.names)))
        check_label_count(len(known), len(record.labels), path)
        if known != record.labels:
            raise ConfigurationError(
                "The weights have another label set than their record.",
                field="weights",
                value=path,
                cure="The record is of another file: export the weights anew, or restore both from the repository.",
            )
        self._lock = threading.Lock()

    def answer(self, pictures: Iterable[Pixels]) -> list[NDArray[np.float32]]:
        """Raw answers in order."""
        with self._lock, self._torch.inference_mode(), ThreadPoolExecutor(1) as ahead:
            prepared = ahead.map(lambda picture: np.ascontiguousarray(picture.transpose(2, 0, 1)[None]), pictures)
            return [self._answer_surely(one) for one in prepared]

    @property
    def runtime(self) -> str:
        """torch, with what it computes on."""
        return f"torch-{self._device}"

    def _answer_surely(self, picture: Pixels) -> NDArray[np.float32]:
        """On the graphics card while its memory lasts; from then on the processor, which is slower but goes on."""
        try:
            return self._answer_one(picture)
        except RuntimeError as fault:
            if self._device == "cpu" or not is_out_of_memory(fault):
                raise
            self._torch.cuda.empty_cache()
            self._device = "cpu"
            self._network.to("cpu")
            return self._answer_one(picture)

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
