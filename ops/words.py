"""What the operator reads: one line per step, with the seconds of anything slow, and one line for a stop.

Every command of this folder speaks through here, so that a terminal, a log file and CI look the same.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

QUIET_S = 2.0
REPEAT_S = 10.0


class Stop(Exception):  # noqa: N818 - it ends a command, it is not a fault of the code
    """The command cannot go on. The text is the one line the operator reads: what is wrong and the cure."""


def say(line: str) -> None:
    """Print one line at once; when whoever read our output has gone, go on without a word."""
    try:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def one_line(error: Exception) -> str:
    """A foreign error's text as one short line."""
    return " ".join(str(error).split())[:200]


@contextmanager
def step(title: str) -> Iterator[None]:
    """Announce a step that lasts more than two seconds, repeat that it still runs, and say how long it took."""
    began = time.monotonic()
    done = threading.Event()

    def remind() -> None:
        pause = QUIET_S
        while not done.wait(pause):
            say(f"  {title} ... {time.monotonic() - began:.0f} s")
            pause = REPEAT_S

    reminder = threading.Thread(target=remind, daemon=True)
    reminder.start()
    try:
        yield
    finally:
        done.set()
        reminder.join()
    took_s = time.monotonic() - began
    if took_s > QUIET_S:
        say(f"  {title}: done in {took_s:.1f} s")
