"""Where the time of a late case went: every moment in one step and part, and the lateness laid on the steps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.deadline import ClockUnit, WorkCalendar
from cases.elapsed import duty_time
from cases.lateness import Moment, Part, Step, decompose
from cases.lifecycle import CaseState as C
from cases.lifecycle import InspectionState as I

CALENDAR = WorkCalendar(timezone="UTC")
MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(hours: float) -> datetime:
    return MONDAY + hours * HOUR


def take(moments: list[Moment], *, until: float, due: float, **changes: Any) -> Any:
    values = {
        "started_at": MONDAY,
        "ended_at": at(until),
        "due_at": at(due),
        "unit": ClockUnit.HOURS,
        "calendar": CALENDAR,
    }
    return decompose(moments, **{**values, **changes})


def table(found: Any) -> dict[tuple[Step, Part], float]:
    return {(one.step, one.part): one.wall / HOUR for one in found.spent}


def test_waiting_work_handover_and_pause_are_told_apart() -> None:
    moments = [
        Moment(at(0), "case", C.ASSIGNED), Moment(at(3), "reassigned", C.ASSIGNED), Moment(at(4), "visit", I.GIVEN),
        Moment(at(5), "visit", I.TAKEN), Moment(at(7), "visit", I.ON_SITE),
    ]  # fmt: skip
    found = take(moments, until=8, due=4, pauses=[(at(1), at(2))])
    assert table(found) == {
        (Step.VISIT, Part.WAITING): 2, (Step.VISIT, Part.PAUSE): 1, (Step.VISIT, Part.HANDOVER): 2,
        (Step.VISIT, Part.WORK): 3,
    }  # fmt: skip
    assert (found.handovers, found.late / HOUR, found.late_wall / HOUR) == (1, 4, 4)
    assert found.late_by_step() == {Step.VISIT: 4 * HOUR}


def test_nobody_to_send_is_the_step_of_assignment() -> None:
    moments = [Moment(at(0), "case", C.OPENED), Moment(at(1), "nobody", ""), Moment(at(4), "case", C.ASSIGNED)]
    found = take(moments, until=6, due=3)
    assert table(found) == {
        (Step.TRIAGE, Part.WAITING): 1, (Step.ASSIGNMENT, Part.WAITING): 3, (Step.VISIT, Part.WAITING): 2,
    }  # fmt: skip
    assert {step: late / HOUR for step, late in found.late_by_step().items()} == {
        Step.TRIAGE: 0.5, Step.ASSIGNMENT: 1.5, Step.VISIT: 1.0,
    }  # fmt: skip


def test_a_duty_clock_counts_duty_time_and_tells_the_wall_too() -> None:
    found = take([Moment(at(0), "case", C.ASSIGNED)], until=24, due=1, unit=ClockUnit.DUTY_MINUTES)
    [one] = found.spent
    assert (one.clock / HOUR, one.wall / HOUR) == (8.0, 24.0)
    assert (found.late / HOUR, found.late_wall / HOUR) == (7.0, 23.0)


def test_in_time_nothing_is_late() -> None:
    found = take([], until=2, due=4)
    assert (found.late, found.late_by_step()) == (timedelta(), {})


@pytest.mark.parametrize(
    ("begin", "end", "hours"), [(0, 1, 1), (0, 24, 8), (3.5, 5, 0), (112, 144, 0), (0, 168, 40)], ids=str
)
def test_duty_time(begin: float, end: float, hours: float) -> None:
    assert duty_time(at(begin), at(end), CALENDAR) / HOUR == hours


STATES = st.sampled_from([("case", s) for s in C] + [("visit", s) for s in I] + [("reassigned", ""), ("nobody", "")])


@given(st.lists(st.tuples(st.floats(0, 200), STATES), max_size=12), st.floats(0, 200), st.floats(0, 200),
       st.lists(st.tuples(st.floats(0, 200), st.floats(0, 30)), max_size=3))  # fmt: skip
def test_every_moment_belongs_to_one_step_and_the_lateness_is_shared_whole(
    events: list[Any], until: float, due: float, pauses: list[tuple[float, float]]
) -> None:
    moments = [Moment(at(hour), kind, state) for hour, (kind, state) in events]
    found = take(moments, until=until, due=due, pauses=[(at(p), at(p + n)) for p, n in pauses])
    assert sum((one.wall for one in found.spent), timedelta()) == at(until) - MONDAY
    shared = sum(found.late_by_step().values(), timedelta())
    counted = sum((one.clock for one in found.spent if one.part is not Part.PAUSE), timedelta())
    assert shared == timedelta() or abs(shared - found.late) < timedelta(seconds=1)
    assert bool(shared) == bool(found.late and counted) or shared < timedelta(seconds=1)
