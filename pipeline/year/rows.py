"""A year's lives as rows, in bulk: the tables' own triggers stand, histories are whole, everything says that it is generated.

Rows are written in the states they ended in, each with the history that the product's actions would have left
(``bench.lived_year`` lives a sample through them and compares); clocks are read out of the histories by the product's own
action. Nobody is told: no notice is queued, nothing is escalated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Model
from numpy.random import Generator

from cases.actions.clocks import refresh_clocks
from cases.calendar_pack import PolicyCode
from cases.clocks import ClockCode, policy_code
from cases.deadline import Deadline, due
from cases.interim import REPLIES
from cases.joining import case_code
from cases.late_causes import LateCause
from cases.lifecycle import CaseState as C
from cases.lifecycle import InspectionState as I
from cases.models import (
    Assignment,
    Case,
    CaseClock,
    CaseCounter,
    CaseEvent,
    CaseFlag,
    CaseRequest,
    Inspection,
    InspectionEvent,
    LateEntry,
    Unit,
)  # fmt: skip
from cases.outcome import CONFIRMS_VIOLATION, OUTCOME_NEEDS_REASON
from cases.queries.calendars import get_calendar
from geo.models import City
from intake.models import InterimReply, ServiceRequest, ServiceRequestEvent
from pipeline.year.arrivals import LABEL, PIN_ACCURACY_M, Arrived
from pipeline.year.draw import Arrival, Spot
from pipeline.year.fates import FlagFate, RequestMove, decide_flag, reply_in_the_interim, walk_request
from pipeline.year.lives import IN_HAND, CaseLife, Lives
from rules.models import FlagEvent

BATCH = 5_000
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who acts: per ward its unit, inspectors, a reviewer and a leader; the default city."""

    city: City
    units: dict[str, Unit]
    inspectors: dict[str, list[Any]]
    reviewers: dict[str, Any]
    leaders: dict[str, Any]

    def inspector(self, life: CaseLife, ward: str) -> Any:
        """Who is sent."""
        team = self.inspectors[ward]
        return team[life.inspector % len(team)]

    def name(self, by: str, life: CaseLife, ward: str) -> str:
        """The user name behind a part: ``reviewer``, ``inspector``, ``leader``; anything else stands for itself."""
        if by == "inspector":
            return str(self.inspector(life, ward).get_username())
        people = {"reviewer": self.reviewers, "leader": self.leaders}.get(by)
        return str(people[ward].get_username()) if people else by


