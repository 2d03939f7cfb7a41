"""Keeps the programs of a running copy alive: starts them, restarts what dies (with growing pauses), stops all in order.

Each program writes to ``VAR_DIR/logs/<name>.log``. Nothing outlives us: see ``processes``.
"""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ops.folders import ROOT, Folders
from ops.processes import ProcessId, identify, kill_group, signal_process, spawn, stop_process
from ops.programs import Program
from ops.words import say

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
SETTLED_AFTER_S = 60.0
LOG_LIMIT_BYTES = 20_000_000


@dataclass(slots=True)
class _Kept:
    """One program and its present process. ``pause_s`` grows while it keeps dying young."""

    program: Program
    child: subprocess.Popen[bytes] | None = None
    process: ProcessId | None = None
    started_at: float = 0.0
    start_again_at: float = 0.0
    pause_s: float = FIRST_PAUSE_S
    deaths: int = 0


@dataclass(slots=True)
class Supervisor:
    """``on_change`` is called whenever a pid changed."""

    folders: Folders
    environment: Mapping[str, str]
    on_change: Callable[[], None]
    _kept: list[_Kept] = field(default_factory=list)

    def start(self, programs: Sequence[Program]) -> None:
        """Start programs and keep them alive from now on."""
        for program in programs:
            kept = _Kept(program)
            rotate_log(self.log_of(program.name))
            self._launch(kept)
            self._kept.append(kept)
        self.on_change()

    @property
    def processes(self) -> dict[str, ProcessId]:
        return {kept.program.name: kept.process for kept in self._kept if kept.process}

    def log_of(self, name: str) -> Path:
        return self.folders.logs / f"{name}.log"

    def deaths_of(self, name: str) -> int:
        """How often a program ended by itself since its start."""
        return next((kept.deaths for kept in self._kept if kept.program.name == name), 0)

    def check(self) -> None:
        """Note who died and start again whose pause is over. Called several times a second."""
        now = time.monotonic()
        for kept in self._kept:
            if kept.child is not None and kept.child.poll() is not None:
                self._note_death(kept, now)
            if kept.child is None and now >= kept.start_again_at:
                self._launch(kept)
                say(f"  {kept.program.name} runs again (pid {kept.process.pid if kept.process else '?'})")
                self.on_change()

    def stop(self) -> None:
        """Ask all to end at once, wait for each, kill what does not."""
        running = [kept for kept in self._kept if kept.process]
        for kept in running:
            if kept.process:
                signal_process(kept.process, signal.SIGTERM)
        for kept in running:
            if kept.process:
                self._wait(kept)
        self._kept.clear()

    def _launch(self, kept: _Kept) -> None:
        program = kept.program
        env = {**self.environment, **dict(program.settings)}
        kept.child = spawn(program.argv, log=self.log_of(program.name), env=env, cwd=ROOT)
        kept.process = identify(kept.child.pid)
        kept.started_at = time.monotonic()

    def _note_death(self, kept: _Kept, now: float) -> None:
        """Remember the death, kill what is left of its session, and choose when to start it again."""
        if kept.child is None:
            return
        code, kept.deaths = kept.child.returncode, kept.deaths + 1
        kill_group(kept.child.pid)
        kept.child, kept.process = None, None
        if now - kept.started_at > SETTLED_AFTER_S:
            kept.pause_s = FIRST_PAUSE_S
        kept.start_again_at = now + kept.pause_s
        say(
            f"  {kept.program.name} ended ({_how(code)}); again in {kept.pause_s:g} s. See {self.log_of(kept.program.name)}"
        )
        kept.pause_s = min(kept.pause_s * 2, LONGEST_PAUSE_S)

    def _wait(self, kept: _Kept) -> None:
        """Reap the child ourselves, or it would stay a zombie."""
        if kept.child is None or kept.process is None:
            return
        try:
            kept.child.wait(kept.program.stop_timeout_s)
        except subprocess.TimeoutExpired:
            say(f"  {kept.program.name} did not end in {kept.program.stop_timeout_s:.0f} s: killed")
            stop_process(kept.process, timeout_s=0.0)
            kept.child.wait()
        kill_group(kept.child.pid)


def rotate_log(path: Path) -> None:
    """Set a log aside when it has grown large; one old copy is kept."""
    if path.exists() and path.stat().st_size > LOG_LIMIT_BYTES:
        path.replace(path.with_suffix(".log.1"))


def _how(code: int) -> str:
    return f"killed by signal {-code}" if code < 0 else f"exit code {code}"
