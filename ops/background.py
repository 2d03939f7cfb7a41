"""Starts and stops the demo without staying in the foreground: ``make demo-up`` and ``make demo-down``."""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from ops.demo import STOP_LINE, Wish, say_how_to_use
from ops.folders import ROOT, Folders
from ops.lock import find_holder
from ops.processes import identify, spawn, stop_process
from ops.record import Users, parse_users, sweep_leftovers
from ops.supervisor import rotate_log
from ops.words import Stop, say

UP_TIMEOUT_S = 1800.0
DOWN_TIMEOUT_S = 60.0
CHECK_S = 0.1


@dataclass(frozen=True, slots=True)
class Running:
    """A copy that runs: where, for whom, and which process looks after it."""

    url: str
    users: Users
    supervisor_pid: int


def find_running(folders: Folders) -> Running | None:
    """The copy that runs from this folder and whose page has answered, or None."""
    holder = find_holder(folders.lock)
    try:
        text = folders.demo_file.read_text()
        found = json.loads(text)
        running = Running(found["url"], parse_users(text), int(found["pids"]["supervisor"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return running if holder and holder.pid == running.supervisor_pid else None


def up(folders: Folders, wish: Wish) -> None:
    """Start the demo so that it lives on, and return when its page answers. Nothing happens when it runs already."""
    if find_holder(folders.lock):
        join(folders, wish)
        return
    log = folders.logs / "demo.log"
    rotate_log(log)
    seen = log.stat().st_size if log.exists() else 0
    argv = [sys.executable, "-m", "ops", "demo", "--background"]
    child = spawn(argv, log=log, env=dict(os.environ), cwd=ROOT, death_signal=None)
    ends = time.monotonic() + UP_TIMEOUT_S
    said = b""
    while STOP_LINE.encode() not in said:
        ended = child.poll() is not None
        said = _read_lines(log, seen)
        seen += len(said)
        for line in said.decode(errors="replace").splitlines():
            say(line)
        if ended:
            raise Stop("The demo did not start; the reason is above." if child.returncode else "The demo was stopped.")
        if time.monotonic() > ends:
            raise Stop(f"The demo is not ready after {UP_TIMEOUT_S / 60:.0f} minutes. See {log}")
        time.sleep(CHECK_S)


def _read_lines(log: Path, seen: int) -> bytes:
    """The whole lines written since byte ``seen``."""
    with log.open("rb") as lines:
        lines.seek(seen)
        return b"".join(line for line in lines if line.endswith(b"\n"))


def join(folders: Folders, wish: Wish) -> None:
    """Another command runs or starts this copy: wait until its page answers and say where it is."""
    holder = find_holder(folders.lock)
    if holder and not find_running(folders):
        say(f"Already being started by process {holder.pid}; waiting for its page.")
    while holder and holder.is_alive():
        running = find_running(folders)
        if running:
            say(f"Already running at {running.url}")
            if wish.port and not running.url.endswith(f":{wish.port}"):
                say(f"PORT={wish.port} is not used; stop it first with: make demo-down")
            say_how_to_use(running.url, running.users, folders=folders)
            return
        time.sleep(CHECK_S)
    raise Stop("The other start ended before its page answered. Try again: make demo")


def down(folders: Folders) -> None:
    """Stop the demo, or what is left of one that was killed. Nothing happens when it does not run."""
    holder = find_holder(folders.lock)
    if holder and holder != identify(os.getpid()):
        say(f"Stopping process {holder.pid} and everything it started ...")
        stop_process(holder, timeout_s=DOWN_TIMEOUT_S)
    left = sweep_leftovers(folders)
    folders.demo_file.unlink(missing_ok=True)
    say("Stopped." if holder or left else "Nothing was running.")
