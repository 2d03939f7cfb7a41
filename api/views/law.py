"""The dated law of a city for those who keep it: every item with its period, and who confirmed it: `/law`."""

from __future__ import annotations

from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.cities import CITY, city_of
from api.endpoint import Endpoint, describe, person_of, rights_of
from api.parsing import read_text
from api.plain import Json, to_plain
from cases.permissions import require
from cases.roles import STAFF, Role
from errors import InputError
from rules.actions import confirm_law
from rules.law_queries import LawTable, get_law_table

TAG = "operating"
OPERATORS = frozenset({Role.OPERATOR})
_BODY: Json = {
    "application/json": {
        "type": "object",
        "properties": {
            "item": {"type": "string", "description": "the item's key"},
            "value_print": {"type": "string", "description": "as read with the item: what is confirmed is this value"},
            "version": {"type": "string", "description": "of the law that you looked at"},
            "do": {"type": "string", "enum": ["confirm", "withdraw"]},
            "source": {"type": "string", "description": "the paper it rests on: number, date, article"},
        },
        "required": ["item", "value_print", "version", "do", "source"],
    }
}


class LawItems(Endpoint):
    """``/law``."""

    may_call = STAFF

    @describe(
        "The law as it is kept", "Every instrument, rule, figure and fine with its period, whether it is confirmed, by whom and "
        "by which paper; and the versions, newest first.",
        who=STAFF, answer=LawTable, faults=(404,), parameters=[CITY], tag=TAG,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The table."""
        return Response(to_plain(get_law_table(city_of(request))))


class LawConfirmations(Endpoint):
    """``/law/confirmations``."""

    may_call = OPERATORS
    parser_classes = [JSONParser]

    @describe(
        "Confirm the law", "A person says that one item stands as written, by which paper, or takes that back. A new version of "
        "the law; what was decided before keeps the version it was decided by. 409 when the law was changed meanwhile.",
        who=OPERATORS, answer=LawTable, status=201, faults=(400, 404, 409), body=_BODY, parameters=[CITY], tag=TAG,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """One word."""
        city, body = city_of(request), request.data
        allowed = rights_of(request).reach(OPERATORS, city_id=city.pk, ward_code="", use="")
        require("The law is kept by the operator of the city.", allowed=allowed, who=OPERATORS)
        act = read_text(body, "do", longest=10)
        if act not in ("confirm", "withdraw"):
            raise InputError(
                "An item is confirmed, or that is taken back.", field="do", value=act, cure="confirm or withdraw"
            )
        confirm_law(
            city, read_text(body, "item", longest=200), read_text(body, "value_print", longest=64),
            source=read_text(body, "source", longest=300), by=person_of(request).get_username(),
            version=read_text(body, "version", longest=64), withdraw=act == "withdraw",
        )  # fmt: skip
        return Response(to_plain(get_law_table(city)), status=201)
