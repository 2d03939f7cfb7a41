"""Planned days as people read them: an inspector their own shift, a leader all of the unit's. Nothing of who reported."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils import timezone

from cases.lifecycle import OPEN_INSPECTIONS
from cases.models import Case, DayPlan, DayPlanStop, Inspection, RoleAssignment, Unit
from cases.permissions import Rights, scope_cases
from cases.queries.field_day import AT_WORK
from cases.roles import Role
from errors import NotFound
from geo.models import City


@dataclass(frozen=True, slots=True)
class StopRow:
    """One stop. ``method`` says how ``distance_m`` is known: along the street register, or by corrected straight line.

    ``state`` is the visit's; ``is_elsewhere``: the case went to somebody else since; ``is_repeat``: it has come back.
    """

    number: int
    case_id: UUID
    case_code: str
    use: str
    lon: float | None
    lat: float | None
    parcel_key: str
    unit_code: str
    distance_m: int
    travel_s: int
    method: str
    arrives_at: datetime
    leaves_at: datetime
    due_at: datetime | None
    late_s: int
    is_pinned: bool
    is_repeat: bool
    inspection_id: UUID | None
    state: str
    version: int | None
    is_elsewhere: bool


@dataclass(frozen=True, slots=True)
class RouteRow:
    """One inspector's day. ``start_method``: ``shift`` (given), ``ward`` (its middle: no office on record), ``first_stop``."""

    id: UUID
    day: date
    version: int
    is_current: bool
    reason: str
    unit: str
    inspector_id: int
    inspector: str
    starts_at: datetime
    ends_at: datetime
    is_shift_assumed: bool
    start_lon: float | None
    start_lat: float | None
    start_method: str
    distance_m: int
    travel_s: int
    late_s: int
    straight_line_m: int
    made_at: datetime
    made_by: str
    stops: tuple[StopRow, ...]


@dataclass(frozen=True, slots=True)
class UnplannedRow:
    """A case that waits for a visit and is in no route of the day; ``why``: ``no_place`` or ``not_planned``."""

    case_id: UUID
    case_code: str
    use: str
    due_at: datetime | None
    inspector: str
    why: str


@dataclass(frozen=True, slots=True)
class DutyRow:
    """Somebody of a unit who can be given a stop of the day."""

    inspector_id: int
    inspector: str


@dataclass(frozen=True, slots=True)
class LedUnit:
    """A unit whose day this person plans, with its inspectors by name."""

    code: str
    name: str
    name_en: str
    people: tuple[DutyRow, ...]


def list_led_units(rights: Rights, day: date) -> tuple[LedUnit, ...]:
    """The units that this person leads and that stand on a day, by code, with who is an inspector there then."""
    units = Unit.objects.filter(_led_units(held for held in rights.held if held.role is Role.LEADER))
    units = units.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day).order_by("code")
    held = RoleAssignment.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=day), unit__in=units, role=Role.INSPECTOR.value, valid_from__lte=day
    )
    people: dict[int, list[DutyRow]] = {}
    rows = held.order_by("user__username").values_list("unit_id", "user_id", "user__username").distinct()
    for unit_id, user_id, username in rows:
        people.setdefault(unit_id or 0, []).append(DutyRow(user_id, username))
    return tuple(LedUnit(u.code, u.name, u.name_en or u.name, tuple(people.get(u.pk, ()))) for u in units)


def get_today(rights: Rights) -> date:
    """The day by the clock of the city where this person holds a role."""
    city = City.objects.filter(pk__in=[held.city_id for held in rights.held]).order_by("-is_default", "pk").first()
    return timezone.now().astimezone(ZoneInfo(city.timezone if city else "UTC")).date()


def list_routes(rights: Rights, day: date, *, inspector: str = "") -> tuple[RouteRow, ...]:
    """The current routes of a day within the rights, by inspector."""
    plans = _scope(rights).filter(day=day, is_current=True)
    if inspector:
        plans = plans.filter(inspector__username=inspector)
    return _read(plans.order_by("inspector__username", "unit__code"))


def get_route(rights: Rights, plan_id: UUID) -> RouteRow:
    """One version of a route within the rights; NotFound else."""
    rows = _read(_scope(rights).filter(pk=plan_id))
    if not rows:
        raise NotFound("No such route.", field="route", value=plan_id)
    return rows[0]


