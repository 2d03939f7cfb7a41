"""Processes that we start, know again, and stop: by their own pid and start time, never by name.

A pid alone may be reused after a crash or a power cut; pid plus the kernel's start tick is one process for ever.
Every child dies with its parent (Linux PR_SET_PDEATHSIG), so a killed supervisor leaves nothing behind.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ops.words import Stop

_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1
POLL_S = 0.05


@dataclass(frozen=True, slots=True)
class ProcessId:
    """One process for ever: its pid and the clock tick (since boot) of its start, plus the boot it belongs to."""

    pid: int
    started_tick: int
    boot: str

    def is_alive(self) -> bool:
        """False also for a zombie, another process with the same pid, or one of an earlier boot."""
        return self.boot == boot_id() and read_start_tick(self.pid) == self.started_tick


def boot_id() -> str:
    """The kernel's random name of this boot."""
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def read_start_tick(pid: int) -> int | None:
    """Clock tick at which ``pid`` started; None when there is no such process, or only its zombie."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = text.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else int(fields[19])


def identify(pid: int) -> ProcessId | None:
    """The lasting identity of a running pid, or None when it does not run."""
    tick = read_start_tick(pid)
    return None if tick is None else ProcessId(pid, tick, boot_id())


def _child_setup(death_signal: signal.Signals | None) -> Callable[[], None]:
    parent = os.getpid()

    def prepare() -> None:
        if death_signal is not None:
            die_with_parent(death_signal)
            if os.getppid() != parent:
                os._exit(1)

    return prepare


def die_with_parent(number: signal.Signals) -> None:
    """Ask the kernel to send us ``number`` when the process that started us dies."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)


def spawn(
    argv: Sequence[str],
    *,
    log: Path,
    env: Mapping[str, str],
    cwd: Path,
    death_signal: signal.Signals | None = signal.SIGTERM,
    user: str | None = None,
) -> subprocess.Popen[bytes]:
    """Start a process in its own session, its output appended to ``log``.

    ``death_signal`` is what the kernel sends it when we die; None lets it live on. ``user`` needs root.
    Must be called from the main thread: the kernel ties the death signal to the thread that started the child.
    """
    account = pwd.getpwnam(user) if user else None
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(
            list(argv),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(env),
            cwd=cwd,
            start_new_session=True,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
            preexec_fn=_child_setup(death_signal),
        )


def signal_process(who: ProcessId, number: signal.Signals) -> None:
    """Send a signal to exactly this process; nothing happens when it is gone."""
    if who.is_alive():
        try:
            os.kill(who.pid, number)
        except ProcessLookupError:
            return


def kill_group(leader: int) -> None:
    """Kill what is left of the session of a process we started (``leader`` is its pid)."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def wait_gone(who: ProcessId, timeout_s: float) -> bool:
    """True as soon as the process has ended, False when it still runs after ``timeout_s``."""
    ends = time.monotonic() + timeout_s
    while who.is_alive():
        if time.monotonic() > ends:
            return False
        time.sleep(POLL_S)
    return True


def stop_process(who: ProcessId, *, number: signal.Signals = signal.SIGTERM, timeout_s: float = 20.0) -> None:
    """Ask a process to end, wait, then kill it and the rest of its session."""
    signal_process(who, number)
    if not wait_gone(who, timeout_s):
        signal_process(who, signal.SIGKILL)
        if not wait_gone(who, 5.0):
            raise Stop(f"Process {who.pid} does not end, not even when killed. Restart the machine.")
    kill_group(who.pid)
