"""Roles for the operator: who holds which, where, from when to when, who gave it: `/roles`."""

from __future__ import annotations

from datetime import date

from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.cities import CITY, city_of
from api.endpoint import Endpoint, describe, rights_of
from api.parsing import parse_choice, parse_day, read_text, read_version
from api.plain import Json, to_plain
from cases.actions.appointing import OPERATORS, end_role, give_role
from cases.queries.role_table import RoleTable, get_role_table
from cases.roles import Role
from errors import InputError
from geo.models import City
from geo.today import today_in

TAG = "operating"
READERS = frozenset({Role.OPERATOR, Role.AUDITOR})
_DAY: Json = {"type": "string", "format": "date"}
_REASON: Json = {"type": "string", "description": "the decision it rests on"}
_GIVE_BODY: Json = {
    "application/json": {
        "type": "object",
        "properties": {
            "username": {"type": "string"},
            "role": {"type": "string", "enum": list(Role)},
            "unit": {"type": "string", "description": "code of the office; empty: the whole city"},
            "valid_from": _DAY,
            "valid_to": {**_DAY, "description": "first day without the role; open where absent"},
            "reason": _REASON,
        },
        "required": ["username", "role", "valid_from", "reason"],
    }
}
_END_BODY: Json = {
    "application/json": {
        "type": "object",
        "properties": {
            "to": {"type": "string", "enum": ["ended"]},
            "valid_to": _DAY,
            "reason": _REASON,
            "version": {"type": "integer"},
        },
        "required": ["to", "valid_to", "reason", "version"],
    }
}


class Roles(Endpoint):
    """``/roles``."""

    may_call = READERS
    parser_classes = [JSONParser]

    @describe(
        "Roles", "Every role of a city, those held first, with who gave or ended it and why; people and offices to choose from.",
        who=READERS, answer=RoleTable, faults=(404,), parameters=[CITY], tag=TAG,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The table."""
        return Response(to_plain(_get_table(city_of(request))))

    @describe(
        "Give a role", "To a person in an office, from a day on. 409 for one that does not go with what is held then; nobody "
        "changes the own roles.",
        who=OPERATORS, answer=RoleTable, status=201, faults=(400, 404, 409), body=_GIVE_BODY, parameters=[CITY], tag=TAG,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """One role."""
        city, body = city_of(request), request.data
        role = parse_choice(read_text(body, "role", longest=12), Role, "role")
        if role is None:
            raise InputError("Name the role.", field="role", value="", cure=f"One of: {', '.join(Role)}.")
        give_role(
            rights_of(request), username=read_text(body, "username", longest=150), city=city,
            unit_code=read_text(body, "unit", longest=40), role=role, valid_from=_read_day(body, "valid_from"),
            valid_to=parse_day(read_text(body, "valid_to", longest=10), "valid_to"), reason=read_text(body, "reason"),
        )  # fmt: skip
        return Response(to_plain(_get_table(city)), status=201)


class RoleMoves(Endpoint):
    """``/roles/{id}/moves``."""

    may_call = OPERATORS
    parser_classes = [JSONParser]

    @describe(
        "End a role", "From a day on, today or later: what was done under it stays explained.",
        who=OPERATORS, answer=RoleTable, faults=(400, 404, 409), body=_END_BODY, parameters=[CITY], tag=TAG,
    )  # fmt: skip
    def post(self, request: Request, role_id: int) -> Response:
        """Its last day."""
        body = request.data
        if read_text(body, "to", longest=10) != "ended":
            raise InputError("A role is only ended.", field="to", value="", cure="Send: ended.")
        end_role(
            rights_of(request), role_id, valid_to=_read_day(body, "valid_to"), reason=read_text(body, "reason"),
            version=read_version(body),
        )  # fmt: skip
        return Response(to_plain(_get_table(city_of(request))))


def _get_table(city: City) -> RoleTable:
    return get_role_table(city, today=today_in(city.timezone))


def _read_day(body: object, field: str) -> date:
    on = parse_day(read_text(body, field, longest=10), field)
    if on is None:
        raise InputError("A day is needed.", field=field, value="", cure="Write 2026-11-22.")
    return on
