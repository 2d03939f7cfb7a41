"""A city's calendar for those who keep it: holidays, swap days, lengths of clocks, what is provisional: `/calendar`."""

from __future__ import annotations

from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.cities import CITY, city_of
from api.endpoint import Endpoint, describe, person_of, rights_of
from api.parsing import parse_choice, parse_day, read_text, read_whole
from api.plain import Json, to_plain
from cases.actions.packs import change_calendar
from cases.calendar_amending import CalendarChange, ChangeKind
from cases.permissions import require
from cases.queries.calendar_table import CalendarTable, get_calendar_table
from cases.roles import STAFF, Role
from errors import InputError

TAG = "operating"
OPERATORS = frozenset({Role.OPERATOR})
_BODY: Json = {
    "application/json": {
        "type": "object",
        "properties": {
            "edition": {"type": "integer", "description": "that you looked at"},
            "kind": {"type": "string", "enum": list(ChangeKind)},
            "on": {"type": "string", "format": "date"},
            "to": {"type": "string", "format": "date"},
            "name_vi": {"type": "string"},
            "name_en": {"type": "string"},
            "code": {"type": "string", "description": "of the clock, for kind policy"},
            "is_confirmed": {"type": "boolean"},
            "source": {"type": "string", "description": "the paper it rests on; needed for what is confirmed"},
        },
        "required": ["edition", "kind"],
    }
}


class Calendar(Endpoint):
    """``/calendar``."""

    may_call = STAFF

    @describe(
        "Calendar", "Working days and hours, holidays and swap days, the lengths of the clocks, each with its source and whether "
        "it is confirmed; and the editions, newest first.",
        who=STAFF, answer=CalendarTable, faults=(404,), parameters=[CITY], tag=TAG,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The newest edition."""
        return Response(to_plain(get_calendar_table(city_of(request))))


class CalendarChanges(Endpoint):
    """``/calendar/changes``."""

    may_call = OPERATORS
    parser_classes = [JSONParser]

    @describe(
        "Change the calendar", "Add or confirm a holiday or swap day, remove one that was not decreed, say to which day they are "
        "known, or confirm the length of a clock. A new edition; the clocks of open cases are counted anew. 409 when another "
        "edition came meanwhile.",
        who=OPERATORS, answer=CalendarTable, status=201, faults=(400, 404, 409), body=_BODY, parameters=[CITY], tag=TAG,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """One change."""
        city, body = city_of(request), request.data
        allowed = rights_of(request).reach(OPERATORS, city_id=city.pk, ward_code="", use="")
        require("The calendar is kept by the operator of the city.", allowed=allowed, who=OPERATORS)
        edition = read_whole(body, "edition")
        if edition is None:
            raise InputError("Name the edition you looked at.", field="edition", value="", cure="Send its number.")
        change_calendar(city, _read_change(body), by=person_of(request).get_username(), edition_id=edition)
        return Response(to_plain(get_calendar_table(city)), status=201)


def _read_change(body: object) -> CalendarChange:
    kind = parse_choice(read_text(body, "kind", longest=20), ChangeKind, "kind")
    if kind is None:
        raise InputError("Name the kind of change.", field="kind", value="", cure=f"One of: {', '.join(ChangeKind)}.")
    confirmed = body.get("is_confirmed", False) if isinstance(body, dict) else False
    if not isinstance(confirmed, bool):
        raise InputError(
            "This field is true or false.", field="is_confirmed", value=confirmed, cure="Send true or false."
        )
    return CalendarChange(
        kind=kind, source=read_text(body, "source", longest=300),
        on=parse_day(read_text(body, "on", longest=10), "on"), to=parse_day(read_text(body, "to", longest=10), "to"),
        name_vi=read_text(body, "name_vi", longest=120), name_en=read_text(body, "name_en", longest=120),
        is_confirmed=confirmed, code=read_text(body, "code", longest=40),
    )  # fmt: skip
