"""Which clocks of a case ran from when to when, read from its history alone (domain 5.3). Pure.

A clock follows the case through every transfer and never begins anew for it; a visit that found no access does not stop
the clock of the visit. What the history does not show has not happened: clocks can be rebuilt from it at any time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from cases.calendar_pack import PolicyCode
from cases.lifecycle import CASE_ENDS
from cases.lifecycle import CaseState as C
from cases.lifecycle import InspectionState as I
from intake.kinds import Category


class ClockCode(StrEnum):
    """The clocks of a case."""

    TRIAGE = "triage"
    VISIT = "visit"
    RECORD = "record"
    DECISION = "decision"
    COMPLY = "comply"
    PERMIT_CURE = "permit_cure"
    RECHECK = "recheck"


@dataclass(frozen=True, slots=True)
class ClockRule:
    """When a clock starts and stops, by the states the case enters. In ``holds`` it stands still by law.

    ``resumes`` are states that show that it had stopped too early: it runs on as if it never had.
    """

    starts: frozenset[str]
    stops: frozenset[str]
    holds: frozenset[str] = frozenset()
    resumes: frozenset[str] = frozenset()


ARRIVED = I.ON_SITE.value
_OUTCOMES = {C.NO_VIOLATION, C.WARNED, C.FINED_ON_SPOT, C.RECORDED, C.STOP_ORDERED}
_SETTLED = {C.WARNED, C.FINED_ON_SPOT, C.COMPLIED, C.NOT_SANCTIONED, C.DECISION_CANCELLED, C.PERMIT_OBTAINED}
RULES: Mapping[ClockCode, ClockRule] = {
    ClockCode.TRIAGE: ClockRule(frozenset({C.OPENED}), frozenset({C.ASSIGNED, C.VERIFYING})),
    ClockCode.VISIT: ClockRule(
        frozenset({C.ASSIGNED}), frozenset({ARRIVED, *_OUTCOMES}), resumes=frozenset({C.ASSIGNED})
    ),
    ClockCode.RECORD: ClockRule(frozenset({C.CONTINUED_AFTER_STOP}), frozenset({C.RECORDED, C.DISMANTLING_ORDERED})),
    ClockCode.DECISION: ClockRule(
        frozenset({C.RECORDED}), frozenset({C.DECIDED, C.NOT_SANCTIONED, C.HANDED_OVER, C.CRIMINAL_REFERRAL})
    ),
    ClockCode.COMPLY: ClockRule(
        frozenset({C.SERVED}), frozenset({C.COMPLIED, C.OVERDUE, C.ENFORCED, C.DECISION_CANCELLED}),
        holds=frozenset({C.SUSPENDED}),
    ),
    ClockCode.PERMIT_CURE: ClockRule(frozenset({C.AWAITING_PERMIT}), frozenset({C.PERMIT_OBTAINED, C.PERMIT_TERM_OVER})),
    ClockCode.RECHECK: ClockRule(frozenset(_SETTLED), frozenset({C.RECHECK, C.CLOSED})),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClockEvent:
    """A state entered: of the case, or ``on_site`` when an inspector arrived."""

    at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class ClockRun:
    """One run of a clock. ``held`` are the spans in which it stood still by law; an open one has no end."""

    code: ClockCode
    number: int
    started_at: datetime
    stopped_at: datetime | None = None
    held: tuple[tuple[datetime, datetime | None], ...] = field(default=())


def policy_code(clock: ClockCode, use: str, *, with_route: bool = False) -> str:
    """The dated policy that gives this clock its length. A case settled with the day's route waits for that route."""
    if clock is ClockCode.VISIT and with_route and use != Category.CONSTRUCTION:
        return PolicyCode.ROUTINE_ROUND
    if clock is ClockCode.VISIT:
        return PolicyCode.CONSTRUCTION_FIRST_CHECK if use == Category.CONSTRUCTION else PolicyCode.ON_SITE
    return clock.value


def read_clocks(events: Iterable[ClockEvent]) -> tuple[ClockRun, ...]:
    """Every run of every clock, in the order of the table. Events stand in the order in which they were written."""
    ordered = _in_order(events)
    runs = [run for code, rule in RULES.items() for run in _runs_of(code, rule, ordered)]
    return tuple(runs)


def _in_order(events: Iterable[ClockEvent]) -> list[ClockEvent]:
    """A server whose clock was set back writes earlier moments later: time never runs backwards here."""
    ordered: list[ClockEvent] = []
    for event in events:
        at = max(event.at, ordered[-1].at) if ordered else event.at
        ordered.append(ClockEvent(at, event.state))
    return ordered


def _runs_of(code: ClockCode, rule: ClockRule, events: Sequence[ClockEvent]) -> list[ClockRun]:
    runs: list[ClockRun] = []
    for event in events:
        running = bool(runs) and runs[-1].stopped_at is None
        may_resume = (
            bool(runs) and not running and event.state in rule.resumes and not _left_since(runs[-1], events, event)
        )
        if may_resume:
            runs[-1] = replace(runs[-1], stopped_at=None)
        elif running and (event.state in rule.stops or event.state in CASE_ENDS):
            runs[-1] = _hold(replace(runs[-1], stopped_at=event.at), rule, event)
        elif running:
            runs[-1] = _hold(runs[-1], rule, event)
        elif event.state in rule.starts:
            runs.append(ClockRun(code, len(runs) + 1, event.at))
    return runs


def _left_since(run: ClockRun, events: Sequence[ClockEvent], now: ClockEvent) -> bool:
    """Whether the case left the visit for good (an outcome, an end) between the stop of a run and this event."""
    gone = {*_OUTCOMES, *CASE_ENDS, C.REOPENED}
    stop = run.stopped_at or now.at
    return any(event.state in gone for event in events if stop <= event.at <= now.at and event is not now)


def _hold(run: ClockRun, rule: ClockRule, event: ClockEvent) -> ClockRun:
    if event.state in rule.holds:
        return replace(run, held=(*run.held, (event.at, None)))
    if run.held and run.held[-1][1] is None:
        return replace(run, held=(*run.held[:-1], (run.held[-1][0], event.at)))
    return run
