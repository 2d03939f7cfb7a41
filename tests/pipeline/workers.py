"""A real Celery worker in a process group of its own, on the test's database, media folder and a corner of its broker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from ops.folders import ROOT
from pipeline.queues import Queue

WAIT_S = 120.0
POLL_S = 0.01


def wait_for(told: Callable[[], object], *, what: str, seconds: float = WAIT_S, pause_s: float = 0.1) -> None:
    """Return when it is so; AssertionError after a time that even a busy machine does not need."""
    ends = time.monotonic() + seconds
    while not told():
        if time.monotonic() > ends:
            raise AssertionError(f"not within {seconds:.0f} s: {what}")
        time.sleep(pause_s)


def database_url(name: str) -> str:
    """The address of another database on the test's server."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{quote(name)}"))


def broker_url() -> str:
    """A corner of the test's broker that no other test process listens to."""
    number = int("".join(c for c in os.environ.get("PYTEST_XDIST_WORKER", "0") if c.isdigit()))
    return urlunsplit(urlsplit(os.environ["REDIS_URL"])._replace(path=f"/{8 + number % 8}"))


@dataclass(slots=True)
class RealWorker:
    """One worker of every queue, a stage at a time. Its output is in ``folder``."""

    database: str
    broker: str
    folder: Path
    starts: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        """Start it; it may not listen yet when this returns."""
        self.starts += 1
        env = os.environ | {
            "DATABASE_URL": self.database, "REDIS_URL": self.broker, "VAR_DIR": str(self.folder),
            "DATABASE_POOL_MAX": "0", "DETECTION_THREADS": "1",
        }  # fmt: skip
        queues = ",".join(queue.value for queue in Queue)
        argv = [sys.executable, "-m", "celery", "-A", "config.celery", "--quiet", "worker", "-Q", queues, "-c", "1"]
        argv += ["-n", f"test-{os.getpid()}-{self.starts}@%h", "--without-gossip", "--without-mingle"]
        argv += ["--without-heartbeat", "--loglevel=INFO"]
        with (self.folder / "worker.log").open("ab") as log:
            self.process = subprocess.Popen(
                argv, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        """SIGKILL to the worker and its children, as the kernel does when memory is short."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end, and wait."""
        self._end(signal.SIGTERM)

    def log(self) -> str:
        """What it wrote."""
        return (self.folder / "worker.log").read_text()

    def _end(self, number: signal.Signals) -> None:
        if self.process is None:
            return
        os.killpg(self.process.pid, number)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(30)
        self.process = None
