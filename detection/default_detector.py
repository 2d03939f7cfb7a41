"""The detector of this process, opened once from the settings and shared by its threads."""

from __future__ import annotations

import threading

from detection.detector import Detector, open_detector

_lock = threading.Lock()
_opened: list[Detector] = []


def get_default_detector() -> Detector:
    """The detector that the settings name (``DETECTION_WEIGHTS``, ``DETECTION_RUNTIME``, ``DETECTION_THREADS``).

    The first call opens and warms nothing else than the files; ConfigurationError says what the operator must cure.
    """
    with _lock:
        if not _opened:
            from django.conf import settings

            wanted = settings.ENV.detection
            _opened.append(open_detector(wanted.weights, wanted.runtime, threads=wanted.threads))
        return _opened[0]


def use_detector(detector: Detector | None) -> None:
    """Put another detector (a double, say) in place of this process's one; None forgets it."""
    with _lock:
        _opened[:] = [] if detector is None else [detector]
