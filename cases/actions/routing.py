"""The unit's day: planned, re-planned for one new case without shuffling the rest, and moved by hand. Versions are added.

Whoever plans a unit waits for the others (its row is locked). A case that changes hands here keeps its due moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils import timezone

from cases.actions.assigning import give_case
from cases.models import Case, DayPlan, DayPlanStop, Unit
from cases.permissions import may_lead_unit, read_rights, require
from cases.queries.day_problem import DayProblem, read_day_problem
from cases.roles import SYSTEM, Role
from cases.routes.preview import insert_stop, preview_day
from cases.routes.solver import plan_day
from cases.routes.values import DayRoutes, Route, make_day
from errors import Conflict, InputError, NotFound

_LEAD = frozenset({Role.LEADER})
BUDGETS_S = (0.5, 20.0)


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """What planning made. ``left_out``: fit into nobody's shift; ``without_place``: nobody knows where they are.

    ``away``: begun by somebody who is not on duty. ``is_stored`` is false for a preview.
    """

    unit_id: int
    day: date
    is_stored: bool
    plan_ids: tuple[UUID, ...]
    distance_m: int
    late_s: int
    stops: int
    left_out: tuple[UUID, ...]
    without_place: tuple[UUID, ...]
    away: tuple[UUID, ...]


def plan_unit_day(
    unit_id: int, day: date, *, by: AbstractBaseUser | None, budget_s: float = 5.0, is_preview: bool = False
) -> PlannedDay:
    """Plan everybody's day of a unit; a preview is there at once and stores nothing. Leaders of the unit only."""
    if not BUDGETS_S[0] <= budget_s <= BUDGETS_S[1]:
        raise InputError("A plan takes 0.5 to 20 seconds.", field="budget_s", value=budget_s, cure="Give seconds.")
    with transaction.atomic():
        unit = _lock_unit(unit_id, by)
        now = timezone.now()
        _refuse_past(day, unit, now)
        problem = read_day_problem(unit, day, now=now)
        if is_preview:
            routes = preview_day(problem.stops, problem.crews, problem.ways, problem.fixed)
            return _told(problem, routes, ())
        routes = plan_day(problem.stops, problem.crews, problem.ways, budget_s=budget_s, fixed=problem.fixed)
        actor = by.get_username() if by else SYSTEM
        return _told(problem, routes, _store(problem, routes, reason="planned", actor=actor, now=now))


def insert_into_day(case_id: UUID, *, actor: str = SYSTEM) -> UUID | None:
    """Put a case that was just assigned into today's plans of its unit where it costs least, deadlines counted.

    The order of everything else stays. None where the unit has no plan today, the case has no place, or it fits nowhere:
    then it waits in the list of what is not planned.
    """
    with transaction.atomic():
        case = Case.objects.select_related("city").filter(pk=case_id, unit__isnull=False, point__isnull=False).first()
        if case is None or case.unit_id is None:
            return None
        now = timezone.now()
        day = now.astimezone(ZoneInfo(case.city.timezone)).date()
        if not DayPlan.objects.filter(unit_id=case.unit_id, day=day, is_current=True).exists():
            return None
        unit = Unit.objects.select_for_update(no_key=True, of=("self",)).select_related("city").get(pk=case.unit_id)
        problem = read_day_problem(unit, day, now=now)
        new = problem.index_of(case_id)
        if new is None or any(new in order for order in problem.standing):
            return None
        begun = [len(head) for head in problem.fixed]
        found = insert_stop(problem.standing, new, problem.stops, problem.crews, problem.ways, not_before=begun)
        if found is None:
            return None
        crew, position = found
        orders = [list(order) for order in problem.standing]
        orders[crew].insert(position, new)
        routes = make_day(orders, problem.crews, problem.stops, problem.ways)
        stored = _store(problem, routes, reason="urgent", actor=actor, now=now, only={crew})
        return stored[0] if stored else None


def move_stop(
    plan_id: UUID, case_id: UUID, *, by: AbstractBaseUser, version: int, position: int, to_inspector: int | None = None
) -> UUID:
    """A leader puts a stop elsewhere in the day, or into somebody else's; it is pinned there. The id of the new version.

    ``position`` counts from 1. Conflict when the plan was changed since, the visit has begun, or the other is not on duty.
    """
    with transaction.atomic():
        plan = DayPlan.objects.filter(pk=plan_id).first()
        if plan is None:
            raise NotFound("No such route.", field="route", value=plan_id)
        unit = _lock_unit(plan.unit_id, by)
        now = timezone.now()
        _check_current(plan, version)
        problem = read_day_problem(unit, plan.day, now=now)
        source, stop = _find_stop(problem, plan, case_id)
        target = _find_crew(problem, to_inspector if to_inspector is not None else plan.inspector_id)
        orders = [list(order) for order in problem.standing]
        orders[source].remove(stop)
        begun = sum(problem.visits[i].is_begun for i in orders[target])
        orders[target].insert(max(begun, min(position, len(orders[target]) + 1) - 1), stop)
        routes = make_day(orders, problem.crews, problem.stops, problem.ways)
        _store(
            problem, routes, reason="moved", actor=by.get_username(), now=now, only={source, target},
            pinned=problem.pinned | {case_id},
        )  # fmt: skip
        return DayPlan.objects.values_list("pk", flat=True).get(
            unit=unit, day=plan.day, inspector_id=problem.people[target].user_id, is_current=True
        )


