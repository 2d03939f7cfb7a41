"""When a fixed camera is watched: weekly spans in the city's time. Pure.

    [{"days": [0, 1, 2, 3, 4], "from": "06:00", "to": "22:00"}]     days: 0 is Monday

An empty schedule means always. A span whose end is not after its beginning runs over midnight.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from errors import InputError

_CURE = 'Write for example {"days": [0, 1, 2, 3, 4], "from": "06:00", "to": "22:00"}; 0 is Monday.'
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Span:
    """Days of the week (0 Monday) on which a span begins, its first minute and the minute it ends before."""

    days: frozenset[int]
    begins: time
    ends: time

    def holds(self, local: datetime) -> bool:
        """Whether a local moment lies in the span."""
        at, day = local.time(), local.weekday()
        if self.begins < self.ends:
            return day in self.days and self.begins <= at < self.ends
        return (day in self.days and at >= self.begins) or ((day - 1) % _WEEK in self.days and at < self.ends)


def parse_schedule(raw: object) -> tuple[Span, ...]:
    """The spans of a stored or typed schedule; InputError says which part cannot be used."""
    if raw in (None, "", [], ()):
        return ()
    if not isinstance(raw, Sequence) or isinstance(raw, str):
        raise InputError("A schedule is a list of spans.", field="schedule", value=raw, cure=_CURE)
    return tuple(_parse_span(item) for item in raw)


def is_watched_at(spans: Sequence[Span], local: datetime) -> bool:
    """Whether a camera with these spans is watched at a local moment."""
    return not spans or any(span.holds(local) for span in spans)


def _parse_span(item: Any) -> Span:
    if not isinstance(item, Mapping):
        raise InputError("A span of a schedule has days, from and to.", field="schedule", value=item, cure=_CURE)
    days = item.get("days", list(range(_WEEK)))
    if not isinstance(days, Sequence) or not days or any(type(d) is not int or not 0 <= d < _WEEK for d in days):
        raise InputError("The days of a span are numbers from 0 to 6.", field="schedule.days", value=days, cure=_CURE)
    return Span(frozenset(days), _parse_time(item, "from"), _parse_time(item, "to"))


def _parse_time(item: Mapping[str, Any], name: str) -> time:
    text = str(item.get(name, ""))
    try:
        return time.fromisoformat("00:00" if text == "24:00" else text)
    except ValueError as error:
        raise InputError("This is no time of day.", field=f"schedule.{name}", value=text, cure=_CURE) from error
