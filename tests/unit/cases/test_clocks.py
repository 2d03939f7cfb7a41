"""Clocks read out of a history: what starts, stops, holds and resumes them; never a transfer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cases.clocks import ARRIVED, ClockCode, ClockEvent, policy_code, read_clocks
from cases.lifecycle import CASE_ENDS
from cases.lifecycle import CaseState as C

START = datetime(2026, 11, 20, 2, tzinfo=UTC)


def history(*states: str) -> list[ClockEvent]:
    """One state an hour."""
    return [ClockEvent(START + timedelta(hours=n), str(state)) for n, state in enumerate(states)]


def runs(code: ClockCode, *states: str) -> list[tuple[float, float | None]]:
    """Hours from the start at which the runs of one clock began and stopped."""
    found = [run for run in read_clocks(history(*states)) if run.code is code]
    return [(_hours(run.started_at), _hours(run.stopped_at) if run.stopped_at else None) for run in found]


def _hours(at: datetime) -> float:
    return (at - START).total_seconds() / 3600


@pytest.mark.parametrize(
    ("code", "states", "expected"),
    [
        (ClockCode.TRIAGE, (C.OPENED,), [(0, None)]),
        (ClockCode.TRIAGE, (C.OPENED, C.ASSIGNED), [(0, 1)]),
        (ClockCode.TRIAGE, (C.OPENED, C.DISMISSED), [(0, 1)]),
        (ClockCode.TRIAGE, (C.OPENED, C.DISMISSED, C.OPENED), [(0, 1), (2, None)]),
        (ClockCode.VISIT, (C.OPENED, C.ASSIGNED, C.ASSIGNED, C.ASSIGNED), [(1, None)]),
        (ClockCode.VISIT, (C.OPENED, C.ASSIGNED, ARRIVED, C.VERIFYING, C.WARNED), [(1, 2)]),
        (ClockCode.VISIT, (C.OPENED, C.ASSIGNED, ARRIVED, C.VERIFYING, C.ASSIGNED), [(1, None)]),
        (ClockCode.VISIT, (C.OPENED, C.ASSIGNED, ARRIVED, C.VERIFYING, C.ASSIGNED, ARRIVED, C.NO_VIOLATION), [(1, 5)]),
        (ClockCode.VISIT, (C.OPENED, C.ASSIGNED, ARRIVED, C.NO_VIOLATION, C.CLOSED, C.REOPENED, C.ASSIGNED), [(1, 2), (6, None)]),
        (ClockCode.VISIT, (C.OPENED, C.ASSIGNED, C.HANDED_OVER), [(1, 2)]),
        (ClockCode.DECISION, (C.VERIFYING, C.RECORDED, C.AWAITING_EXPLANATION, C.AWAITING_DECISION, C.DECIDED), [(1, 4)]),
        (ClockCode.COMPLY, (C.DECIDED, C.SERVED, C.COMPLYING, C.SUSPENDED, C.COMPLYING, C.COMPLIED), [(1, 5)]),
        (ClockCode.PERMIT_CURE, (C.AWAITING_PERMIT, C.PERMIT_TERM_OVER), [(0, 1)]),
        (ClockCode.RECHECK, (C.WARNED, C.RECHECK, C.CLOSED), [(0, 1)]),
    ],
)  # fmt: skip
def test_a_clock_runs_from_its_start_to_its_stop(
    code: ClockCode, states: tuple[str, ...], expected: list[tuple[float, float | None]]
) -> None:
    assert runs(code, *states) == expected


def test_a_suspended_decision_holds_the_clock_of_compliance() -> None:
    [run] = [
        r for r in read_clocks(history(C.SERVED, C.SUSPENDED, C.COMPLYING, C.COMPLIED)) if r.code is ClockCode.COMPLY
    ]
    assert run.held == ((START + timedelta(hours=1), START + timedelta(hours=2)),)


@pytest.mark.parametrize("end", sorted(CASE_ENDS))
def test_every_clock_stops_when_the_case_ends(end: C) -> None:
    found = read_clocks(history(C.OPENED, C.ASSIGNED, C.RECORDED, C.SERVED, C.WARNED, C.AWAITING_PERMIT, end))
    assert len(found) == 6
    assert [run for run in found if run.stopped_at is None] == []


def test_a_server_clock_set_back_makes_no_negative_time() -> None:
    events = [ClockEvent(START, C.OPENED), ClockEvent(START - timedelta(hours=2), C.ASSIGNED)]
    [triage, visit] = read_clocks(events)
    assert (triage.started_at, triage.stopped_at, visit.started_at) == (START, START, START)


def test_building_work_has_its_own_length_of_the_first_check() -> None:
    assert policy_code(ClockCode.VISIT, "construction") == "construction_first_check"
    assert policy_code(ClockCode.VISIT, "parking") == "on_site"
    assert policy_code(ClockCode.DECISION, "parking") == "decision"
