"""What a unit's day is planned from: who is on duty and where they set out, which visits wait, and the streets around."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from django.contrib.auth import get_user_model
from django.contrib.gis.geos import Point, Polygon
from django.db.models import F, Q

from cases.lifecycle import OPEN_INSPECTIONS, CaseState, InspectionState
from cases.models import Case, DayPlan, DayPlanStop, Shift, SkillHeld, Unit
from cases.queries.calendars import get_calendar
from cases.roles import Role
from cases.routes.streets import FloatArray
from geo.crs import CitySystem
from geo.models import AdminUnit, RoadSegment

AT_WORK = (CaseState.ASSIGNED.value, CaseState.VERIFYING.value, CaseState.RECHECK.value)
_BEGUN = (InspectionState.TAKEN.value, InspectionState.TRAVELLING.value, InspectionState.ON_SITE.value)
_STREETS_AROUND_DEG = 0.006  # about 600 m: a way may lead round the block outside the places' own bounds


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Somebody on duty that day. ``start_method``: ``shift``, ``ward`` (middle of the ward) or ``first_stop`` (unknown)."""

    user_id: int
    username: str
    starts_at: datetime
    ends_at: datetime
    is_assumed: bool
    start: tuple[float, float] | None
    start_method: str
    skills: frozenset[str]


@dataclass(frozen=True, slots=True)
class WaitingVisit:
    """A case whose visit is open: where, due when, with whom; ``is_begun``: the inspector took it or is on the way."""

    case_id: UUID
    use: str
    lon: float
    lat: float
    due_at: datetime | None
    user_id: int
    is_begun: bool


def list_on_duty(unit: Unit, day: date) -> list[OnDuty]:
    """The unit's inspectors with a shift on a local day; without any roster everybody in the unit's duty hours."""
    people = {person.pk: person.get_username() for person in _list_inspectors(unit, day)}
    begins, ends = _day_span(unit, day)
    roster = Shift.objects.filter(unit=unit, starts_at__gte=begins, starts_at__lt=ends, inspector_id__in=people)
    skills = _list_skills(people, day)
    ward = _ward_centre(unit, day)
    if roster.exists():
        return [
            _on_duty(
                row.inspector_id, people, row.starts_at, row.ends_at, skills, row.start_point or ward,
                is_own=row.start_point is not None,
            )
            for row in roster.order_by("starts_at", "inspector__username")
        ]  # fmt: skip
    calendar = get_calendar(unit.city).pack.calendar
    if not calendar.is_working(day):
        return []
    zone = ZoneInfo(unit.city.timezone)
    first, last = (
        datetime.combine(day, calendar.duty_hours[0][0], zone),
        datetime.combine(day, calendar.duty_hours[-1][1], zone),
    )
    return [
        _on_duty(pk, people, first, last, skills, ward, is_own=False, is_assumed=True)
        for pk in sorted(people, key=people.__getitem__)
    ]


def list_waiting_visits(unit: Unit) -> tuple[list[WaitingVisit], list[UUID]]:
    """The unit's open visits with a place, and the cases whose place nobody knows, which no route can hold."""
    rows = (
        Case.objects.filter(unit=unit, state__in=AT_WORK, assignments__is_current=True)
        .filter(inspections__state__in=[state.value for state in OPEN_INSPECTIONS])
        .annotate(user=F("assignments__inspector"), visit=F("inspections__state"))
        .order_by("due_at", "code")
    )
    placed, unplaced = [], []
    for row in rows:
        if row.point is None:
            unplaced.append(row.pk)
        else:
            begun = row.visit in _BEGUN
            # the clock of the first visit has stopped by then; a re-check is due within its day
            due_at = None if row.state == CaseState.RECHECK else row.due_at
            placed.append(WaitingVisit(row.pk, row.use, row.point.x, row.point.y, due_at, row.user, begun))
    return placed, unplaced


def list_current_stops(unit: Unit, day: date) -> list[DayPlanStop]:
    """All stops of the unit's current plans of a day, in travel order."""
    stops = DayPlanStop.objects.filter(plan__unit=unit, plan__day=day, plan__is_current=True)
    return list(stops.select_related("plan").order_by("plan__inspector__username", "number"))


