"""The year as rows, in bulk: the tables' own triggers stand, histories are whole, everything says that it is generated.

Rows are written in the states they ended in, each with the history that leads there; clocks are then read out of the
histories by the product's own action. Nobody is told: no notice is queued.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.gis.geos import Point
from django.db.models import Model
from numpy.random import Generator

from cases.actions.clocks import refresh_clocks
from cases.joining import case_code
from cases.late_causes import LateCause
from cases.lifecycle import OPEN_CASES
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
from geo.models import City
from intake.kinds import RequestStatus as R
from intake.models import Camera, MediaFile, Observation, ServiceRequest, ServiceRequestEvent
from pipeline.models import Progress
from pipeline.year.draw import Arrival, Spot
from pipeline.year.lives import CaseLife, Lives
from rules.models import Flag, FlagEvent

BATCH = 5_000
LABEL = "simulate_year"


@dataclass(frozen=True, slots=True)
class Cast:
    """Who acts: per ward its unit, inspectors, a reviewer and a leader; the default city."""

    city: City
    units: dict[str, Unit]
    inspectors: dict[str, list[Any]]
    reviewers: dict[str, Any]
    leaders: dict[str, Any]


class YearWriter:
    """Turns lives into rows; ``counts`` tells how many of each."""

    def __init__(
        self, dice: Generator, cast: Cast, spots: Sequence[Spot], arrivals: Sequence[Arrival], *, seed: int
    ) -> None:
        self.dice, self.cast, self.spots, self.arrivals, self.seed = dice, cast, spots, arrivals, seed
        self.counts: Counter[str] = Counter()
        self.zone = ZoneInfo(cast.city.timezone)
        self.requests: dict[int, ServiceRequest] = {}
        self.flags: dict[int, Flag] = {}
        self.fates: dict[int, tuple[str, datetime, str]] = {}  # arrival -> state of its flag, when, label

    def write(self, lives: Lives, *, ends_at: datetime) -> None:
        """All of it, from below."""
        self._decide_flags(lives)
        self._write_requests(lives, ends_at)
        self._write_evidence()
        cases = self._write_cases(lives)
        self._write_joins(lives, cases)
        self._write_visits(lives, cases)
        self.counts["clocks"] = refresh_clocks([case.pk for case in cases])
        self._explain_lateness()

    def _decide_flags(self, lives: Lives) -> None:
        for case in lives.cases:
            decided = case.assigned_at or case.opened_at
            if case.state is C.DISMISSED:
                fate = "dismissed"
            elif case.assigned_at is None:
                fate = "new"
            else:
                fate = "accepted"
            for place, index in enumerate(case.arrivals):
                at = max(decided, self.arrivals[index].at + timedelta(minutes=3))
                state = "merged" if fate == "accepted" and place else fate
                self.fates[index] = (state, at, case.steps[-1].reason if fate == "dismissed" else "")
        for index, label in lives.loose.items():
            self.fates[index] = (
                "dismissed" if label else "expired",
                self.arrivals[index].at + timedelta(hours=2),
                label,
            )
        for index in lives.waiting:
            self.fates[index] = ("new", self.arrivals[index].at, "")

    def _write_requests(self, lives: Lives, ends_at: datetime) -> None:
        case_of = {index: case for case in lives.cases for index in case.arrivals}
        events: list[ServiceRequestEvent] = []
        for index, arrival in enumerate(self.arrivals):
            if arrival.is_report:
                moves = _request_moves(arrival, case_of[index], ends_at)
                local = arrival.at.astimezone(self.zone)
                self.requests[index] = ServiceRequest(
                    code=f"SIM-{local:%y%m}-{index:06d}", city=self.cast.city, category=self.spots[arrival.spot].use,
                    description="(mô phỏng)", status=moves[-1][1], version=len(moves), channel=LABEL[:16],
                    submitted_at=arrival.at, handle=f"s{self.seed % 1000:03d}{index:08d}",
                )  # fmt: skip
        self._keep(ServiceRequest, self.requests.values())
        for index, request in self.requests.items():
            before = ""
            for at, status, reason in _request_moves(self.arrivals[index], case_of[index], ends_at):
                actor = "citizen" if not before else "system"
                events.append(ServiceRequestEvent(
                    service_request=request, at=at, actor=actor, from_status=before, to_status=status, reason=reason
                ))  # fmt: skip
                before = status
        self._keep(ServiceRequestEvent, events)

    def _write_evidence(self) -> None:
        cameras = self._cameras()
        media, observations, progress, flag_events = [], [], [], []
        for index, arrival in enumerate(self.arrivals):
            spot = self.spots[arrival.spot]
            lon, lat = self._near(spot)
            picture = MediaFile(
                id=self._id(), sha256=self.dice.bytes(32).hex(), byte_size=1, kind="photo", content_type="image/jpeg",
                storage_name=f"{LABEL}/none", received_at=arrival.at,
            )  # fmt: skip
            request = self.requests.get(index)
            seen = Observation(
                id=self._id(), source="citizen" if request else "camera", service_request=request,
                camera=None if request else cameras[arrival.spot], media=picture, category=spot.use, received_at=arrival.at,
                captured_at=arrival.at, pin_point=Point(lon, lat, srid=4326) if request else None,
                pin_accuracy_m=6.0 if request else None,
            )  # fmt: skip
            media.append(picture)
            observations.append(seen)
            progress.append(Progress(
                observation=seen, stage="publish", last_finished="publish", state="finished", updated_at=arrival.at,
                reason=LABEL,
            ))  # fmt: skip
            if arrival.has_flag:
                flag_events += self._flag(index, arrival, spot, seen, lon, lat)
        self._keep(MediaFile, media)
        self._keep(Observation, observations)
        self._keep(Progress, progress)
        self._keep(Flag, self.flags.values())
        self._keep(FlagEvent, flag_events)

    def _flag(
        self, index: int, arrival: Arrival, spot: Spot, seen: Observation, lon: float, lat: float
    ) -> list[FlagEvent]:
        state, decided_at, label = self.fates[index]
        flag = Flag(
            id=self._id(), city=self.cast.city, observation=seen,
            rule_code="construction_permit" if spot.use == "construction" else "sidewalk_encroachment", use=spot.use,
            verdict="flagged" if self.dice.random() < 0.8 else "undetermined", reasons=[], missing=[], citation={}, facts={},
            versions={"generated": LABEL, "seed": self.seed}, priority=int(self.dice.integers(5, 95)),
            point=Point(lon, lat, srid=4326), accuracy_m=round(float(self.dice.uniform(0.2, 6)), 2), unit_code=spot.ward_code,
            seen_at=arrival.at, created_at=arrival.at, state=state, version=1 if state == "new" else 2,
        )  # fmt: skip
        self.flags[index] = flag
        events = [FlagEvent(flag=flag, at=arrival.at, actor="system", to_state="new")]
        if state != "new":
            actor = "system" if state == "expired" else self.cast.reviewers[spot.ward_code].get_username()
            events.append(
                FlagEvent(flag=flag, at=decided_at, actor=actor, from_state="new", to_state=state, reason=label)
            )
        return events

    def _write_cases(self, lives: Lives) -> list[Case]:
        numbers: Counter[str] = Counter()
        cases: list[Case] = []
        events: list[CaseEvent] = []
        for life in lives.cases:
            spot, local = self.spots[life.spot], life.opened_at.astimezone(self.zone)
            numbers[f"SIM-{local:%y%m}"] += 1
            former = cases[life.recurrence_of] if life.recurrence_of is not None else None
            case = Case(
                id=self._id(), code=case_code("SIM", local, numbers[f"SIM-{local:%y%m}"]), city=self.cast.city, use=spot.use,
                state=life.state.value, version=1 + len(life.steps), point=Point(*self._near(spot), srid=4326),
                accuracy_m=6.0, unit_code=spot.ward_code, unit=self.cast.units[spot.ward_code],
                recurrence_of=former, opened_at=life.opened_at, closed_at=life.closed_at,
            )  # fmt: skip
            cases.append(case)
            events += self._case_events(case, life, former)
        self._keep(Case, cases)
        self._keep(CaseEvent, events)
        CaseCounter.objects.bulk_create([CaseCounter(month=month, last=last) for month, last in numbers.items()])
        return cases

    def _case_events(self, case: Case, life: CaseLife, former: Case | None) -> Iterator[CaseEvent]:
        detail = {"generated": LABEL} | ({"recurrence_of": former.code} if former is not None else {})
        yield CaseEvent(case=case, at=life.opened_at, actor="system", kind="opened", to_state="opened", detail=detail)
        before, ward = C.OPENED, self.spots[life.spot].ward_code
        for step in life.steps:
            yield CaseEvent(
                case=case, at=step.at, actor=self._name(step.by, ward, life), kind="move", from_state=before.value,
                to_state=step.state.value, reason=step.reason,
            )  # fmt: skip
            before = step.state

    def _write_joins(self, lives: Lives, cases: Sequence[Case]) -> None:
        flags, requests = [], []
        for life, case in zip(lives.cases, cases, strict=True):
            for index in life.arrivals:
                at = max(self.arrivals[index].at, life.opened_at)
                if index in self.requests:
                    requests.append(CaseRequest(case=case, service_request=self.requests[index], joined_at=at))
                if index in self.flags:
                    confirmed = self.fates[index][0] in ("accepted", "merged")
                    flags.append(CaseFlag(case=case, flag=self.flags[index], joined_at=at, is_confirmed=confirmed))
        self._keep(CaseFlag, flags)
        self._keep(CaseRequest, requests)

    def _write_visits(self, lives: Lives, cases: Sequence[Case]) -> None:
        assignments, visits, events = [], [], []
        for life, case in zip(lives.cases, cases, strict=True):
            if life.assigned_at is None:
                continue
            person = self._inspector(life)
            assignments.append(Assignment(
                case=case, inspector=person, due_at=life.assigned_at + timedelta(hours=2), assigned_at=life.assigned_at,
                assigned_by="system", why={"rule": LABEL},
            ))  # fmt: skip
            visit, moves = self._visit(life, case, person)
            visits.append(visit)
            before = ""
            for at, state in moves:
                events.append(InspectionEvent(
                    inspection=visit, at=at, actor=person.get_username(), from_state=before, to_state=state
                ))  # fmt: skip
                before = state
        self._keep(Assignment, assignments)
        self._keep(Inspection, visits)
        self._keep(InspectionEvent, events)

    def _visit(self, life: CaseLife, case: Case, person: Any) -> tuple[Inspection, list[tuple[datetime, str]]]:
        began = life.assigned_at or life.opened_at
        moves = [(began, I.DRAFT.value)]
        if life.on_site_at is not None:
            moves += [(began + timedelta(minutes=1), I.GIVEN.value), (began + timedelta(minutes=2), I.TAKEN.value)]
            moves.append((life.on_site_at, I.ON_SITE.value))
        done = next((step.at for step in life.steps if life.outcome and step.reason == life.outcome.value), None)
        if done is not None:
            moves.append((done, I.COMPLETED.value))
        if life.answered_at is not None:
            moves.append((life.answered_at, I.APPROVED.value))
        if case.state not in OPEN_CASES and done is None:
            moves.append((life.steps[-1].at, I.CANCELLED.value))
        width = (
            round(float(self.dice.uniform(0.3, 2.2)), 2) if done is not None and case.use != "construction" else None
        )
        visit = Inspection(
            id=self._id(), case=case, inspector=person, state=moves[-1][1], version=len(moves),
            outcome=life.outcome.value if life.outcome and done is not None else "", free_width_m=width,
            created_at=began, completed_at=done,
        )  # fmt: skip
        return visit, moves

    def _explain_lateness(self) -> None:
        """What was late and let go has a cause; what is late and still open waits for its leader."""
        causes = [cause.value for cause in LateCause]
        late = CaseClock.objects.filter(late_s__gt=0).order_by("pk").iterator(chunk_size=BATCH)
        entries = [
            LateEntry(clock=clock, cause=str(self.dice.choice(causes)), by="system", at=clock.stopped_at, note=LABEL)
            for clock in late
            if clock.stopped_at is not None
        ]
        self._keep(LateEntry, entries)

    def _cameras(self) -> dict[int, Camera]:
        watched = sorted({a.spot for a in self.arrivals if not a.is_report})
        rows = [
            Camera(
                city=self.cast.city, name=f"{LABEL}-{self.seed}-{number}", title="(mô phỏng)", is_generated=True,
                point=Point(self.spots[number].lon, self.spots[number].lat, srid=4326), is_active=False,
            )
            for number in watched
        ]  # fmt: skip
        return dict(zip(watched, Camera.objects.bulk_create(rows, batch_size=BATCH), strict=True))

    def _keep(self, kind: type[Model], rows: Any) -> None:
        found = list(rows)
        kind._default_manager.bulk_create(found, batch_size=BATCH)
        self.counts[kind._meta.model_name or ""] += len(found)

    def _id(self) -> UUID:
        return UUID(bytes=self.dice.bytes(16), version=4)

    def _near(self, spot: Spot) -> tuple[float, float]:
        """Some metres beside the spot: no two people stand at the same place."""
        east, north = self.dice.normal(0, 4e-5, 2)
        return spot.lon + float(east), spot.lat + float(north)

    def _inspector(self, life: CaseLife) -> Any:
        team = self.cast.inspectors[self.spots[life.spot].ward_code]
        return team[life.inspector % len(team)]

    def _name(self, by: str, ward: str, life: CaseLife) -> str:
        if by == "inspector":
            return str(self._inspector(life).get_username())
        people = {"reviewer": self.cast.reviewers, "leader": self.cast.leaders}.get(by)
        return str(people[ward].get_username()) if people else "system"


def _request_moves(arrival: Arrival, case: CaseLife, ends_at: datetime) -> list[tuple[datetime, str, str]]:
    """The life of a report beside that of its case."""
    moves = [(arrival.at, R.SUBMITTED.value, ""), (arrival.at + timedelta(seconds=4), R.RECEIVED.value, "")]
    if case.state is C.DISMISSED:
        moves.append((max(case.steps[-1].at, moves[-1][0]), R.REFUSED.value, case.steps[-1].reason))
    elif case.assigned_at is not None:
        moves.append((max(case.assigned_at, moves[-1][0]), R.IN_PROGRESS.value, ""))
        done = next((step.at for step in case.steps if case.outcome and step.reason == case.outcome.value), None)
        if done is not None and case.outcome is not None:
            moves.append((max(done, moves[-1][0]), R.RESOLVED.value, "confirmed"))
        if case.answered_at is not None and done is not None:
            moves.append((max(case.answered_at, moves[-1][0]), R.ANSWERED.value, ""))
            closed = moves[-1][0] + timedelta(days=7)
            moves += [(closed, R.CLOSED.value, "")] if closed <= ends_at else []
    return [move for move in moves if move[0] <= ends_at] or moves[:1]


def group_by_ward(people: Sequence[tuple[str, Any]]) -> dict[str, list[Any]]:
    """People by the ward they serve."""
    found: dict[str, list[Any]] = defaultdict(list)
    for ward, person in people:
        found[ward].append(person)
    return dict(found)
