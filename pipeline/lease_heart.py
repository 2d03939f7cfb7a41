"""Keeps a runner's leases alive in a thread that does nothing else: no slow camera, set-up or detector lets them run out."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from django.db import Error as DatabaseError
from django.db import close_old_connections

from pipeline.camera_leases import HEART_S, TTL_S, Grant, renew

log = structlog.get_logger("cameras")


@dataclass(slots=True)
class LeaseHeart:
    """Renews what ``grants`` lists every ``HEART_S``; tells ``lost`` which cameras are ours no more, and why.

    A silent database is waited for within the leases' time; then all are lost, since another may hold them by now.
    """

    holder: str
    grants: Callable[[], list[Grant]]
    lost: Callable[[set[int], str], None]
    stopping: threading.Event = field(default_factory=threading.Event)
    _renewed_s: float = field(default_factory=time.monotonic)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin."""
        self._thread = threading.Thread(target=self._run, name="leases", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after the renewal at hand."""
        self.stopping.set()
        if self._thread is not None:
            self._thread.join(HEART_S + 1)

    def _run(self) -> None:
        while not self.stopping.wait(HEART_S):
            try:
                self.beat_once()
            finally:
                close_old_connections()

    def beat_once(self) -> None:
        """One renewal of all."""
        grants = self.grants()
        try:
            held = renew(self.holder, grants)
        except DatabaseError as error:
            log.warning("database_silent", error=type(error).__name__)
            if grants and time.monotonic() - self._renewed_s > TTL_S:
                self.lost({grant.camera_id for grant in grants}, "database_silent")
            return
        self._renewed_s = time.monotonic()
        gone = {grant.camera_id for grant in grants} - held
        if gone:
            self.lost(gone, "lease_lost")
