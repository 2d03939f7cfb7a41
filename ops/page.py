"""Asks the running page whether it answers, and whether every part behind it reports."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request

TIMEOUT_S = 5.0
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def answers(url: str) -> bool:
    """True when the first page comes back whole."""
    return _status(f"{url}/") == http.HTTPStatus.OK


def is_whole(url: str) -> bool:
    """True when the health check finds database, broker, a worker for every queue, and the weights."""
    return _status(f"{url}/health") == http.HTTPStatus.OK


def _status(address: str) -> int:
    """The answer's status; 0 when there is none."""
    try:
        with _DIRECT.open(address, timeout=TIMEOUT_S) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except (OSError, http.client.HTTPException):
        return 0
