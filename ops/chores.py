"""The commands of a working day: test, check, bench, translations, browser libraries, screenshots."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from ops import pytest_servers
from ops.application import INERT, build_application, check_application
from ops.browser_libraries import fetch_browser_libraries
from ops.folders import ROOT, Folders, choose_var
from ops.messages import compile_messages
from ops.words import Stop, say, step

CHECKS = (
    ("style", ("ruff", "check", ".")),
    ("layout", ("ruff", "format", "--check", ".")),
    ("imports between rooms", ("lint-imports",)),
    ("types", ("mypy", ".")),
)
TEST_PROCESSES = "2"


def run(command: str, rest: Sequence[str]) -> int:
    """Run one of them; its exit code."""
    folders = choose_var(os.environ.get("VAR_DIR"))
    if command == "check":
        return check(folders)
    if command == "messages":
        compile_messages(talk=True)
        return 0
    complete(folders)
    if command in ("setup", "assets"):
        say("Everything is installed.")
        return 0
    if command in ("bench-registers", "bench-cases", "bench-application"):
        return bench_on_servers(command.replace("bench-", "bench."), rest)
    return test(rest) if command == "test" else script(command, rest)


def complete(folders: Folders) -> None:
    """What a running copy needs besides packages: browser libraries, the built application, compiled translations."""
    fetch_browser_libraries(folders)
    build_application(folders)
    compile_messages()


def test(rest: Sequence[str]) -> int:
    """The whole test run, in two processes; tests that share a running demo stay together. Ends with pytest's summary."""
    chosen = list(rest) or ["tests"]
    argv = [sys.executable, "-m", "pytest", "-n", TEST_PROCESSES, "--dist", "loadgroup", *chosen]
    return subprocess.run(argv, cwd=ROOT).returncode


def bench_on_servers(module: str, rest: Sequence[str]) -> int:
    """The measurements on generated cities and years, on servers of their own where none are named by the environment."""
    started = pytest_servers.begin()
    try:
        return subprocess.run([sys.executable, "-m", module, *rest], cwd=ROOT).returncode
    finally:
        pytest_servers.end(started)


def check(folders: Folders) -> int:
    """Style, layout, imports between rooms, types, the application. All are run; the exit code is 1 when one fails."""
    failed = []
    for title, argv in CHECKS:
        tool = str(Path(sys.executable).parent / argv[0])
        with step(title):
            ran = subprocess.run(
                [tool, *argv[1:]], cwd=ROOT, env=INERT | dict(os.environ), capture_output=True, text=True
            )
        say(f"{'ok    ' if ran.returncode == 0 else 'FAILED'} {title}")
        if ran.returncode != 0:
            failed.append(title)
            say(ran.stdout + ran.stderr)
    log = folders.logs / "application.log"
    with step("the map application's types"):
        is_right = check_application(log)
    say(f"{'ok    ' if is_right else 'FAILED'} the map application's types")
    if not is_right:
        failed.append("application")
        say(log.read_text(errors="replace"))
    return 1 if failed else 0


def script(command: str, rest: Sequence[str]) -> int:
    """``bench`` runs the measurements, ``train`` the recipes, ``screenshots`` takes pictures of the pages of a running demo."""
    if command == "train":
        env = INERT | dict(os.environ)  # training asks no database; only the settings must be readable
        return subprocess.run([sys.executable, "manage.py", "train_shipped", *rest], cwd=ROOT, env=env).returncode
    module = {
        "bench": "bench",
        "bench-detection": "bench.detection",
        "chaos": "bench.chaos",
        "screenshots": "tests.browser.screenshots",
    }[command]
    if not (ROOT / (module.replace(".", "/") + ".py")).exists() and not (ROOT / module / "__main__.py").exists():
        raise Stop(f"There is no {module} to run.")
    return subprocess.run([sys.executable, "-m", module, *rest], cwd=ROOT).returncode
