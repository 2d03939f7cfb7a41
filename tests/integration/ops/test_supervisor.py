"""Programs are kept alive, nothing outlives us, and leftovers of a crash are found again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ops.folders import ROOT, Folders
from ops.lock import CopyLock, find_holder
from ops.processes import ProcessId, identify, stop_process, wait_gone
from ops.programs import Program
from ops.record import sweep_leftovers, write_processes
from ops.supervisor import Supervisor

PATIENCE_S = 15.0
SLEEPER = Program("sleeper", (sys.executable, "-c", "import time; time.sleep(600)"))
STUBBORN = Program(
    "stubborn",
    (sys.executable, "-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"),
    stop_timeout_s=0.5,
)


def _until(true: Callable[[], bool]) -> None:
    ends = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < ends, "waited in vain"
        time.sleep(0.05)


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path)


@pytest.fixture
def supervisor(folders: Folders) -> Iterator[Supervisor]:
    noted: list[int] = []
    kept = Supervisor(folders, dict(os.environ), lambda: noted.append(1))
    yield kept
    kept.stop()


def test_a_killed_program_runs_again_under_a_new_pid(supervisor: Supervisor) -> None:
    supervisor.start([SLEEPER])
    first = supervisor.processes["sleeper"]
    os.kill(first.pid, signal.SIGKILL)

    def runs_again() -> bool:
        supervisor.check()
        now = supervisor.processes.get("sleeper")
        return now is not None and now != first

    _until(runs_again)
    assert supervisor.deaths_of("sleeper") == 1


def test_a_program_that_keeps_dying_is_started_ever_more_rarely(supervisor: Supervisor) -> None:
    supervisor.start([Program("broken", (sys.executable, "-S", "-c", "raise SystemExit(3)"))])
    ends = time.monotonic() + 3.0
    while time.monotonic() < ends:
        supervisor.check()
        time.sleep(0.02)
    assert 1 <= supervisor.deaths_of("broken") <= 3


@pytest.mark.parametrize("program", [SLEEPER, STUBBORN], ids=["willing", "deaf"])
def test_stopping_leaves_no_process(supervisor: Supervisor, program: Program) -> None:
    supervisor.start([program])
    process = supervisor.processes[program.name]
    time.sleep(0.3)
    supervisor.stop()
    assert not process.is_alive()


def test_children_die_with_a_killed_supervisor(tmp_path: Path) -> None:
    code = (
        "import os, sys, time; from pathlib import Path; from ops.processes import spawn;"
        "child = spawn([sys.executable, '-c', 'import time; time.sleep(600)'], log=Path(sys.argv[1]) / 'log',"
        " env=dict(os.environ), cwd=Path('/'));"
        "print(child.pid, flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        child = identify(int(parent.stdout.readline()))
        assert child and child.is_alive()
        parent.kill()
        parent.wait()
        assert wait_gone(child, PATIENCE_S)


def test_leftovers_of_a_crash_are_stopped_but_never_a_stranger(folders: Folders) -> None:
    with (
        subprocess.Popen(["sleep", "600"], start_new_session=True) as ours,
        subprocess.Popen(["sleep", "600"], start_new_session=True) as stranger,
    ):
        left, other = identify(ours.pid), identify(stranger.pid)
        assert left and other
        reused = ProcessId(other.pid, other.started_tick - 1, other.boot)
        write_processes(folders, {"web": left, "beat": reused})
        assert sweep_leftovers(folders) == 1
        assert not left.is_alive() and other.is_alive()
        assert sweep_leftovers(folders) == 0
        stop_process(other)


def test_a_pid_of_an_earlier_boot_is_not_alive() -> None:
    me = identify(os.getpid())
    assert me and me.is_alive()
    assert not ProcessId(me.pid, me.started_tick, "another boot").is_alive()


def test_one_copy_per_folder_and_the_lock_falls_with_its_holder(folders: Folders) -> None:
    first, second = CopyLock(folders.lock), CopyLock(folders.lock)
    assert first.take()
    assert not second.take()
    holder = find_holder(folders.lock)
    assert holder and holder.pid == os.getpid()
    first.give_back()
    assert second.take()
    second.give_back()
    assert find_holder(folders.lock) is None


def test_a_lock_file_left_by_a_dead_process_holds_nothing(folders: Folders) -> None:
    folders.lock.write_text(json.dumps({"pid": os.getpid(), "started_tick": 1, "boot": "x"}))
    assert find_holder(folders.lock) is None
    lock = CopyLock(folders.lock)
    assert lock.take()
    lock.give_back()