class YearWriter:
    """Turns lives into rows; ``counts`` tells how many of each."""

    def __init__(
        self, dice: Generator, cast: Cast, spots: Sequence[Spot], arrivals: Sequence[Arrival], arrived: Arrived
    ) -> None:
        self.dice, self.cast, self.spots, self.arrivals, self.arrived = dice, cast, spots, arrivals, arrived
        self.counts: Counter[str] = Counter()
        self.zone = ZoneInfo(cast.city.timezone)
        self.calendar = get_calendar(cast.city).pack
        self.fates: dict[int, FlagFate] = {}
        self.moves: dict[int, tuple[RequestMove, ...]] = {}

    def write_arrived(self) -> None:
        """What arrived, as if nobody had looked at it yet."""
        for kind, rows in self.arrived.rows():
            self._keep(kind, rows)

    def write(self, lives: Lives, *, ends_at: datetime) -> None:
        """All of it, from below."""
        self.decide(lives, ends_at)
        flag_events = [*self._end_flags(lives), *self._end_loose_flags(lives, ends_at)]
        request_events, replies = self._end_requests(lives, ends_at)
        self.write_arrived()
        self._keep(FlagEvent, sorted(flag_events, key=lambda event: event.at))
        self._keep(ServiceRequestEvent, request_events)
        self._keep(InterimReply, replies)
        cases = self._write_cases(lives)
        self._write_joins(lives, cases)
        self._write_visits(lives, cases, ends_at)
        self.counts["clocks"] = refresh_clocks([case.pk for case in cases])
        self._explain_lateness(lives, cases)

    def decide(self, lives: Lives, ends_at: datetime) -> None:
        """What becomes of each report and flag of a case."""
        for life in lives.cases:
            for index in life.arrivals:
                arrival = self.arrivals[index]
                if index in self.arrived.flags:
                    is_flagged = self.arrived.flags[index].verdict == "flagged"
                    self.fates[index] = decide_flag(life, arrival, is_flagged=is_flagged, ends_at=ends_at)
                if index in self.arrived.requests:
                    self.moves[index] = walk_request(life, arrival, ends_at=ends_at, closes_after=self._closes_after)

    def _closes_after(self, answered_at: datetime) -> tuple[datetime, str]:
        policy = self.calendar.policy(PolicyCode.AUTO_CLOSE, answered_at.astimezone(self.zone).date())
        closed_at = due(answered_at, policy, self.calendar.calendar).due_at
        return closed_at, f"nothing heard within {policy.amount} {policy.unit}"

    def _end_flags(self, lives: Lives) -> Iterator[FlagEvent]:
        for life in lives.cases:
            ward = self.spots[life.spot].ward_code
            for index in life.arrivals:
                fate = self.fates.get(index)
                if fate is not None and fate.state != "new":
                    actor = self.cast.name("reviewer", life, ward)
                    yield self._end_flag(index, fate.state, fate.at, actor, reason=fate.label)

    def _end_loose_flags(self, lives: Lives, ends_at: datetime) -> Iterator[FlagEvent]:
        """Of cameras, where no case came of it: a reviewer said no, or nobody looked in time."""
        for index, label in lives.loose.items():
            arrival = self.arrivals[index]
            if label:
                reviewer = self.cast.reviewers[self.spots[arrival.spot].ward_code].get_username()
                yield self._end_flag(index, "dismissed", arrival.at + timedelta(hours=2), reviewer, reason=label)
                continue
            policy = self.calendar.policy(PolicyCode.FLAG_REVIEW, arrival.at.astimezone(self.zone).date())
            over_at = due(arrival.at, policy, self.calendar.calendar).due_at
            if over_at <= ends_at:
                note = f"not reviewed within {policy.amount} {policy.unit}"
                yield self._end_flag(index, "expired", over_at, "system", note=note)

    def _end_flag(
        self, index: int, state: str, at: datetime, actor: str, *, reason: str = "", note: str = ""
    ) -> FlagEvent:
        flag = self.arrived.flags[index]
        flag.state, flag.version = state, 2
        return FlagEvent(flag=flag, at=at, actor=actor, from_state="new", to_state=state, reason=reason, note=note)

    def _end_requests(self, lives: Lives, ends_at: datetime) -> tuple[list[ServiceRequestEvent], list[InterimReply]]:
        events, replies = [], []
        for life in lives.cases:
            ward = self.spots[life.spot].ward_code
            for index in life.arrivals:
                moves = self.moves.get(index, ())
                if not moves:
                    continue
                request = self.arrived.requests[index]
                request.status, request.version = moves[-1].status.value, len(moves)
                for before, one in pairwise(moves):
                    events.append(ServiceRequestEvent(
                        service_request=request, at=one.at, actor=self.cast.name(one.by, life, ward),
                        from_status=before.status.value, to_status=one.status.value, reason=one.reason,
                    ))  # fmt: skip
                told = reply_in_the_interim(moves, self._promise(request), ends_at=ends_at)
                if told is not None:
                    replies.append(InterimReply(service_request=request, at=told[0], standing=told[1]))
        return events, replies

    def _promise(self, request: ServiceRequest) -> Deadline:
        policy = self.calendar.policy(PolicyCode.FIRST_REPLY, request.submitted_at.astimezone(self.zone).date())
        return due(request.submitted_at, policy, self.calendar.calendar)

    def _write_cases(self, lives: Lives) -> list[Case]:
        numbers: Counter[str] = Counter()
        cases: list[Case] = []
        events: list[CaseEvent] = []
        for life in lives.cases:
            spot, local = self.spots[life.spot], life.opened_at.astimezone(self.zone)
            numbers[f"SIM-{local:%y%m}"] += 1
            former = cases[life.recurrence_of] if life.recurrence_of is not None else None
            point, accuracy_m = self._place(life)
            case = Case(
                id=UUID(bytes=self.dice.bytes(16), version=4), code=case_code("SIM", local, numbers[f"SIM-{local:%y%m}"]),
                city=self.cast.city, use=spot.use, state=life.state.value, version=1 + len(life.steps), point=point,
                accuracy_m=accuracy_m, unit_code=spot.ward_code,
                unit=self.cast.units[spot.ward_code] if life.assigned_at is not None else None,
                recurrence_of=former, opened_at=life.opened_at, closed_at=life.closed_at,
            )  # fmt: skip
            cases.append(case)
            events += sorted(self._case_events(case, life, former), key=lambda event: event.at)
        self._keep(Case, cases)
        self._keep(CaseEvent, events)
        CaseCounter.objects.bulk_create([CaseCounter(month=month, last=last) for month, last in numbers.items()])
        return cases

    def _place(self, life: CaseLife) -> tuple[Any, float | None]:
        """That of the report that opened it, or of the flag that a reviewer accepted."""
        if life.by_report:
            index = next(i for i in life.arrivals if i in self.arrived.requests)
            return self.arrived.observations[index].pin_point, PIN_ACCURACY_M
        flag = self.arrived.flags[life.arrivals[0]]
        return flag.point, flag.accuracy_m

    def _case_events(self, case: Case, life: CaseLife, former: Case | None) -> Iterator[CaseEvent]:
        """In the order in which the actions append what they do at one moment."""
        ward = self.spots[life.spot].ward_code
        reviewer = self.cast.name("reviewer", life, ward)
        detail = {"generated": LABEL} | ({"recurrence_of": former.code} if former is not None else {})
        opener = "system" if life.by_report else reviewer
        yield CaseEvent(case=case, at=life.opened_at, actor=opener, kind="opened", to_state="opened", detail=detail)
        yield from self._arrival_events(case, life, reviewer)
        before = C.OPENED
        for step in life.steps:
            actor = self.cast.name(step.by, life, ward)
            if step.state is C.ASSIGNED:
                yield self._given_event(case, life, actor)
            if life.outcome is not None and step.at == life.done_at:
                yield CaseEvent(case=case, at=step.at, actor=actor, kind="inspected", detail=self._found(case, life))
            yield CaseEvent(
                case=case, at=step.at, actor=actor, kind="move", from_state=before.value, to_state=step.state.value,
                reason=step.reason,
            )  # fmt: skip
            before = step.state

    def _arrival_events(self, case: Case, life: CaseLife, reviewer: str) -> Iterator[CaseEvent]:
        for index in life.arrivals:
            if index in self.arrived.requests:
                yield CaseEvent(case=case, at=self.arrivals[index].at + IN_HAND, actor="system", kind="voice_joined")
            fate = self.fates.get(index)
            if fate is None:
                continue
            flag = self.arrived.flags[index]
            named: dict[str, object] = {"flag": str(flag.id), "verdict": flag.verdict, "rule": flag.rule_code}
            if fate.near_at is not None:
                yield CaseEvent(case=case, at=fate.near_at, actor="system", kind="flag_near", detail=named)
            if fate.is_confirmed:
                yield CaseEvent(case=case, at=fate.at, actor=reviewer, kind="flag_joined", detail=named)
            if fate.state == "dismissed" and fate.near_at is not None:
                said = {"flag": str(flag.id), "label": fate.label}
                yield CaseEvent(case=case, at=fate.at, actor=reviewer, kind="flag_dismissed", detail=said)

    def _given_event(self, case: Case, life: CaseLife, actor: str) -> CaseEvent:
        assigned_at = life.assigned_at or life.opened_at
        detail = {
            "inspector": self.cast.name("inspector", life, case.unit_code), "unit": case.unit.code if case.unit else "",
            "due_at": self._due_at(case, assigned_at).isoformat(),
        }  # fmt: skip
        return CaseEvent(case=case, at=assigned_at, actor=actor, kind="assigned", detail=detail)

    def _due_at(self, case: Case, assigned_at: datetime) -> datetime:
        policy = self.calendar.policy(policy_code(ClockCode.VISIT, case.use), assigned_at.astimezone(self.zone).date())
        return due(assigned_at, policy, self.calendar.calendar).due_at

    def _found(self, case: Case, life: CaseLife) -> dict[str, object]:
        outcome = life.outcome
        return {
            "inspection": str(self._visit_id(case)), "outcome": outcome.value if outcome else "",
            "free_width_m": width_of(life, case.use), "is_violation": outcome in CONFIRMS_VIOLATION,
        }  # fmt: skip

    @staticmethod
    def _visit_id(case: Case) -> UUID:
        """Of the case's one visit."""
        return UUID(bytes=case.pk.bytes[::-1], version=4)

    def _write_joins(self, lives: Lives, cases: Sequence[Case]) -> None:
        flags, requests = [], []
        for life, case in zip(lives.cases, cases, strict=True):
            for index in life.arrivals:
                if index in self.arrived.requests:
                    request = self.arrived.requests[index]
                    requests.append(CaseRequest(
                        case=case, service_request=request, joined_at=self.arrivals[index].at + IN_HAND,
                        reply_due_at=self._promise(request).due_at,
                        replied_at=next((one.at for one in self.moves.get(index, ()) if one.status in REPLIES), None),
                    ))  # fmt: skip
                fate = self.fates.get(index)
                if fate is not None and fate.joined_at is not None:
                    flags.append(CaseFlag(
                        case=case, flag=self.arrived.flags[index], joined_at=fate.joined_at,
                        is_confirmed=fate.is_confirmed,
                    ))  # fmt: skip
        self._keep(CaseFlag, flags)
        self._keep(CaseRequest, requests)

    def _write_visits(self, lives: Lives, cases: Sequence[Case], ends_at: datetime) -> None:
        assignments, visits, events = [], [], []
        for life, case in zip(lives.cases, cases, strict=True):
            if life.assigned_at is None:
                continue
            person, ward = self.cast.inspector(life, case.unit_code), case.unit_code
            reviewer = self.cast.name("reviewer", life, ward)
            assignments.append(Assignment(
                case=case, inspector=person, due_at=self._due_at(case, life.assigned_at), assigned_at=life.assigned_at,
                assigned_by=reviewer, why={"rule": LABEL, "unit": case.unit.code if case.unit else ""},
            ))  # fmt: skip
            moves = list(_visit_moves(life, ends_at))
            visit = self._visit(life, case, person, moves)
            visits.append(visit)
            before = ""
            for at, state, by, reason in moves:
                events.append(InspectionEvent(
                    inspection=visit, at=at, actor=self.cast.name(by, life, ward), from_state=before, to_state=state,
                    reason=reason,
                ))  # fmt: skip
                before = state
        self._keep(Assignment, assignments)
        self._keep(Inspection, visits)
        self._keep(InspectionEvent, events)

    def _visit(
        self, life: CaseLife, case: Case, person: Any, moves: Sequence[tuple[datetime, str, str, str]]
    ) -> Inspection:
        return Inspection(
            id=self._visit_id(case), case=case, inspector=person, state=moves[-1][1], version=len(moves),
            outcome=life.outcome.value if life.outcome else "", reason=reason_of(life),
            free_width_m=width_of(life, case.use) if life.outcome else None, created_at=moves[0][0],
            completed_at=life.done_at,
        )  # fmt: skip

    def _explain_lateness(self, lives: Lives, cases: Sequence[Case]) -> None:
        """Before a result is approved or a case closed, its leader says why what was late by then was; nobody says more."""
        by_case = {case.pk: life for life, case in zip(lives.cases, cases, strict=True)}
        entries, events = [], []
        for clock in CaseClock.objects.order_by("pk").iterator(chunk_size=BATCH):
            life = by_case[clock.case_id]
            gates = (gate - SECOND for gate in (life.answered_at, life.closed_at) if gate is not None)
            is_late = clock.stopped_at is None or clock.stopped_at > clock.due_at
            said_at = next((gate for gate in gates if gate > clock.due_at and gate >= clock.started_at), None)
            if not is_late or said_at is None:
                continue
            cause, actor = cause_of(life, clock), self.cast.name("leader", life, self.spots[life.spot].ward_code)
            entries.append(LateEntry(clock=clock, cause=cause, by=actor, at=said_at, note=LABEL))
            over = clock.stopped_at is not None and clock.stopped_at <= said_at
            detail = {"clock": clock.code, "late_s": round(clock.late_s) if over else 0}
            events.append(CaseEvent(
                case_id=clock.case_id, at=said_at, actor=actor, kind="late_cause", reason=cause, detail=detail
            ))  # fmt: skip
        self._keep(LateEntry, entries)
        self._keep(CaseEvent, events)

    def _keep(self, kind: type[Model], rows: Iterable[Any]) -> None:
        found = list(rows)
        kind._default_manager.bulk_create(found, batch_size=BATCH)
        self.counts[kind._meta.model_name or ""] += len(found)


