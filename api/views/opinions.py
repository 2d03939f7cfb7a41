"""Second opinions on flags, and similar earlier decisions."""

from __future__ import annotations

from uuid import UUID

from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint, describe, person_of, rights_of
from api.parsing import read_text
from api.plain import to_plain
from api.views.flags import READERS
from cases.actions.opining import give_opinion
from cases.queries import get_flag
from cases.queries.opinions import Opinions, SimilarFlag, list_opinions, list_similar
from cases.roles import FLAG_DECIDERS
from rules.models import Flag

TAG = "flags"


class FlagOpinions(Endpoint):
    """``/flags/{id}/opinions``."""

    may_call = READERS
    parser_classes = [JSONParser]

    @describe(
        "Opinions on a flag", "The decision and second opinions; `disagree` when the newest words of two people differ.",
        who=READERS, answer=Opinions, faults=(404,), tag=TAG,
    )  # fmt: skip
    def get(self, request: Request, flag_id: UUID) -> Response:
        """All of them."""
        get_flag(rights_of(request), flag_id)
        return Response(to_plain(list_opinions(flag_id)))

    @describe(
        "Give a second opinion", "On a decided flag, by another reviewer than who decided. Nothing moves; it shows.",
        who=FLAG_DECIDERS, answer=Opinions, status=201, faults=(400, 404, 409), tag=TAG,
        body={"application/json": {"type": "object", "required": ["says"], "properties": {
            "says": {"type": "string", "enum": ["accepted", "dismissed"]}, "label": {"type": "string"}}}},
    )  # fmt: skip
    def post(self, request: Request, flag_id: UUID) -> Response:
        """One opinion."""
        get_flag(rights_of(request), flag_id)
        says, label = read_text(request.data, "says", longest=10), read_text(request.data, "label", longest=24)
        give_opinion(flag_id, says, by=person_of(request), label=label)
        return Response(to_plain(list_opinions(flag_id)), status=201)


class SimilarFlags(Endpoint):
    """``/flags/{id}/similar``."""

    may_call = READERS

    @describe(
        "Similar earlier decisions", "Decided flags of the same rule and use, by the same camera or within thirty metres.",
        who=READERS, answer=tuple[SimilarFlag, ...], faults=(404,), tag=TAG,
    )  # fmt: skip
    def get(self, request: Request, flag_id: UUID) -> Response:
        """The newest decisions first."""
        rights = rights_of(request)
        get_flag(rights, flag_id)
        flag = Flag.objects.select_related("observation").get(pk=flag_id)
        return Response(to_plain(list_similar(rights, flag)))
