"""How the detector of this process is, for the health page: one row a process, written over."""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence

from django.utils import timezone

from detection.models import DetectorState


def note_state(*, ok: bool, says: str = "", cure: str = "", weights: Sequence[str] = (), runtime: str = "") -> None:
    """State in words what this process's detector runs, or what went wrong and what to do."""
    DetectorState.objects.update_or_create(
        process=f"{socket.gethostname()}:{os.getpid()}",
        defaults={
            "ok": ok,
            "says": says,
            "cure": cure,
            "weights": list(weights),
            "runtime": runtime[:60],
            "seen_at": timezone.now(),
        },
    )
