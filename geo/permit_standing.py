"""Whether a permit gives leave on a day. Pure. Its words become ``PermitFact.standing``."""

from __future__ import annotations

from datetime import date
from enum import StrEnum


class Standing(StrEnum):
    """What a permit is worth on a day. ``unknown`` is never read as "no permit"."""

    IN_FORCE = "in_force"
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


_REVOKED = frozenset(("revoked", "cancelled", "refused", "withdrawn"))
_USED_UP = frozenset(("expired", "completed"))
_PENDING = frozenset(("pending", "submitted", "planned"))


def judge_standing(status: str, issued_on: date | None, expires_on: date | None, on: date) -> Standing:
    """By the publisher's word first, then by the days (the last day still counts).

    A finished work's permit is used up: it is no leave for further work. A status in no list and no day of issue
    leaves the standing unknown.
    """
    word = status.casefold()
    if word in _REVOKED:
        return Standing.REVOKED
    if issued_on is not None and on < issued_on:
        return Standing.NOT_YET
    if word in _USED_UP or (expires_on is not None and on > expires_on):
        return Standing.EXPIRED
    if word in _PENDING:
        return Standing.NOT_YET
    return Standing.IN_FORCE if word == "in_force" or (not word and issued_on is not None) else Standing.UNKNOWN