def list_unplanned(rights: Rights, day: date) -> tuple[UnplannedRow, ...]:
    """For leaders: what waits for a visit and is in nobody's current route of the day, most urgent first."""
    planned = DayPlanStop.objects.filter(plan__day=day, plan__is_current=True).values("case_id")
    rows = (
        scope_cases(rights, {Role.LEADER}).filter(state__in=AT_WORK, assignments__is_current=True)
        .filter(inspections__state__in=[state.value for state in OPEN_INSPECTIONS]).exclude(pk__in=planned)
        .order_by("due_at", "code").values_list("pk", "code", "use", "due_at", "assignments__inspector__username", "point")
    )  # fmt: skip
    return tuple(
        UnplannedRow(pk, code, use, due_at, name, "not_planned" if point else "no_place")
        for pk, code, use, due_at, name, point in rows[:1000]
    )


def find_unit(rights: Rights, code: str) -> Unit:
    """A unit that this person leads, by its code; NotFound else, also where the person leads several and named none."""
    led = [held for held in rights.held if held.role is Role.LEADER]
    units = Unit.objects.filter(_led_units(led))
    found = list(units.filter(code=code) if code else units[:2])
    if len(found) != 1:
        raise NotFound("No such unit.", field="unit", value=code, cure="Name a unit that you lead.")
    return found[0]


def _led_units(led: Iterable[object]) -> Q:
    query = Q(pk__in=[])
    for held in led:
        unit_id, city_id = getattr(held, "unit_id", None), getattr(held, "city_id", None)
        query |= Q(pk=unit_id) if unit_id is not None else Q(city_id=city_id)
    return query


def _scope(rights: Rights) -> QuerySet[DayPlan]:
    own = Q(inspector_id=rights.user_id) if rights.holds({Role.INSPECTOR}) else Q(pk__in=[])
    for held in rights.held:
        if held.role is Role.LEADER:
            own |= Q(unit_id=held.unit_id) if held.unit_id is not None else Q(city_id=held.city_id)
    return DayPlan.objects.filter(own).select_related("unit", "inspector")


def _read(plans: QuerySet[DayPlan]) -> tuple[RouteRow, ...]:
    found = list(plans)
    stops: dict[UUID, list[DayPlanStop]] = {plan.pk: [] for plan in found}
    for stop in DayPlanStop.objects.filter(plan__in=stops).select_related("case").order_by("number"):
        stops[stop.plan_id].append(stop)
    cases = {stop.case_id for rows in stops.values() for stop in rows}
    visits: dict[UUID, Inspection] = {}
    for visit in Inspection.objects.filter(case_id__in=cases).order_by("created_at"):
        visits[visit.case_id] = visit
    return tuple(_route(plan, stops[plan.pk], visits) for plan in found)


def _route(plan: DayPlan, stops: list[DayPlanStop], visits: dict[UUID, Inspection]) -> RouteRow:
    start = plan.start_point
    return RouteRow(
        id=plan.pk, day=plan.day, version=plan.version, is_current=plan.is_current, reason=plan.reason,
        unit=plan.unit.code, inspector_id=plan.inspector_id, inspector=plan.inspector.get_username(),
        starts_at=plan.starts_at, ends_at=plan.ends_at, is_shift_assumed=plan.is_shift_assumed,
        start_lon=start.x if start else None, start_lat=start.y if start else None, start_method=plan.start_method,
        distance_m=sum(s.distance_m for s in stops), travel_s=sum(s.travel_s for s in stops),
        late_s=sum(s.late_s for s in stops),
        straight_line_m=sum(s.distance_m for s in stops if s.method == "straight_line"),
        made_at=plan.made_at, made_by=plan.made_by,
        stops=tuple(_stop(stop, stop.case, visits.get(stop.case_id), plan.inspector_id) for stop in stops),
    )  # fmt: skip


def _stop(stop: DayPlanStop, case: Case, visit: Inspection | None, inspector_id: int) -> StopRow:
    return StopRow(
        number=stop.number, case_id=case.pk, case_code=case.code, use=case.use,
        lon=case.point.x if case.point else None, lat=case.point.y if case.point else None, parcel_key=case.parcel_key,
        unit_code=case.unit_code, distance_m=stop.distance_m, travel_s=stop.travel_s, method=stop.method,
        arrives_at=stop.arrives_at, leaves_at=stop.leaves_at, due_at=stop.due_at, late_s=stop.late_s,
        is_pinned=stop.is_pinned, is_repeat=case.recurrence_of_id is not None,
        inspection_id=visit.pk if visit else None, state=visit.state if visit else "",
        version=visit.version if visit else None,
        is_elsewhere=visit is not None and visit.inspector_id != inspector_id,
    )  # fmt: skip