def width_of(life: CaseLife, use: str) -> float | None:
    """The free width by tape, in metres; none on building sites."""
    return None if use == "construction" else round(0.3 + life.number * 37 % 190 / 100, 2)


def cause_of(life: CaseLife, clock: CaseClock) -> str:
    """The cause that a leader gives for a late clock; all ten come up."""
    causes = list(LateCause)
    return causes[(life.number + len(clock.code) + clock.number) % len(causes)].value


def reason_of(life: CaseLife) -> str:
    """What the inspector writes where an outcome needs a reason."""
    return life.outcome.value if life.outcome in OUTCOME_NEEDS_REASON and life.outcome is not None else ""


def _visit_moves(life: CaseLife, ends_at: datetime) -> Iterator[tuple[datetime, str, str, str]]:
    """The states of the visit: when, by whom, why."""
    began = life.assigned_at or life.opened_at
    yield began, I.DRAFT.value, "reviewer", ""
    for at, state, by in ((began + MINUTE, I.GIVEN, "leader"), (began + 2 * MINUTE, I.TAKEN, "inspector")):
        if at <= ends_at:
            yield at, state.value, by, ""
    if life.on_site_at is not None:
        yield life.on_site_at, I.ON_SITE.value, "inspector", ""
    if life.done_at is not None and life.outcome is not None:
        yield life.done_at, I.COMPLETED.value, "inspector", life.outcome.value
    if life.answered_at is not None:
        yield life.answered_at, I.APPROVED.value, "leader", ""


def group_by_ward(people: Sequence[tuple[str, Any]]) -> dict[str, list[Any]]:
    """People by the ward they serve."""
    found: dict[str, list[Any]] = {}
    for ward, person in people:
        found.setdefault(ward, []).append(person)
    return found