def _lock_unit(unit_id: int, by: AbstractBaseUser | None) -> Unit:
    unit = Unit.objects.select_for_update(no_key=True, of=("self",)).select_related("city").filter(pk=unit_id).first()
    if unit is None:
        raise NotFound("No such unit.", field="unit", value=unit_id)
    if by is not None:
        require("This unit's day is not yours to plan.", allowed=may_lead_unit(read_rights(by), unit), who=_LEAD)
    return unit


def _refuse_past(day: date, unit: Unit, now: datetime) -> None:
    if day < now.astimezone(ZoneInfo(unit.city.timezone)).date():
        raise InputError("This day is over.", field="day", value=day, cure="Plan today or a day to come.")


def _check_current(plan: DayPlan, version: int) -> None:
    if not plan.is_current or plan.version != version:
        raise Conflict(
            "Somebody changed this route since you looked.", field="version", value=version,
            cure="Load it again and decide again.",
        )  # fmt: skip


def _find_stop(problem: DayProblem, plan: DayPlan, case_id: UUID) -> tuple[int, int]:
    stop = problem.index_of(case_id)
    source = next((i for i, order in enumerate(problem.standing) if stop is not None and stop in order), None)
    if stop is None or source is None or problem.people[source].user_id != plan.inspector_id:
        raise NotFound("This route has no such stop any more.", field="case", value=case_id)
    if problem.visits[stop].is_begun:
        raise Conflict("This visit has begun.", field="case", value=case_id, cure="Let it end where it is.")
    return source, stop


def _find_crew(problem: DayProblem, user_id: int) -> int:
    found = next((i for i, person in enumerate(problem.people) if person.user_id == user_id), None)
    if found is None:
        raise Conflict(
            "This person is not on duty in the unit that day.", field="inspector", value=user_id,
            cure="Choose somebody with a shift.",
        )  # fmt: skip
    return found


def _store(
    problem: DayProblem, routes: DayRoutes, *, reason: str, actor: str, now: datetime, only: set[int] | None = None,
    pinned: frozenset[UUID] | None = None,
) -> tuple[UUID, ...]:  # fmt: skip
    """A new version for everybody whose day changes, and the cases given to whoever goes."""
    wanted = [route for route in routes.routes if only is None or route.crew in only]
    for route in wanted:
        user_id = problem.people[route.crew].user_id
        for leg in route.legs:
            visit = problem.visits[leg.stop]
            if visit.user_id != user_id:
                give_case(visit.case_id, user_id, actor=actor, why={"rule": "route", "reason": reason})
    return tuple(
        _write(problem, route, reason, actor, now, problem.pinned if pinned is None else pinned) for route in wanted
    )


def _write(problem: DayProblem, route: Route, reason: str, actor: str, now: datetime, pinned: frozenset[UUID]) -> UUID:
    person = problem.people[route.crew]
    days = DayPlan.objects.filter(unit=problem.unit, day=problem.day, inspector_id=person.user_id)
    last = days.order_by("-version").values_list("version", flat=True).first() or 0
    days.filter(is_current=True).update(is_current=False)
    clock = problem.clock
    plan = DayPlan.objects.create(
        city=problem.unit.city, unit=problem.unit, inspector_id=person.user_id, day=problem.day, version=last + 1,
        reason=reason, starts_at=person.starts_at, ends_at=person.ends_at, is_shift_assumed=person.is_assumed,
        start_point=Point(*person.start, srid=4326) if person.start else None, start_method=person.start_method,
        made_at=now, made_by=actor,
    )  # fmt: skip
    DayPlanStop.objects.bulk_create([
        DayPlanStop(
            plan=plan, number=number, case_id=problem.visits[leg.stop].case_id, distance_m=leg.metres,
            travel_s=leg.travel_s, method=leg.method.value, arrives_at=clock.to_moment(leg.arrives_s),
            leaves_at=clock.to_moment(leg.leaves_s), due_at=problem.visits[leg.stop].due_at, late_s=leg.late_s,
            is_pinned=problem.visits[leg.stop].case_id in pinned,
        )
        for number, leg in enumerate(route.legs, start=1)
    ])  # fmt: skip
    return plan.pk


def _told(problem: DayProblem, routes: DayRoutes, plan_ids: Sequence[UUID]) -> PlannedDay:
    return PlannedDay(
        problem.unit.pk, problem.day, bool(plan_ids), tuple(plan_ids), routes.metres,
        sum(route.late_s for route in routes.routes), sum(len(route.legs) for route in routes.routes),
        tuple(problem.visits[i].case_id for i in routes.left_out), problem.without_place, problem.away,
    )  # fmt: skip
