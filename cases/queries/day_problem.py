"""A unit's day as the planner's problem: crews, stops and the ways between them, and back from orders to cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import numpy as np

from cases.models import DayPlanStop, Unit
from cases.queries.calendars import get_calendar
from cases.queries.field_day import (
    OnDuty,
    WaitingVisit,
    find_last_done,
    list_current_stops,
    list_on_duty,
    list_waiting_visits,
    read_streets,
)
from cases.routes.duty_clock import DutyClock, make_clock
from cases.routes.field_work import FieldWork
from cases.routes.streets import measure_ways
from cases.routes.values import Crew, Stop, Ways
from geo.crs import choose_system, parse_system

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class DayProblem:
    """All that a plan needs. ``fixed``: per crew, the stops that stand first; ``standing``: per crew, today's order so far.

    ``without_place``: cases that no route can hold; ``away``: begun by somebody who is not on duty.
    """

    unit: Unit
    day: date
    clock: DutyClock
    people: tuple[OnDuty, ...]
    visits: tuple[WaitingVisit, ...]
    crews: tuple[Crew, ...]
    stops: tuple[Stop, ...]
    ways: Ways
    fixed: tuple[tuple[int, ...], ...]
    standing: tuple[tuple[int, ...], ...]
    pinned: frozenset[UUID]
    without_place: tuple[UUID, ...]
    away: tuple[UUID, ...]

    def index_of(self, case_id: UUID) -> int | None:
        """Which stop a case is; None when it is none."""
        return next((i for i, visit in enumerate(self.visits) if visit.case_id == case_id), None)


def read_day_problem(unit: Unit, day: date, *, now: datetime) -> DayProblem:
    """Today's problem begins now and where each inspector is; another day's with the shift."""
    people, (waiting, unplaced) = list_on_duty(unit, day), list_waiting_visits(unit)
    standing = list_current_stops(unit, day)
    seat = {person.user_id: i for i, person in enumerate(people)}
    pinned = {stop.case_id for stop in standing if stop.is_pinned}
    visits = [visit for visit in waiting if not (visit.is_begun and visit.user_id not in seat)]
    calendar = get_calendar(unit.city).pack
    clock = make_clock(day, calendar.calendar.duty_hours, unit.city.timezone)
    stops = [
        _stop(i, visit, people, seat, pinned, calendar.field_work, clock, standing) for i, visit in enumerate(visits)
    ]
    starts = [_start_of(person, standing, now) for person in people]
    crews = [_crew(i, person, len(visits) + i, clock, now) for i, person in enumerate(people)]
    ways = _measure(unit, day, [(v.lon, v.lat) for v in visits], starts, calendar.field_work)
    orders = _orders(visits, standing, seat, len(people))
    return DayProblem(
        unit, day, clock, tuple(people), tuple(visits), tuple(crews), tuple(stops), ways,
        fixed=tuple(_head(order, visits, pinned, seat, i) for i, order in enumerate(orders)),
        standing=tuple(tuple(order) for order in orders),
        pinned=frozenset(pinned), without_place=tuple(unplaced),
        away=tuple(v.case_id for v in waiting if v.is_begun and v.user_id not in seat),
    )  # fmt: skip


def _stop(
    index: int, visit: WaitingVisit, people: Sequence[OnDuty], seat: dict[int, int], pinned: set[UUID], work: FieldWork,
    clock: DutyClock, standing: Sequence[DayPlanStop],
) -> Stop:  # fmt: skip
    """A visit that is begun or pinned stays with its person; any other goes to everybody with the skill."""
    holder = next((s.plan.inspector_id for s in standing if s.case_id == visit.case_id and s.is_pinned), visit.user_id)
    stays = visit.is_begun or visit.case_id in pinned
    skill = work.skill_of.get(visit.use)
    able = frozenset(i for i, person in enumerate(people) if skill is None or skill in person.skills)
    crews = frozenset({seat[holder]}) if stays and holder in seat else able
    due_s = max(0, clock.to_seconds(visit.due_at)) if visit.due_at is not None else None
    return Stop(
        str(visit.case_id), index, work.service_s(visit.use), due_s, crews=None if len(crews) == len(people) else crews
    )


def _crew(index: int, person: OnDuty, place: int, clock: DutyClock, now: datetime) -> Crew:
    """From now where the shift has begun. A shift that is over keeps a second, into which no visit fits."""
    to_s = clock.to_seconds(person.ends_at)
    from_s = min(max(clock.to_seconds(person.starts_at), clock.to_seconds(now)), to_s - 1)
    return Crew(str(person.user_id), place, from_s, to_s)


def _start_of(person: OnDuty, standing: Sequence[DayPlanStop], now: datetime) -> Place | None:
    plan = next((stop.plan for stop in standing if stop.plan.inspector_id == person.user_id), None)
    if plan is not None and plan.starts_at <= now:
        return find_last_done(plan) or person.start
    return person.start


def _measure(unit: Unit, day: date, visits: Sequence[Place], starts: Sequence[Place | None], work: FieldWork) -> Ways:
    """All ways; from a start that nobody knows the way is 0 and by no street."""
    city = unit.city
    anywhere = visits[0] if visits else tuple(city.center)
    places = [*visits, *(start or anywhere for start in starts)]
    systems = [parse_system(raw) for raw in city.crs]
    system = choose_system(systems, *places[0]) if places else systems[0]
    metric = system.to_metric_array(np.array(places, dtype=float).reshape(-1, 2))
    ways = measure_ways(metric, read_streets(city.pk, system, places, day), speed_m_s=work.speed_m_s)
    for i, start in enumerate(starts):
        if start is None:
            row = len(visits) + i
            ways.metres[row], ways.seconds[row], ways.on_street[row] = 0, 0, False
    return ways


def _orders(
    visits: Sequence[WaitingVisit], standing: Sequence[DayPlanStop], seat: dict[int, int], crews: int
) -> list[list[int]]:
    """Per crew, what is left of today's plans; a begun visit that no plan holds stands first."""
    index = {visit.case_id: i for i, visit in enumerate(visits)}
    orders: list[list[int]] = [[] for _ in range(crews)]
    for stop in standing:
        if stop.plan.inspector_id in seat and stop.case_id in index:
            visit = visits[index[stop.case_id]]
            if visit.user_id == stop.plan.inspector_id:
                orders[seat[visit.user_id]].append(index[stop.case_id])
    planned = {i for order in orders for i in order}
    for i, visit in enumerate(visits):
        if visit.is_begun and i not in planned:
            orders[seat[visit.user_id]].insert(0, i)
    return orders


def _head(
    order: Sequence[int], visits: Sequence[WaitingVisit], pinned: set[UUID], seat: dict[int, int], crew: int
) -> tuple[int, ...]:
    """Begun visits, then what a leader put at the very front."""
    begun = [i for i in order if visits[i].is_begun and seat[visits[i].user_id] == crew]
    head = list(begun)
    for i in order:
        if i in begun:
            continue
        if visits[i].case_id not in pinned:
            break
        head.append(i)
    return tuple(head)
