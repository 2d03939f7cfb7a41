"""How much time lies between two moments, by the clock of a deadline: wall time, or duty time only. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cases.deadline import ClockUnit, WorkCalendar

Span = tuple[datetime, datetime]
_BY_DUTY = frozenset({ClockUnit.DUTY_MINUTES, ClockUnit.WORKING_DAYS})


def elapsed(begin: datetime, end: datetime, unit: ClockUnit, calendar: WorkCalendar) -> timedelta:
    """Time that a clock of this unit counts from ``begin`` to ``end``; nothing when the end lies before."""
    if end <= begin:
        return timedelta()
    return duty_time(begin, end, calendar) if unit in _BY_DUTY else end - begin


def duty_time(begin: datetime, end: datetime, calendar: WorkCalendar) -> timedelta:
    """Duty hours between two moments. The spans of each day are reckoned once, whoever asks."""
    zone = ZoneInfo(calendar.timezone)
    first, last = begin.astimezone(zone).date(), end.astimezone(zone).date()
    total = timedelta()
    for offset in range((last - first).days + 1):
        for opens, closes in calendar.duty_on(first + timedelta(days=offset)):
            if opens >= begin and closes <= end:
                total += closes - opens
            elif opens < end and closes > begin:
                total += min(closes, end) - max(opens, begin)
    return total


def cut(begin: datetime, end: datetime, spans: Sequence[Span]) -> list[Span]:
    """The parts of ``begin`` to ``end`` that lie inside the spans (in order, apart from each other)."""
    inside = [(max(begin, first), min(end, last)) for first, last in spans]
    return [(first, last) for first, last in inside if first < last]


def merge(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, overlapping ones joined."""
    merged: list[Span] = []
    for begin, end in sorted(spans):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        elif begin < end:
            merged.append((begin, end))
    return merged
