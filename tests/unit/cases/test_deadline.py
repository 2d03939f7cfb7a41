"""Clocks in minutes, duty hours and working days; holidays, swap days, pauses; how a deadline stands."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.deadline import ClockUnit, Deadline, DeadlineState, Holiday, Pause, Policy, WorkCalendar, due
from errors import ConfigurationError, InputError

ZONE = "Asia/Ho_Chi_Minh"  # UTC+7, no summer time
TET = tuple(Holiday(date(2026, 2, day), name="Tết") for day in range(16, 21))
CALENDAR = WorkCalendar(
    timezone=ZONE,
    days=(*TET, Holiday(date(2026, 2, 28), is_worked=True)),
    covered_from=date(2026, 1, 1),
    covered_to=date(2026, 12, 31),
)


FIRST, LAST = datetime.fromisoformat("2026-01-02"), datetime.fromisoformat("2026-06-30")  # without a time zone


def local(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+07:00")


def a_policy(unit: ClockUnit, amount: int, **changes: object) -> Policy:
    return Policy("test", unit, amount, **changes)  # type: ignore[arg-type]


def a_pause(begin: str, end: str | None) -> Pause:
    return Pause(local(begin), local(end) if end else None, "awaiting_information")


@pytest.mark.parametrize(
    ("start", "unit", "amount", "expected"),
    [
        pytest.param("2026-11-22T09:00", ClockUnit.HOURS, 48, "2026-11-24T09:00", id="48 hours run on Sunday"),
        pytest.param("2026-11-22T09:00", ClockUnit.MINUTES, 1, "2026-11-22T09:01", id="one minute"),
        pytest.param("2026-11-22T09:00", ClockUnit.DAYS, 10, "2026-12-02T09:00", id="ten days"),
        pytest.param("2026-11-23T08:00", ClockUnit.DUTY_MINUTES, 120, "2026-11-23T10:00", id="within the morning"),
        pytest.param("2026-11-23T10:30", ClockUnit.DUTY_MINUTES, 120, "2026-11-23T14:00", id="over the midday rest"),
        pytest.param("2026-11-20T16:00", ClockUnit.DUTY_MINUTES, 120, "2026-11-23T08:30", id="over the weekend"),
        pytest.param("2026-11-22T03:00", ClockUnit.DUTY_MINUTES, 60, "2026-11-23T08:30", id="begins on Sunday night"),
        pytest.param("2026-11-20T09:00", ClockUnit.WORKING_DAYS, 2, "2026-11-24T17:00", id="two working days"),
        pytest.param("2026-11-21T09:00", ClockUnit.WORKING_DAYS, 1, "2026-11-23T17:00", id="begins on Saturday"),
        pytest.param(
            "2026-02-12T15:00", ClockUnit.WORKING_DAYS, 7, "2026-02-28T17:00", id="Tết skipped, swap day worked"
        ),
    ],
)
def test_due(start: str, unit: ClockUnit, amount: int, expected: str) -> None:
    deadline = due(local(start), a_policy(unit, amount), CALENDAR)
    assert deadline.due_at == local(expected)
    assert deadline.due_at.tzinfo is UTC
    assert not deadline.is_provisional


@pytest.mark.parametrize(
    ("unit", "amount", "pauses", "expected"),
    [
        pytest.param(
            ClockUnit.HOURS, 48, [a_pause("2026-11-23T12:00", "2026-11-23T15:00")], "2026-11-25T12:00", id="hours"
        ),
        pytest.param(
            ClockUnit.DUTY_MINUTES,
            120,
            [a_pause("2026-11-23T09:30", "2026-11-23T13:30")],
            "2026-11-23T15:00",
            id="only duty time inside the pause counts",
        ),
        pytest.param(
            ClockUnit.WORKING_DAYS,
            5,
            [a_pause("2026-11-24T10:00", "2026-11-27T10:00")],
            "2026-12-03T17:00",
            id="three working days",
        ),
        pytest.param(
            ClockUnit.WORKING_DAYS,
            5,
            [a_pause("2026-11-27T10:00", "2026-11-29T10:00")],
            "2026-11-30T17:00",
            id="a weekend pause moves nothing",
        ),
        pytest.param(
            ClockUnit.HOURS,
            48,
            [a_pause("2026-11-23T12:00", "2026-11-23T15:00"), a_pause("2026-11-23T13:00", "2026-11-23T16:00")],
            "2026-11-25T13:00",
            id="overlapping pauses count once",
        ),
    ],
)
def test_pauses_move_the_due_moment(unit: ClockUnit, amount: int, pauses: list[Pause], expected: str) -> None:
    assert due(local("2026-11-23T09:00"), a_policy(unit, amount), CALENDAR, pauses).due_at == local(expected)


def test_an_open_pause_holds_the_clock() -> None:
    deadline = due(
        local("2026-11-23T09:00"), a_policy(ClockUnit.HOURS, 1), CALENDAR, [a_pause("2026-11-23T09:10", None)]
    )
    assert deadline.state(local("2026-12-23T09:00")) is DeadlineState.PAUSED
    assert deadline.pause_count == 1


def test_a_clock_that_cannot_pause_ignores_pauses() -> None:
    policy = a_policy(ClockUnit.HOURS, 1, is_pausable=False)
    deadline = due(local("2026-11-23T09:00"), policy, CALENDAR, [a_pause("2026-11-23T09:10", None)])
    assert (deadline.due_at, deadline.is_paused, deadline.pause_count) == (local("2026-11-23T10:00"), False, 0)


@pytest.mark.parametrize(
    ("policy", "calendar", "expected"),
    [
        pytest.param(a_policy(ClockUnit.WORKING_DAYS, 1), WorkCalendar(ZONE), True, id="no holiday table"),
        pytest.param(a_policy(ClockUnit.HOURS, 1), WorkCalendar(ZONE), False, id="hours need no holiday table"),
        pytest.param(a_policy(ClockUnit.WORKING_DAYS, 40), CALENDAR, True, id="runs past the known holidays"),
        pytest.param(a_policy(ClockUnit.HOURS, 1, is_confirmed=False), CALENDAR, True, id="period not confirmed"),
        pytest.param(
            a_policy(ClockUnit.WORKING_DAYS, 3),
            WorkCalendar(
                ZONE,
                days=(Holiday(date(2026, 11, 25), is_confirmed=False),),
                covered_from=date(2026, 1, 1),
                covered_to=date(2026, 12, 31),
            ),
            True,
            id="a holiday not confirmed",
        ),
    ],
)
def test_provisional(policy: Policy, calendar: WorkCalendar, expected: bool) -> None:
    assert due(local("2026-11-23T09:00"), policy, calendar).is_provisional is expected


TEN_DAYS = due(local("2026-11-23T09:00"), a_policy(ClockUnit.WORKING_DAYS, 10), CALENDAR)
TWO_HOURS = due(local("2026-11-23T08:00"), a_policy(ClockUnit.DUTY_MINUTES, 120), CALENDAR)


@pytest.mark.parametrize(
    ("deadline", "now", "done", "expected"),
    [
        pytest.param(TEN_DAYS, "2026-12-02T16:00", None, DeadlineState.WITHIN, id="four working days left"),
        pytest.param(TEN_DAYS, "2026-12-02T18:00", None, DeadlineState.SOON, id="three working days left"),
        pytest.param(TWO_HOURS, "2026-11-23T09:30", None, DeadlineState.WITHIN, id="a quarter left"),
        pytest.param(TWO_HOURS, "2026-11-23T09:40", None, DeadlineState.SOON, id="a fifth left is soon"),
        pytest.param(TWO_HOURS, "2026-11-23T10:01", None, DeadlineState.LATE, id="late"),
        pytest.param(
            TWO_HOURS, "2027-01-01T00:00", "2026-11-23T10:00", DeadlineState.DONE_ON_TIME, id="done at the minute"
        ),
        pytest.param(TWO_HOURS, "2027-01-01T00:00", "2026-11-23T10:01", DeadlineState.DONE_LATE, id="done late"),
    ],
)
def test_state(deadline: Deadline, now: str, done: str | None, expected: DeadlineState) -> None:
    assert deadline.state(local(now), done_at=local(done) if done else None) is expected


@settings(max_examples=80, deadline=None)
@given(
    start=st.datetimes(FIRST, LAST, timezones=st.just(UTC)),
    minutes=st.integers(1, 3000),
    pause_h=st.integers(0, 90),
    offset_h=st.integers(0, 60),
    unit=st.sampled_from([ClockUnit.MINUTES, ClockUnit.DUTY_MINUTES]),
)
def test_a_pause_never_brings_a_deadline_nearer(
    start: datetime, minutes: int, pause_h: int, offset_h: int, unit: ClockUnit
) -> None:
    begin = start + timedelta(hours=offset_h)
    plain = due(start, a_policy(unit, minutes), CALENDAR)
    paused = due(start, a_policy(unit, minutes), CALENDAR, [Pause(begin, begin + timedelta(hours=pause_h), "x")])
    assert start < plain.due_at <= paused.due_at


@pytest.mark.parametrize(
    ("make", "error"),
    [
        pytest.param(lambda: a_policy(ClockUnit.HOURS, 0), ConfigurationError, id="no length"),
        pytest.param(lambda: WorkCalendar(ZONE, duty_hours=()), ConfigurationError, id="no duty hours"),
        pytest.param(lambda: WorkCalendar(ZONE, duty_hours=((time(9), time(8)),)), ConfigurationError, id="backwards"),
        pytest.param(lambda: a_pause("2026-11-23T09:00", "2026-11-22T09:00"), InputError, id="pause ends before"),
        pytest.param(lambda: Pause(local("2026-11-23T09:00"), None, " "), InputError, id="pause without reason"),
        pytest.param(lambda: due(FIRST, a_policy(ClockUnit.HOURS, 1), CALENDAR), InputError, id="naive start"),
    ],
)
def test_bad_values_are_refused(make: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        make()  # type: ignore[operator]
