"""When a notice may go out: quiet hours by the city's data, and longer and longer pauses between tries. Pure.

[notices]
quiet = ["21:00", "07:00"]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from errors import ConfigurationError

FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(hours=1)
LEASE = timedelta(seconds=60)  # longer than any channel's own time limit: then the sender is taken for dead
_DOUBLINGS_MAX = 10


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From ``begins`` to ``ends`` (of the next day where it is earlier) by the city's clock; equal ends: never quiet."""

    begins: time = time(21)
    ends: time = time(7)

    def first_allowed(self, at: datetime, timezone: str) -> datetime:
        """``at``, or the end of the quiet hours it falls into."""
        local = at.astimezone(ZoneInfo(timezone))
        now = local.time()
        if self.begins <= self.ends:
            is_quiet, day = self.begins <= now < self.ends, local.date()
        else:
            is_quiet = now >= self.begins or now < self.ends
            day = local.date() + timedelta(days=1 if now >= self.begins else 0)
        if not is_quiet:
            return at
        return datetime.combine(day, self.ends, ZoneInfo(timezone)).astimezone(at.tzinfo)


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many failed tries: 15 s, doubled up to an hour."""
    doubled: int = 2 ** min(max(attempts - 1, 0), _DOUBLINGS_MAX)
    return min(FIRST_PAUSE * doubled, LONGEST_PAUSE)


def parse_quiet_hours(pack: Mapping[str, Any]) -> QuietHours:
    """The table of a calendar; 21 to 7 where it says nothing. ConfigurationError names the faulty entry."""
    table = pack.get("notices", {})
    value = table.get("quiet", None) if isinstance(table, Mapping) else table
    if value is None:
        return QuietHours()
    try:
        begins, ends = (part if isinstance(part, time) else time.fromisoformat(str(part)) for part in value)
    except (TypeError, ValueError) as error:
        raise ConfigurationError(
            "calendar.toml cannot be read.", field="notices.quiet", value=value, cure='Write ["21:00", "07:00"].'
        ) from error
    return QuietHours(begins, ends)
