"""Seconds of a planned day with the breaks left out, so that nobody is sent anywhere over lunch. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class DutyClock:
    """Counts from ``start`` and stands still in the breaks (ordered, apart). Moments are aware."""

    start: datetime
    breaks: tuple[Span, ...] = ()

    def to_seconds(self, moment: datetime) -> int:
        """Where a moment stands; one within a break stands where the break begins."""
        inside = sum(((min(moment, ends) - begins) for begins, ends in self.breaks if moment > begins), timedelta())
        return round((moment - self.start - inside).total_seconds())

    def to_moment(self, seconds: int) -> datetime:
        """The moment when so many seconds have been worked."""
        moment = self.start + timedelta(seconds=seconds)
        for begins, ends in self.breaks:
            if moment > begins:
                moment += ends - begins
        return moment


def make_clock(day: date, duty_hours: Sequence[tuple[time, time]], timezone: str) -> DutyClock:
    """The clock of a local day: from its midnight, with the gaps between its duty hours as breaks."""
    zone = ZoneInfo(timezone)
    gaps = [(before[1], after[0]) for before, after in pairwise(duty_hours)]
    spans = tuple(
        (datetime.combine(day, begins, zone), datetime.combine(day, ends, zone))
        for begins, ends in gaps
        if begins < ends
    )
    return DutyClock(datetime.combine(day, time.min, zone), spans)
