"""Keeps a process's detector in step with what people decide about weights, and the health page told. Called before looking."""

from __future__ import annotations

import structlog
from django.conf import settings
from django.db import DatabaseError

from detection.actions import note_state
from detection.default_detector import Following, follow
from detection.queries import list_weights_in_use
from errors import ProjectError

log = structlog.get_logger("detector")
_names: list[tuple[str, ...]] = []


def keep_up() -> None:
    """From now on this process runs the weights at work, and says how that goes."""
    follow(_FOLLOWING)


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
            note_state(ok=True, weights=names, runtime=runtime)
        else:
            note_state(ok=False, says=str(fault.message), cure=fault.cure, weights=names)
    except DatabaseError as silent:
        log.warning("state_not_told", error=type(silent).__name__)


_FOLLOWING = Following(_names_in_use, tell)
