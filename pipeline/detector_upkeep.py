"""Keeps a process's detector in step with what people decide about weights, and the health page told. Called before looking."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.conf import settings
from django.db import DatabaseError

from detection.actions import note_state
from detection.default_detector import Following, follow, get_default_detector
from detection.queries import list_weights_in_use
from errors import ConfigurationError, ProjectError, TemporaryError

log = structlog.get_logger("detector")
_names: list[tuple[str, ...]] = []
_is_failing = [False]
_OF_DETECTOR = frozenset({"weights", "memory", "record", "DETECTION_WEIGHTS", "DETECTION_RUNTIME"})


def keep_up() -> None:
    """From now on this process runs the weights at work, and says how that goes."""
    follow(_FOLLOWING)


@contextmanager
def telling() -> Iterator[None]:
    """Whatever goes wrong while a detector looks is told on the health page, and that it works again."""
    try:
        yield
    except (ConfigurationError, TemporaryError) as fault:
        if fault.field in _OF_DETECTOR:
            _is_failing[0] = True
            tell(_names_in_use(), "", fault)
        raise
    if _is_failing[0]:
        _is_failing[0] = False
        detector = get_default_detector()
        tell(tuple(record.name for record in detector.weights), detector.runtime, None)


def _names_in_use() -> tuple[str, ...]:
    """The names at work; while the database does not answer, those known last."""
    try:
        _names[:] = [list_weights_in_use(settings.ENV.detection.weights)]
    except DatabaseError as silent:
        log.warning("weights_not_asked", error=type(silent).__name__)
    return _names[0] if _names else tuple(settings.ENV.detection.weights)


def tell(names: tuple[str, ...], runtime: str, fault: ProjectError | None) -> None:
    """How the detector is, in words, for the health page; telling must not stop the work."""
    try:
        if fault is None:
            note_state(ok=True, says=_remark(runtime), weights=names, runtime=runtime)
        else:
            note_state(ok=False, says=str(fault.message), cure=fault.cure, weights=names)
    except DatabaseError as silent:
        log.warning("state_not_told", error=type(silent).__name__)


def lacks_card(runtime: str) -> bool:
    """Whether a graphics card was asked for (``DETECTION_RUNTIME=torch``) and the processor computes instead."""
    return settings.ENV.detection.runtime == "torch" and "torch-cpu" in runtime


def _remark(runtime: str) -> str:
    """What the operator should know of a detector that works."""
    if lacks_card(runtime):
        return "DETECTION_RUNTIME asks for torch, but there is no CUDA device: it computes on the processor, slowly."
    return ""


_FOLLOWING = Following(_names_in_use, tell)
