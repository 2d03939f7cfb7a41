"""When something is due, and how it stands: clocks that run in minutes, duty hours or working days, and pauses. Pure.

Working days are counted after the day of the start and end with that day's duty hours. A pause moves the due moment by
what the clock would have counted in it. A transfer never resets a clock: the start stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from errors import ConfigurationError, InputError

SOON_SHARE = 0.2
SOON_WORKING_DAYS = 3
_LONG_WORKING_DAYS = 5  # above this, the last three working days are "soon"; below, the last fifth
_HORIZON_DAYS = 3660


class ClockUnit(StrEnum):
    """What a policy counts."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    DUTY_MINUTES = "duty_minutes"
    WORKING_DAYS = "working_days"


class DeadlineState(StrEnum):
    """How a deadline stands at a moment."""

    WITHIN = "within"
    SOON = "soon"
    LATE = "late"
    PAUSED = "paused"
    DONE_ON_TIME = "done_on_time"
    DONE_LATE = "done_late"


@dataclass(frozen=True, slots=True)
class Policy:
    """An agreed period: ``amount`` of ``unit``. Law or practice by its ``source``; unconfirmed ones show as provisional."""

    code: str
    unit: ClockUnit
    amount: int
    is_pausable: bool = True
    source: str = ""
    is_confirmed: bool = True

    def __post_init__(self) -> None:
        if self.amount <= 0:
            raise ConfigurationError(
                f"The period of the deadline '{self.code}' must be above 0.", field="amount", value=self.amount,
                cure="Correct it in calendar.toml.",
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day without duty, or (``is_worked``) a weekend day that is worked in exchange."""

    on: date
    is_worked: bool = False
    is_confirmed: bool = True
    name: str = ""


Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Which days and hours are worked. Holidays are known from ``covered_from`` to ``covered_to`` inclusive only."""

    timezone: str
    working_weekdays: frozenset[int] = frozenset({1, 2, 3, 4, 5})  # ISO: Monday is 1
    duty_hours: tuple[tuple[time, time], ...] = ((time(7, 30), time(11, 30)), (time(13, 0), time(17, 0)))
    days: tuple[Holiday, ...] = ()
    covered_from: date | None = None
    covered_to: date | None = None
    _by_day: dict[date, Holiday] = field(init=False, repr=False, compare=False, default_factory=dict)
    _duty: dict[date, tuple[Span, ...]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        for begins, ends in self.duty_hours:
            if begins >= ends:
                raise ConfigurationError(
                    "Duty hours end before they begin.", field="duty_hours", value=f"{begins}-{ends}",
                    cure="Correct them in calendar.toml.",
                )  # fmt: skip
        if not self.duty_hours or not self.working_weekdays:
            raise ConfigurationError(
                "A calendar without working time gives no due date.",
                field="duty_hours",
                cure="Give working days and hours.",
            )
        self._by_day.update({day.on: day for day in self.days})

    def is_working(self, on: date) -> bool:
        """Whether a day is worked: a named day by its name, any other by its weekday."""
        named = self._by_day.get(on)
        return named.is_worked if named else on.isoweekday() in self.working_weekdays

    def duty_on(self, on: date) -> tuple[Span, ...]:
        """The spans of duty of a local day in UTC, none on a day that is not worked. Reckoned once per day."""
        found = self._duty.get(on)
        if found is None:
            zone, hours = ZoneInfo(self.timezone), self.duty_hours if self.is_working(on) else ()
            found = tuple(
                (datetime.combine(on, begins, zone).astimezone(UTC), datetime.combine(on, ends, zone).astimezone(UTC))
                for begins, ends in hours
            )
            self._duty[on] = found
        return found

    def is_certain(self, first: date, last: date) -> bool:
        """Whether the holidays of this span are known and confirmed."""
        if self.covered_from is None or self.covered_to is None:
            return False
        inside = self.covered_from <= first and last <= self.covered_to
        return inside and all(day.is_confirmed for day in self.days if first <= day.on <= last)


@dataclass(frozen=True, slots=True)
class Pause:
    """A time that does not count, with the reason's code and the document that shows it. Open while ``to_at`` is None."""

    from_at: datetime
    to_at: datetime | None
    reason: str
    document: str = ""

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise InputError("A pause needs a reason.", field="reason", cure="Name the reason's code.")
        if self.to_at is not None and self.to_at < self.from_at:
            raise InputError("A pause ends after it begins.", field="to_at", value=self.to_at, cure="Correct the end.")


@dataclass(frozen=True, slots=True)
class Deadline:
    """A due moment (aware UTC) with what it was counted from. ``is_provisional``: calendar or policy not confirmed."""

    policy: str
    started_at: datetime
    due_at: datetime
    soon_at: datetime
    is_provisional: bool
    is_paused: bool
    pause_count: int
    paused: timedelta

    def state(self, now: datetime, *, done_at: datetime | None = None) -> DeadlineState:
        """How it stands at ``now``; once done, whether it was done in time."""
        if done_at is not None:
            return DeadlineState.DONE_ON_TIME if done_at <= self.due_at else DeadlineState.DONE_LATE
        if self.is_paused:
            return DeadlineState.PAUSED
        if now > self.due_at:
            return DeadlineState.LATE
        return DeadlineState.SOON if now >= self.soon_at else DeadlineState.WITHIN


def due(start: datetime, policy: Policy, calendar: WorkCalendar, pauses: Sequence[Pause] = ()) -> Deadline:
    """When ``policy`` runs out for something that began at ``start`` (aware). An open pause holds the clock still."""
    if start.tzinfo is None:
        raise InputError("A start needs its time zone.", field="start", value=start, cure="Give an aware moment.")
    counted = _merge(pauses) if policy.is_pausable else []
    closed = [(begin, end) for begin, end in counted if end is not None]
    due_at = _run(start, policy, policy.amount, calendar, closed)
    zone = ZoneInfo(calendar.timezone)
    certain = calendar.is_certain(start.astimezone(zone).date(), due_at.astimezone(zone).date())
    uses_calendar = policy.unit in (ClockUnit.WORKING_DAYS, ClockUnit.DUTY_MINUTES)
    return Deadline(
        policy=policy.code,
        started_at=start.astimezone(UTC),
        due_at=due_at,
        soon_at=_soon(start, due_at, policy, calendar, closed),
        is_provisional=not policy.is_confirmed or (uses_calendar and not certain),
        is_paused=any(end is None for _, end in counted),
        pause_count=len(counted),
        paused=sum((end - begin for begin, end in closed), timedelta()),
    )


def _run(start: datetime, policy: Policy, amount: int, calendar: WorkCalendar, pauses: Sequence[Span]) -> datetime:
    if policy.unit is ClockUnit.WORKING_DAYS:
        return _count_days(start, amount, calendar, pauses)
    if policy.unit is ClockUnit.DUTY_MINUTES:
        spans: Iterator[Span] = _duty_spans(start, calendar)
    else:
        spans = iter([(start, start + timedelta(days=_HORIZON_DAYS))])
    return _consume(spans, _length(policy.unit, amount), pauses).astimezone(UTC)


def _length(unit: ClockUnit, amount: int) -> timedelta:
    if unit is ClockUnit.DAYS:
        return timedelta(days=amount)
    return timedelta(hours=amount) if unit is ClockUnit.HOURS else timedelta(minutes=amount)


def _soon(
    start: datetime, due_at: datetime, policy: Policy, calendar: WorkCalendar, pauses: Sequence[Span]
) -> datetime:
    if policy.unit is ClockUnit.WORKING_DAYS and policy.amount > _LONG_WORKING_DAYS:
        return _count_days(start, policy.amount - SOON_WORKING_DAYS, calendar, pauses)
    return due_at - (due_at - start) * SOON_SHARE


def _count_days(start: datetime, amount: int, calendar: WorkCalendar, pauses: Sequence[Span]) -> datetime:
    """End of duty of the ``amount``-th working day after the start's; days inside a pause are not counted."""
    zone = ZoneInfo(calendar.timezone)
    stopped = [(begin.astimezone(zone).date(), end.astimezone(zone).date()) for begin, end in pauses]
    on, left = start.astimezone(zone).date(), amount
    for _ in range(_HORIZON_DAYS):
        on += timedelta(days=1)
        if calendar.is_working(on) and not any(first < on <= last for first, last in stopped):
            left -= 1
        if left == 0:
            return datetime.combine(on, calendar.duty_hours[-1][1], zone).astimezone(UTC)
    raise ConfigurationError(
        "The calendar has too few working days.", field="working_days", cure="Check calendar.toml."
    )


def _duty_spans(start: datetime, calendar: WorkCalendar) -> Iterator[Span]:
    first = start.astimezone(ZoneInfo(calendar.timezone)).date()
    for offset in range(_HORIZON_DAYS):
        for begin, end in calendar.duty_on(first + timedelta(days=offset)):
            if end > start:
                yield max(begin, start), end


def _consume(spans: Iterator[Span], length: timedelta, pauses: Sequence[Span]) -> datetime:
    """The moment at which ``length`` of the spans, less the pauses, is used up. Works in UTC: local days may be 23 h."""
    left = length
    for begin, end in spans:
        for free_begin, free_end in _without(begin.astimezone(UTC), end.astimezone(UTC), pauses):
            if free_end - free_begin >= left:
                return free_begin + left
            left -= free_end - free_begin
    raise ConfigurationError("The calendar has too little duty time.", field="duty_hours", cure="Check calendar.toml.")


def _without(begin: datetime, end: datetime, pauses: Sequence[Span]) -> Iterator[Span]:
    for pause_begin, pause_end in pauses:
        if pause_end <= begin or pause_begin >= end:
            continue
        if pause_begin > begin:
            yield begin, pause_begin
        begin = max(begin, pause_end)
    if begin < end:
        yield begin, end


def _merge(pauses: Sequence[Pause]) -> list[tuple[datetime, datetime | None]]:
    """Pauses in order; overlapping ones count once. An open one swallows what follows it."""
    merged: list[tuple[datetime, datetime | None]] = []
    for pause in sorted(pauses, key=lambda p: p.from_at):
        begin, end = pause.from_at.astimezone(UTC), pause.to_at.astimezone(UTC) if pause.to_at else None
        if merged:
            last_begin, last_end = merged[-1]
            if last_end is None:
                break
            if begin <= last_end:
                merged[-1] = (last_begin, None if end is None else max(last_end, end))
                continue
        merged.append((begin, end))
    return merged
