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
IN_HAND = timedelta(seconds=4)  # from the sender's touch to the case, on a machine that is not busy
LOOKS = timedelta(minutes=3)  # a reviewer needs that long at least
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
    """One case of the year, cut at its end. ``recurrence_of`` counts within the list of lives.

    ``by_report``: a report opened it the moment it came; else a reviewer did, with the yes to a camera's flag.
    """

    number: int
    spot: int
    opened_at: datetime
    by_report: bool
    recurrence_of: int | None
    steps: list[Step] = field(default_factory=list)
    arrivals: list[int] = field(default_factory=list)
    outcome: InspectionOutcome | None = None
    assigned_at: datetime | None = None
    on_site_at: datetime | None = None
    done_at: datetime | None = None
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
    found, at_spot, closed_at_spot = Lives(), {}, {}  # type: Lives, dict[int, CaseLife], dict[int, CaseLife]
    for index, arrival in enumerate(arrivals):
        at, last = arrival.at + IN_HAND, at_spot.get(arrival.spot)
        if last is not None and (last.ended_at is None or last.ended_at > at):
            last.arrivals.append(index)
            if arrival.is_report and at < last.opened_at:
                last.opened_at, last.by_report = at, True  # it comes while a reviewer still looks at the camera's flag
            continue
        if last is not None and last.state is C.CLOSED:
            closed_at_spot[arrival.spot] = last
        if not arrival.is_report and not _opens(dice, found, index, arrival, ends_at):
            continue
        opened_at = at if arrival.is_report else at + LOOKS + _hours(dice, 0.7)
        if opened_at > ends_at:
            found.waiting.add(index)
            continue
        former = closed_at_spot.get(arrival.spot)
        again = former.number if former is not None and _is_recurrence(former, opened_at) else None
        case = CaseLife(len(found.cases), arrival.spot, opened_at, arrival.is_report, again, arrivals=[index])
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
    at = case.opened_at + LOOKS + _hours(dice, 0.7) if case.by_report else case.opened_at
    if case.by_report and dice.random() < 0.07:
        yield Step(at, C.DISMISSED, "reviewer", str(dice.choice(LABELS)))
        return
    case.assigned_at = at
    yield Step(at, C.ASSIGNED, "reviewer")
    at += LOOKS + _hours(dice, 1.4 if spot.use != "construction" else 9.0)
    case.on_site_at = at
    yield Step(at, C.VERIFYING, "inspector")
    case.outcome = _choose_outcome(dice, spot)
    at += timedelta(minutes=float(dice.uniform(6, 35)))
    yield Step(at, CASE_STATE_OF[case.outcome], "inspector", case.outcome.value)
    case.done_at, case.answered_at = at, at + LOOKS + _hours(dice, 5.0)
    yield from _settle(dice, CASE_STATE_OF[case.outcome], at, case.answered_at, spot)


def _settle(dice: Generator, state: C, at: datetime, answered_at: datetime, spot: Spot) -> Iterator[Step]:
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
    at = max(at, answered_at) + _hours(dice, 20.0 * (1.2 - spot.habit))
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
    for name in ("assigned_at", "on_site_at", "done_at", "answered_at"):
        moment = getattr(case, name)
        if moment is not None and moment > ends_at:
            setattr(case, name, None)
    if case.done_at is None:
        case.outcome = None
