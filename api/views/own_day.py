"""What an inspector's phone takes along for a shift."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint, describe, person_of, rights_of
from api.plain import to_plain
from cases.queries import OwnDay, get_own_day
from cases.roles import Role

FIELD = frozenset({Role.INSPECTOR})


class OwnDays(Endpoint):
    """``/own-day``."""

    may_call = FIELD

    @describe(
        "Your own day", "Your open jobs with the visit of each, the names of its place, and the ground to keep a map of. "
        "Answers with an ETag, so that a phone asks often at no cost.",
        who=FIELD, answer=OwnDay, faults=(), tag="field",
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The day."""
        answer = to_plain(get_own_day(person_of(request), rights_of(request)))
        return Response(answer, headers={"Cache-Control": "private, no-cache"})
