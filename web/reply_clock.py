"""The 48 hours within which a sender gets a first reply: how much is used, and whether it is over. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

FIRST_REPLY = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class ReplyClock:
    """The clock's bar. ``share_pct`` is at most 100; ``is_running`` until a reply was given."""

    used_s: float
    share_pct: float
    due_at: datetime
    is_late: bool
    is_running: bool


def read_clock(sent_at: datetime, answered_at: datetime | None, now: datetime) -> ReplyClock:
    """The clock of one request, stopped by its first reply."""
    end = answered_at or now
    used = max(end - sent_at, timedelta(0))
    return ReplyClock(
        used_s=used.total_seconds(),
        share_pct=min(100.0, 100 * used / FIRST_REPLY),
        due_at=sent_at + FIRST_REPLY,
        is_late=used > FIRST_REPLY,
        is_running=answered_at is None,
    )
