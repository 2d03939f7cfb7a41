"""The detector and the redactor of this process, opened once from the settings and shared by its threads.

A process that works for a city follows what people decide about weights (``follow``): after a promotion or a roll-back it opens
the other weights by itself. What goes wrong with the detector is told in words to whoever asked to hear of it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from detection.detections import Detections
from detection.detector import Detector, open_detector
from detection.weights_record import read_record
from errors import ProjectError

if TYPE_CHECKING:
    from config.env import Environment
    from detection.redaction import Redactor

FACE_WEIGHTS = "face-yunet"
PLATE_WEIGHTS = "plate-yolov8n"
FOLLOW_EVERY_S = 20.0
_USUAL_SHAPES = ((1440, 1920, 3), (1920, 1440, 3), (1080, 1920, 3))


@dataclass(frozen=True, slots=True)
class Following:
    """Where the names of the weights come from, and who hears how it went (the names, the runtime, the fault or None)."""

    names: Callable[[], tuple[str, ...]]
    hears: Callable[[tuple[str, ...], str, ProjectError | None], None]


_lock = threading.RLock()
_detectors: list[Detector] = []
_redactors: list[Redactor] = []
_following: list[Following] = []
_asked_s = [float("-inf")]
_names: list[tuple[str, ...]] = []
_doubles = [False]


def get_default_detector() -> Detector:
    """The detector of the weights at work (``DETECTION_WEIGHTS``, ``DETECTION_RUNTIME``, ``DETECTION_THREADS``).

    ConfigurationError says what the operator must cure.
    """
    with _lock:
        if not _doubles[0]:
            _keep_up()
        if not _detectors:
            _detectors.append(_open_and_tell(_wanted_names()))
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
        _doubles[0] = detector is not None
        _detectors[:] = [] if detector is None else [detector]


def follow(following: Following) -> None:
    """From now on take the names of the weights from there, asked again every 20 s at most."""
    with _lock:
        _following[:] = [following]


def _keep_up() -> None:
    """Forget the opened detector when other weights were put to work."""
    if not _following or time.monotonic() - _asked_s[0] < FOLLOW_EVERY_S:
        return
    _asked_s[0] = time.monotonic()
    names = _following[0].names()
    if names != _wanted_names():
        _names[:] = [names]
        _detectors.clear()


def _wanted_names() -> tuple[str, ...]:
    return _names[0] if _names else tuple(_settings().detection.weights)


def _open_and_tell(names: tuple[str, ...]) -> Detector:
    try:
        detector = _open(*names)
    except ProjectError as fault:
        _tell(names, "", fault)
        raise
    _tell(names, detector.runtime, None)
    return detector


def _tell(names: tuple[str, ...], runtime: str, fault: ProjectError | None) -> None:
    if _following:
        _following[0].hears(names, runtime, fault)


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
