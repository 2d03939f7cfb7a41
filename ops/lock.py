"""One running copy per VAR_DIR: whoever holds the lock file runs it; the kernel drops the lock when that one dies."""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import asdict
from pathlib import Path

from ops.processes import ProcessId, identify


class CopyLock:
    """The lock of one VAR_DIR. ``take`` is true for one process at a time; it is let go when that process ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def take(self) -> bool:
        """Become the one that runs this copy; False when another already does."""
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        os.ftruncate(handle, 0)
        me = identify(os.getpid())
        if me:
            os.write(handle, json.dumps(asdict(me)).encode())
        self._handle = handle
        return True

    def give_back(self) -> None:
        """Let another take it."""
        if self._handle is not None:
            os.ftruncate(self._handle, 0)
            os.close(self._handle)
            self._handle = None


def find_holder(path: Path) -> ProcessId | None:
    """The process that runs this copy now, or None."""
    try:
        holder = ProcessId(**json.loads(path.read_text()))
    except (OSError, ValueError, TypeError):
        return None
    return holder if holder.is_alive() else None
