"""One careful way to call a provider: time limit, no redirects, failures sorted by their cure."""

from __future__ import annotations

from typing import Any

import httpx

from pipeline.notices.message import Unreachable

TIMEOUT_S = 15.0


def post(url: str, **what: Any) -> httpx.Response:
    """The answer, whatever its status; ``Unreachable`` when there is none."""
    try:
        with httpx.Client(timeout=TIMEOUT_S, follow_redirects=False) as client:
            return client.post(url, **what)
    except httpx.HTTPError as error:
        raise Unreachable(type(error).__name__) from error


def read_object(answer: httpx.Response) -> dict[str, Any]:
    """The JSON object of an answer; empty when it is none."""
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
