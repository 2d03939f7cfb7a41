"""Requests to end: Ctrl-C, a request of another process, a closed terminal, the death of whoever started us."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Leave(Exception):  # noqa: N818 - somebody asked us to end, nothing is wrong
    """Raised wherever the program is when somebody asks it to end."""


@contextmanager
def leaving_on_request() -> Iterator[None]:
    """Turn a request to end into ``Leave``, wherever we are. A closed terminal counts unless ``nohup`` says it shall not."""

    def leave(number: int, frame: FrameType | None) -> None:
        raise Leave

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number is not signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, leave)
    yield


@contextmanager
def deaf_to_requests() -> Iterator[None]:
    """Finish stopping even when asked again."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    yield
