"""The detector and the redactor of this process, opened once from the settings and shared by its threads."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np

from detection.detections import Detections
from detection.detector import Detector, open_detector
from detection.weights_record import read_record

if TYPE_CHECKING:
    from config.env import Environment
    from detection.redaction import Redactor

FACE_WEIGHTS = "face-yunet"
PLATE_WEIGHTS = "plate-yolov8n"
_USUAL_SHAPES = ((1440, 1920, 3), (1920, 1440, 3), (1080, 1920, 3))

_lock = threading.RLock()
_detectors: list[Detector] = []
_redactors: list[Redactor] = []


def get_default_detector() -> Detector:
    """The detector that the settings name (``DETECTION_WEIGHTS``, ``DETECTION_RUNTIME``, ``DETECTION_THREADS``).

    ConfigurationError says what the operator must cure.
    """
    with _lock:
        if not _detectors:
            _detectors.append(_open(*_settings().detection.weights))
        return _detectors[0]


def get_default_redactor() -> Redactor:
    """The redactor of this process, with the committed face and plate weights."""
    from detection.redaction import Redactor

    with _lock:
        if not _redactors:
            _redactors.append(Redactor(plates=_open(PLATE_WEIGHTS), faces=read_record(FACE_WEIGHTS)))
        return _redactors[0]


def warm_up() -> None:
    """Compile the networks for the usual shapes of pictures, so that the first photo waits no longer than the next."""
    for shape in _USUAL_SHAPES:
        get_default_detector().detect([np.full(shape, 114, np.uint8)])
    height, width, _ = _USUAL_SHAPES[0]
    get_default_redactor().redact_frame(np.full(_USUAL_SHAPES[0], 114, np.uint8), Detections(width, height))


def use_detector(detector: Detector | None) -> None:
    """Put another detector (a double, say) in place of this process's one; None forgets it."""
    with _lock:
        _detectors[:] = [] if detector is None else [detector]


def _open(*names: str) -> Detector:
    wanted = _settings()
    runtime = wanted.detection.runtime if names != (PLATE_WEIGHTS,) else "openvino"
    return open_detector(
        names, runtime, threads=wanted.detection.threads, cache=wanted.storage.var_dir / "compiled_weights"
    )


def _settings() -> Environment:
    from django.conf import settings

    env: Environment = settings.ENV
    return env
