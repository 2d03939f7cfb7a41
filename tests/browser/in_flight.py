"""Requests that the server of this very process is answering: one that is not done stands in the way of emptying the tables."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Condition
from typing import TYPE_CHECKING, Any

from django.core.signals import request_finished, request_started

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

LONGEST_S = 20.0
SETTLED_S = 0.05


class InFlight:
    """Counts them, in whatever thread they are answered; a browser that has gone does not end its request."""

    def __init__(self) -> None:
        self._count = 0
        self._changed = Condition()
        request_started.connect(self._begin)
        request_finished.connect(self._end)

    def close(self, contexts: Iterable[BrowserContext]) -> None:
        """Close the browser's windows, so that nothing new is asked, and wait for what is being answered."""
        for context in contexts:
            context.close()
        with self._changed:
            is_open = True
            while is_open:  # one that was sent before the windows closed may not have begun yet
                assert self._changed.wait_for(lambda: self._count == 0, LONGEST_S), "a request is still being answered"
                is_open = self._changed.wait_for(lambda: self._count > 0, SETTLED_S)

    def _begin(self, **_: Any) -> None:
        with self._changed:
            self._count += 1
            self._changed.notify_all()

    def _end(self, **_: Any) -> None:
        with self._changed:
            self._count -= 1
            self._changed.notify_all()
