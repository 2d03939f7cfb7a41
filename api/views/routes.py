"""Planned days: an inspector sees the own shift, a leader all of the unit's, plans them and moves stops by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint, describe, person_of, rights_of
from api.parsing import parse_day, parse_id, read_number, read_text, read_version, read_whole
from api.plain import to_plain
from cases.actions import PlannedDay, move_stop, plan_unit_day
from cases.queries.day_plans import (
    LedUnit,
    RouteRow,
    UnplannedRow,
    find_unit,
    get_route,
    get_today,
    list_led_units,
    list_routes,
    list_unplanned,
)
from cases.roles import Role
from errors import InputError

TAG = "routes"
WALKERS = frozenset({Role.INSPECTOR, Role.LEADER})
LEADERS = frozenset({Role.LEADER})
_PLAN_BODY = {
    "application/json": {
        "type": "object",
        "properties": {
            "unit": {"type": "string", "description": "code of a unit that you lead; may be left out where it is one"},
            "day": {"type": "string", "format": "date"},
            "preview": {"type": "boolean", "description": "at once, by insertion and 2-opt; nothing is stored"},
            "budget_s": {"type": "number", "description": "seconds of search, 0.5 to 20, usually 5"},
        },
        "example": {"unit": "ward-police", "day": "2026-11-26"},
    }
}
_MOVE_BODY = {
    "application/json": {
        "type": "object",
        "properties": {
            "case": {"type": "string", "format": "uuid"},
            "position": {"type": "integer", "description": "from 1; begun visits stay before it"},
            "inspector": {"type": "integer", "description": "id of somebody on duty; left out: the same route"},
            "version": {"type": "integer", "description": "the route's version that you looked at"},
        },
        "required": ["case", "position", "version"],
    }
}


@dataclass(frozen=True, slots=True)
class DayAnswer:
    """Routes of a day; ``unplanned`` and the ``units`` to plan are for leaders, empty for others."""

    day: date
    routes: tuple[RouteRow, ...]
    unplanned: tuple[UnplannedRow, ...]
    units: tuple[LedUnit, ...]


class Routes(Endpoint):
    """``/routes``."""

    may_call = WALKERS

    @describe(
        "Routes of a day", "Legs in travel order, each with distance, time, deadline and `method`: `street` along the register "
        "of streets, `straight_line` where it does not reach (length by air times 1.34). An inspector gets the own day.",
        who=WALKERS, answer=DayAnswer, tag=TAG,
        parameters=[OpenApiParameter("day", str, description="ISO date, today when absent"),
                    OpenApiParameter("inspector", str, description="user name")],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The day."""
        rights = rights_of(request)
        day = parse_day(request.query_params.get("day"), "day") or get_today(rights)
        routes = list_routes(rights, day, inspector=request.query_params.get("inspector", ""))
        return Response(to_plain(DayAnswer(day, routes, list_unplanned(rights, day), list_led_units(rights, day))))


class RoutePlans(Endpoint):
    """``/routes/plan``."""

    may_call = LEADERS
    parser_classes = [JSONParser]

    @describe(
        "Plan a day", "Everybody's day of a unit. Visits that have begun, and stops a leader put at the front, stay first; other "
        "pinned stops stay with their person. Cases may change hands, their due moments do not.",
        who=LEADERS, answer=PlannedDay, faults=(400, 404), body=_PLAN_BODY, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """One plan."""
        body, rights = request.data, rights_of(request)
        unit = find_unit(rights, read_text(body, "unit", longest=40))
        day = parse_day(read_text(body, "day"), "day") or get_today(rights)
        planned = plan_unit_day(
            unit.pk, day, by=person_of(request), budget_s=read_number(body, "budget_s") or 5.0,
            is_preview=isinstance(body, dict) and body.get("preview") is True,
        )  # fmt: skip
        return Response(to_plain(planned))


class OneRoute(Endpoint):
    """``/routes/{id}``."""

    may_call = WALKERS

    @describe(
        "One route",
        "A version of somebody's day, an older one too.",
        who=WALKERS,
        answer=RouteRow,
        faults=(404,),
        tag=TAG,
    )
    def get(self, request: Request, route_id: UUID) -> Response:
        """The route."""
        return Response(to_plain(get_route(rights_of(request), route_id)))


class RouteMoves(Endpoint):
    """``/routes/{id}/moves``."""

    may_call = LEADERS
    parser_classes = [JSONParser]

    @describe(
        "Move a stop", "To another place in the day or into another person's; it is pinned there. Answers that route. "
        "409 when the route was changed since, the visit has begun, or the other person is not on duty.",
        who=LEADERS, answer=RouteRow, faults=(400, 404, 409), body=_MOVE_BODY, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request, route_id: UUID) -> Response:
        """One move."""
        body, rights = request.data, rights_of(request)
        get_route(rights, route_id)
        case_id, position = parse_id(read_text(body, "case"), "case"), read_whole(body, "position")
        if case_id is None or position is None or position < 1:
            raise InputError("A move names its case and position.", field="position", value=position, cure="From 1.")
        new_id = move_stop(
            route_id, case_id, by=person_of(request), version=read_version(body), position=position,
            to_inspector=read_whole(body, "inspector"),
        )  # fmt: skip
        return Response(to_plain(get_route(rights, new_id)))