def find_last_done(plan: DayPlan) -> tuple[float, float] | None:
    """Where the last visit of this day ended, by the history of its versions; None while none has."""
    done = (
        DayPlanStop.objects.filter(plan__inspector_id=plan.inspector_id, plan__unit_id=plan.unit_id, plan__day=plan.day)
        .filter(case__inspections__completed_at__date__gte=plan.day - timedelta(days=1))
        .filter(case__inspections__inspector_id=plan.inspector_id, case__inspections__completed_at__gte=plan.starts_at)
    )
    row = done.order_by("-case__inspections__completed_at").values_list("case__point", flat=True).first()
    return (row.x, row.y) if row is not None else None


def read_streets(city_id: int, system: CitySystem, places: Sequence[tuple[float, float]], on: date) -> list[FloatArray]:
    """Centre lines of the register's streets around the places, in the city's metres."""
    if not places:
        return []
    lons, lats = [place[0] for place in places], [place[1] for place in places]
    around = Polygon.from_bbox((
        min(lons) - _STREETS_AROUND_DEG, min(lats) - _STREETS_AROUND_DEG,
        max(lons) + _STREETS_AROUND_DEG, max(lats) + _STREETS_AROUND_DEG,
    ))  # fmt: skip
    rows = RoadSegment.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on), city_id=city_id, valid_from__lte=on, geom__bboverlaps=around
    ).values_list("geom", flat=True)
    return [system.to_metric_array(line) for geometry in rows for line in _lines_of(geometry)]


def _lines_of(geometry: Any) -> Iterator[FloatArray]:
    """The lines of a geometry; a register that keeps road surfaces has no centre lines to travel on."""
    if geometry.geom_type == "LineString":
        yield np.array(geometry.coords, dtype=np.float64)[:, :2]
    elif geometry.geom_type in ("MultiLineString", "GeometryCollection"):
        for part in geometry:
            yield from _lines_of(part)


def _list_inspectors(unit: Unit, day: date) -> list[Any]:
    held = Q(roles__role=Role.INSPECTOR.value, roles__unit=unit, roles__valid_from__lte=day)
    held &= Q(roles__valid_to=None) | Q(roles__valid_to__gt=day)
    return list(get_user_model().objects.filter(held, is_active=True).distinct())


def _day_span(unit: Unit, day: date) -> tuple[datetime, datetime]:
    begins = datetime.combine(day, datetime.min.time(), ZoneInfo(unit.city.timezone))
    return begins, begins + timedelta(days=1)


def _list_skills(people: Iterable[int], day: date) -> dict[int, frozenset[str]]:
    rows = SkillHeld.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=day), inspector_id__in=list(people), valid_from__lte=day
    ).values_list("inspector_id", "skill")
    found: dict[int, set[str]] = {}
    for pk, skill in rows:
        found.setdefault(pk, set()).add(skill)
    return {pk: frozenset(names) for pk, names in found.items()}


def _ward_centre(unit: Unit, day: date) -> Point | None:
    """A point inside the unit's first ward: nobody told where its office stands."""
    rows = AdminUnit.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=day), city_id=unit.city_id, code__in=unit.admin_unit_codes, valid_from__lte=day,
        geom__isnull=False,
    )  # fmt: skip
    outline = rows.order_by("code").values_list("geom", flat=True).first()
    return outline.point_on_surface if outline is not None else None


def _on_duty(
    pk: int, people: dict[int, str], starts_at: datetime, ends_at: datetime, skills: dict[int, frozenset[str]],
    start: Point | None, *, is_own: bool, is_assumed: bool = False,
) -> OnDuty:  # fmt: skip
    place = (start.x, start.y) if start is not None else None
    method = "first_stop" if place is None else "shift" if is_own else "ward"
    return OnDuty(pk, people[pk], starts_at, ends_at, is_assumed, place, method, skills.get(pk, frozenset()))
