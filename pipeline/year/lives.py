"""What becomes of a year's arrivals: cases opened and joined, reviewed, visited, settled, come back. Pure.

Every move is one of ``cases.lifecycle``'s table (a test walks them), in the order in which the product's actions make them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from numpy.random import Generator

from cases.joining import RECURRENCE_PERIOD
from cases.lifecycle import CASE_ENDS
from cases.lifecycle import CaseState as C
from cases.outcome import CASE_STATE_OF, InspectionOutcome
from pipeline.year.draw import Arrival, Spot

O = InspectionOutcome
_OUTCOMES: tuple[tuple[InspectionOutcome, float], ...] = (
    (O.WARNED, 0.36), (O.VIOLATION, 0.16), (O.FINED_ON_SPOT, 0.16), (O.NO_VIOLATION, 0.16), (O.GONE, 0.14),
    (O.HANDED_OVER, 0.02),
)  # fmt: skip
_ACCEPTED, _DISMISSED = 0.35, 0.85  # of a camera's flags at a spot without a case: yes, no, the rest expires
LABELS = ("wrong_object", "off_sidewalk", "permitted", "private_land", "temporary", "funeral_or_wedding", "other")


@dataclass(frozen=True, slots=True)
class Step:
    """A move of a case. ``by``: ``system``, ``reviewer``, ``inspector`` or ``leader``."""

    at: datetime
    state: C
    by: str
    reason: str = ""


@dataclass(slots=True)
class CaseLife:
    """One case of the year, cut at its end. ``recurrence_of`` counts within the list of lives."""

    number: int
    spot: int
    opened_at: datetime
    recurrence_of: int | None
    steps: list[Step] = field(default_factory=list)
    arrivals: list[int] = field(default_factory=list)
    outcome: InspectionOutcome | None = None
    assigned_at: datetime | None = None
    on_site_at: datetime | None = None
    answered_at: datetime | None = None
    inspector: int = 0

    @property
    def state(self) -> C:
        """Where it stands at the end of the year."""
        return self.steps[-1].state if self.steps else C.OPENED

    @property
    def ended_at(self) -> datetime | None:
        """When it came to an end, if it has."""
        return self.steps[-1].at if self.steps and self.state in CASE_ENDS else None

    @property
    def closed_at(self) -> datetime | None:
        """When it was closed, if it was."""
        return self.steps[-1].at if self.state is C.CLOSED else None


@dataclass(slots=True)
class Lives:
    """All cases, and what was decided of flags that belong to none: index of the arrival to its label, or to expiry (empty)."""

    cases: list[CaseLife] = field(default_factory=list)
    loose: dict[int, str] = field(default_factory=dict)
    waiting: set[int] = field(default_factory=set)


def live(
    dice: Generator, spots: Sequence[Spot], arrivals: Sequence[Arrival], *, ends_at: datetime, inspectors: int
) -> Lives:
    """Run through the arrivals in order of time."""
    found, at_spot = Lives(), {}  # type: Lives, dict[int, CaseLife]
    for index, arrival in enumerate(arrivals):
        last = at_spot.get(arrival.spot)
        if last is not None and (last.ended_at is None or last.ended_at > arrival.at):
            last.arrivals.append(index)
            continue
        if not arrival.is_report and not _opens(dice, found, index, arrival, ends_at):
            continue
        former = last.number if last is not None and _is_recurrence(last, arrival.at) else None
        case = CaseLife(len(found.cases), arrival.spot, arrival.at, former, arrivals=[index])
        case.inspector = int(dice.integers(inspectors))
        case.steps = [step for step in _walk(dice, case, spots[arrival.spot]) if step.at <= ends_at]
        _cut(case, ends_at)
        found.cases.append(case)
        at_spot[arrival.spot] = case
    return found


def _opens(dice: Generator, found: Lives, index: int, arrival: Arrival, ends_at: datetime) -> bool:
    """Whether a reviewer says yes to a camera's flag where no case is open."""
    fate = dice.random()
    if fate < _ACCEPTED:
        return True
    if ends_at - arrival.at < timedelta(days=2):
        found.waiting.add(index)
    else:
        found.loose[index] = str(dice.choice(LABELS)) if fate < _DISMISSED else ""
    return False


def _is_recurrence(last: CaseLife, at: datetime) -> bool:
    return last.closed_at is not None and timedelta(0) <= at - last.closed_at <= RECURRENCE_PERIOD


def _walk(dice: Generator, case: CaseLife, spot: Spot) -> Iterator[Step]:
    """The moves of a case in order; cut by the caller where the year ends."""
    at = case.opened_at + _hours(dice, 0.7)
    if dice.random() < 0.07:
        yield Step(at, C.DISMISSED, "reviewer", str(dice.choice(LABELS)))
        return
    case.assigned_at = at
    yield Step(at, C.ASSIGNED, "reviewer")
    at += _hours(dice, 1.4 if spot.use != "construction" else 9.0)
    case.on_site_at = at
    yield Step(at, C.VERIFYING, "inspector")
    case.outcome = _choose_outcome(dice, spot)
    at += timedelta(minutes=float(dice.uniform(6, 35)))
    yield Step(at, CASE_STATE_OF[case.outcome], "inspector", case.outcome.value)
    case.answered_at = at + _hours(dice, 5.0)
    yield from _settle(dice, CASE_STATE_OF[case.outcome], at, spot)


def _settle(dice: Generator, state: C, at: datetime, spot: Spot) -> Iterator[Step]:
    if state is C.RECORDED:
        for target, days in (
            (C.AWAITING_DECISION, 1.0),
            (C.DECIDED, 5.0),
            (C.SERVED, 1.5),
            (C.COMPLYING, 0.1),
            (C.COMPLIED, 6.0),
        ):
            at += _hours(dice, 24 * days)
            yield Step(at, target, "leader" if target is C.DECIDED else "inspector")
    if state is C.STOP_ORDERED:
        for target, days in ((C.STOP_SUPERVISED, 0.5), (C.AWAITING_PERMIT, 2.0), (C.PERMIT_OBTAINED, 40.0)):
            at += _hours(dice, 24 * days)
            yield Step(at, target, "inspector")
    if state is C.HANDED_OVER:
        return
    if state is not C.NO_VIOLATION:
        at += timedelta(days=3) + _hours(dice, 3.0)
        yield Step(at, C.RECHECK, "inspector")
    at += _hours(dice, 20.0 * (1.2 - spot.habit))
    yield Step(at, C.CLOSED, "leader")


def _choose_outcome(dice: Generator, spot: Spot) -> InspectionOutcome:
    if spot.use == "construction" and dice.random() < 0.3:
        return O.STOP_ORDERED
    chances = [chance for _, chance in _OUTCOMES]
    return _OUTCOMES[int(dice.choice(len(_OUTCOMES), p=[chance / sum(chances) for chance in chances]))][0]


def _hours(dice: Generator, median: float) -> timedelta:
    """A waiting time with a long tail."""
    return timedelta(hours=float(dice.lognormal(0.0, 0.9)) * median)


def _cut(case: CaseLife, ends_at: datetime) -> None:
    """Forget what would have come after the year's end."""
    if case.assigned_at is not None and case.assigned_at > ends_at:
        case.assigned_at = None
    if case.on_site_at is not None and case.on_site_at > ends_at:
        case.on_site_at = None
    if case.outcome is not None and not any(step.reason == case.outcome.value for step in case.steps):
        case.outcome = None
    if case.answered_at is not None and (case.answered_at > ends_at or case.outcome is None):
        case.answered_at = None
