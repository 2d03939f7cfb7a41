"""``python -m ops COMMAND``: what the Makefile's targets call, once ``bootstrap.sh`` has made the virtual environment."""

from __future__ import annotations

import argparse
import errno
import os
import sys

from ops import background, chores, clean, demo
from ops.folders import Folders, choose_var
from ops.lock import CopyLock
from ops.words import Stop, say

CHORES = (
    "setup",
    "assets",
    "test",
    "check",
    "train",
    "bench",
    "bench-detection",
    "bench-registers",
    "bench-cases",
    "bench-application",
    "chaos",
    "messages",
    "screenshots",
)
COMMANDS = ("demo", "demo-up", "demo-down", "run", "clean", *CHORES)


def main() -> int:
    """Run one command; a stop is one line and exit code 1."""
    parser = argparse.ArgumentParser(prog="python -m ops", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("--background", action="store_true", help="live on after the command that started us")
    given, rest = parser.parse_known_args()
    try:
        return _run(given.command, background_wanted=given.background, rest=rest)
    except Stop as stop:
        say(f"STOP: {stop}")
        return 1
    except OSError as error:
        cure = " Free some space and start again." if error.errno == errno.ENOSPC else ""
        say(f"STOP: {error.filename or 'A file'} could not be used: {error.strerror or error}.{cure}")
        return 1
    except KeyboardInterrupt:
        return 130


def _run(command: str, *, background_wanted: bool, rest: list[str]) -> int:
    if command in CHORES:
        return chores.run(command, rest)
    folders = choose_var(os.environ.get("VAR_DIR"))
    wish = demo.Wish(
        host=os.environ.get("HOST") or "127.0.0.1",
        port=os.environ.get("PORT", ""),
        background=background_wanted,
        development=command == "run",
    )
    if command == "clean":
        clean.clean(folders)
        clean.clean_caches()
    elif command == "demo-up":
        background.up(folders, wish)
    elif command == "demo-down":
        background.down(folders)
    else:
        _run_here(folders, wish)
    return 0


def _run_here(folders: Folders, wish: demo.Wish) -> None:
    lock = CopyLock(folders.lock)
    if lock.take():
        demo.run(folders, wish, lock)
    else:
        background.join(folders, wish)


if __name__ == "__main__":
    sys.exit(main())
