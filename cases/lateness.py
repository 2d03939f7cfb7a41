"""What the time of a clock was spent on: each step with its work, waiting, handovers and pauses. Pure.

Read from the history alone, so that nobody can improve the figures but by acting earlier. Each moment of the run belongs to
exactly one step and one part; what is late is laid on the steps by their share of the counted time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cases.deadline import ClockUnit, WorkCalendar
from cases.elapsed import Span, cut, elapsed, merge
from cases.lifecycle import CaseState as C
from cases.lifecycle import InspectionState as I


class Step(StrEnum):
    """Where a case stood."""

    TRIAGE = "triage"
    ASSIGNMENT = "assignment"
    VISIT = "visit"
    APPROVAL = "approval"  # recorded, waits for a leader's yes
    DECISION = "decision"
    OTHER_SIDE = "other_side"  # explanation, permit, compliance: the ball is not the office's
    RECHECK = "recheck"


class Part(StrEnum):
    """What the time was."""

    WORK = "work"
    WAITING = "waiting"
    HANDOVER = "handover"
    PAUSE = "pause"


@dataclass(frozen=True, slots=True)
class Moment:
    """One entry of the merged history. ``kind``: ``case`` or ``visit`` (a state entered), ``reassigned``, ``nobody``."""

    at: datetime
    kind: str
    state: str = ""


@dataclass(frozen=True, slots=True)
class Spent:
    """Time of one step and part: as the clock counts it, and by the wall."""

    step: Step
    part: Part
    clock: timedelta
    wall: timedelta


@dataclass(frozen=True, slots=True)
class Lateness:
    """A run taken apart. ``late`` is what was counted past the due moment; ``handovers`` how often somebody else got it."""

    spent: tuple[Spent, ...]
    late: timedelta
    late_wall: timedelta
    handovers: int

    def late_by_step(self) -> dict[Step, timedelta]:
        """The lateness laid on the steps by their share of the counted time, pauses left out; sums to ``late``."""
        counted: dict[Step, timedelta] = {}
        for one in self.spent:
            if one.part is not Part.PAUSE:
                counted[one.step] = counted.get(one.step, timedelta()) + one.clock
        total = sum(counted.values(), timedelta())
        if not self.late or not total:
            return {}
        return {step: self.late * (time / total) for step, time in counted.items() if time}


_W, _X = Part.WORK, Part.WAITING
_OF_CASE: Mapping[str, tuple[Step, Part]] = {
    C.OPENED: (Step.TRIAGE, _X),
    C.REOPENED: (Step.ASSIGNMENT, _X),
    C.ASSIGNED: (Step.VISIT, _X),
    C.VERIFYING: (Step.VISIT, _W),
    C.NO_VIOLATION: (Step.APPROVAL, _X),
    C.WARNED: (Step.APPROVAL, _X),
    C.FINED_ON_SPOT: (Step.APPROVAL, _X),
    C.STOP_ORDERED: (Step.OTHER_SIDE, _X),
    C.STOP_SUPERVISED: (Step.OTHER_SIDE, _X),
    C.CONTINUED_AFTER_STOP: (Step.DECISION, _W),
    C.AWAITING_PERMIT: (Step.OTHER_SIDE, _X),
    C.RECORDED: (Step.DECISION, _W),
    C.AWAITING_EXPLANATION: (Step.OTHER_SIDE, _X),
    C.AWAITING_DECISION: (Step.APPROVAL, _X),
    C.DECIDED: (Step.DECISION, _W),
    C.SERVED: (Step.OTHER_SIDE, _X),
    C.COMPLYING: (Step.OTHER_SIDE, _X),
    C.SUSPENDED: (Step.OTHER_SIDE, Part.PAUSE),
    C.OVERDUE: (Step.DECISION, _W),
}  # fmt: skip
_OF_VISIT: Mapping[str, tuple[Step, Part]] = {
    I.GIVEN: (Step.VISIT, _X),
    I.TAKEN: (Step.VISIT, _W),
    I.TRAVELLING: (Step.VISIT, _W),
    I.ON_SITE: (Step.VISIT, _W),
    I.POSTPONED: (Step.VISIT, _X),
    I.APPROVED: (Step.RECHECK, _X),
}  # fmt: skip


def decompose(
    moments: Sequence[Moment], *, started_at: datetime, ended_at: datetime, due_at: datetime, unit: ClockUnit,
    calendar: WorkCalendar, pauses: Sequence[Span] = (),
) -> Lateness:  # fmt: skip
    """Take one run of a clock apart, from its start to its end (or to now, while it runs)."""
    paused = merge(pauses)
    times: dict[tuple[Step, Part], list[timedelta]] = {}
    for step, part, begin, end in _segments(moments, started_at, ended_at):
        stopped = cut(begin, end, paused)
        wall_off = sum((last - first for first, last in stopped), timedelta())
        clock_off = sum((elapsed(first, last, unit, calendar) for first, last in stopped), timedelta())
        clock, wall = elapsed(begin, end, unit, calendar) - clock_off, end - begin - wall_off
        _add(times, (step, part), clock, wall)
        _add(times, (step, Part.PAUSE), clock_off, wall_off)
    spent = tuple(Spent(step, part, clock, wall) for (step, part), (clock, wall) in times.items() if wall or clock)
    inside = [m for m in moments if m.kind == "reassigned" and started_at < m.at <= ended_at]
    return Lateness(spent, elapsed(due_at, ended_at, unit, calendar), max(timedelta(), ended_at - due_at), len(inside))


def _segments(
    moments: Sequence[Moment], started_at: datetime, ended_at: datetime
) -> list[tuple[Step, Part, datetime, datetime]]:
    """The run cut at every entry of the history, each piece with what it belongs to."""
    where, begin, found = (Step.TRIAGE, _X), started_at, []
    for moment in sorted(moments, key=lambda m: m.at):
        if moment.at > ended_at:
            break
        if moment.at > begin:
            found.append((*where, begin, moment.at))
            begin = moment.at
        where = _follow(where, moment)
    if begin < ended_at:
        found.append((*where, begin, ended_at))
    return found


def _follow(where: tuple[Step, Part], moment: Moment) -> tuple[Step, Part]:
    if moment.kind == "reassigned":
        return Step.VISIT, Part.HANDOVER
    if moment.kind == "nobody":
        return Step.ASSIGNMENT, _X
    if moment.kind == "visit":
        is_handover = where == (Step.VISIT, Part.HANDOVER) and moment.state == I.GIVEN
        return where if is_handover else _OF_VISIT.get(moment.state, where)
    return _OF_CASE.get(moment.state, where)


def _add(
    times: dict[tuple[Step, Part], list[timedelta]], key: tuple[Step, Part], clock: timedelta, wall: timedelta
) -> None:
    entry = times.setdefault(key, [timedelta(), timedelta()])
    entry[0] += clock
    entry[1] += wall
