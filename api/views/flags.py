"""Flags for offices: suspicions on the map, one flag in words, its history, and the decisions on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from drf_spectacular.utils import OpenApiParameter
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint, describe, language_of, person_of, rights_of
from api.geojson import collection_schema, feature_schema, make_collection, make_feature
from api.moving import MoveAnswer, WantedMove, answer_move, read_move
from api.parsing import parse_bounds, parse_choice, parse_id, parse_limit, parse_moment
from api.plain import to_plain
from api.views.found import FoundAnswer, word_flag
from cases.actions import Moved, ReviewDecision, move_flag
from cases.queries import FlagFilter, FlagRow, FlagStep, get_flag, list_flag_history, list_flags
from cases.roles import CASE_READERS, FLAG_DECIDERS, Role
from intake.kinds import Category
from pipeline.decisions import review_flag
from rules.finding import FlagState, Verdict
from rules.models import Flag

TAG = "flags"
READERS = CASE_READERS | {Role.OPERATOR}
PAGE_PARAMETERS = (
    OpenApiParameter("bounds", str, description="west,south,east,north in degrees, EPSG:4326"),
    OpenApiParameter("since", str, description="recorded at or after this moment or day"),
    OpenApiParameter("use", str, enum=list(Category)),
    OpenApiParameter("limit", int, description="rows per page, 1 to 1000, usually 100"),
    OpenApiParameter("after", str, description="mark of the page before; follow 'next' instead of writing it"),
)
_BODY = {
    "application/json": {
        "type": "object",
        "properties": {
            "to": {"type": "string", "enum": ["in_review", "accepted", "accepted_new", "dismissed", "new"]},
            "reason": {
                "type": "string",
                "description": "for 'dismissed' one of wrong_object, off_sidewalk, permitted, private_land, temporary, "
                "funeral_or_wedding, other",
            },
            "note": {"type": "string"},
            "version": {"type": "integer"},
        },
        "required": ["to", "version"],
        "example": {"to": "dismissed", "reason": "permitted", "version": 1},
    }
}
_DECISIONS = {
    "accepted": ReviewDecision.ACCEPT,
    "accepted_new": ReviewDecision.ACCEPT_NEW,
    "dismissed": ReviewDecision.DISMISS,
}


@dataclass(frozen=True, slots=True)
class FlagReason:
    """One condition of the rule as it was found: its code, whether it was met (null: not known), its figures by name."""

    code: str
    met: bool | None
    values: Mapping[str, object]


class Flags(Endpoint):
    """``/flags``."""

    may_call = READERS

    @describe(
        "List flags", "Stored findings of your wards, newest first, as GeoJSON. A flag is a suspicion, not a violation. The "
        "arrival of a citizen's picture is not shown.",
        who=READERS, answer_schema=collection_schema(FlagRow), tag=TAG,
        parameters=[OpenApiParameter("verdict", str, enum=list(Verdict)), OpenApiParameter("state", str, enum=list(FlagState)),
                    OpenApiParameter("observation", str), *PAGE_PARAMETERS],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """A page."""
        asked = request.query_params
        wanted = FlagFilter(
            bounds=parse_bounds(asked.get("bounds")),
            verdict=parse_choice(asked.get("verdict"), Verdict, "verdict"),
            state=parse_choice(asked.get("state"), FlagState, "state"),
            use=parse_choice(asked.get("use"), Category, "use") or "",
            since=parse_moment(asked.get("since"), "since"),
            observation_id=parse_id(asked.get("observation"), "observation"),
        )
        after, limit = parse_id(asked.get("after"), "after"), parse_limit(asked.get("limit"))
        page = list_flags(rights_of(request), wanted, after=after, limit=limit)
        features = [make_feature(row, lon=row.lon, lat=row.lat) for row in page.items]
        return Response(make_collection(request, features, page.next_after))


class OneFlag(Endpoint):
    """``/flags/{id}``."""

    may_call = READERS

    @describe(
        "One flag in words", "The finding with its reasons, figures, missing facts and citation in the reader's language.",
        who=READERS, faults=(404,), tag=TAG,
        answer_schema=feature_schema(FlagRow, words=FoundAnswer, reasons=tuple[FlagReason, ...], versions=Mapping[str, object]),
    )  # fmt: skip
    def get(self, request: Request, flag_id: UUID) -> Response:
        """The flag."""
        row = get_flag(rights_of(request), flag_id)
        flag = Flag.objects.get(pk=flag_id)
        found: FoundAnswer = word_flag(flag, language_of(request)[:2])
        feature = make_feature(row, lon=row.lon, lat=row.lat, words=found, reasons=flag.reasons, versions=flag.versions)
        return Response(feature)


class FlagTimeline(Endpoint):
    """``/flags/{id}/timeline``."""

    may_call = READERS

    @describe(
        "History of a flag", "Who decided what, when and why, oldest first.",
        who=READERS, answer=tuple[FlagStep, ...], faults=(404,), tag=TAG,
    )  # fmt: skip
    def get(self, request: Request, flag_id: UUID) -> Response:
        """The history."""
        get_flag(rights_of(request), flag_id)
        return Response(to_plain(list_flag_history(flag_id)))


class FlagMoves(Endpoint):
    """``/flags/{id}/moves``."""

    may_call = FLAG_DECIDERS
    parser_classes = [JSONParser]

    @describe(
        "Decide a flag", "`accepted` joins the open case of the place or opens one, assigns it and drafts the visit; "
        "`accepted_new` always opens one; `dismissed` needs one of seven labels; `new` takes a dismissal back; `in_review` "
        "tells the others that you look at it. 409 when somebody was first.",
        who=FLAG_DECIDERS, answer=MoveAnswer, faults=(400, 404, 409), body=_BODY, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request, flag_id: UUID) -> Response:
        """One decision."""
        get_flag(rights_of(request), flag_id)
        return _move(flag_id, read_move(request.data), person_of(request))


def _move(flag_id: UUID, wanted: WantedMove, user: AbstractBaseUser) -> Response:
    decision = _DECISIONS.get(wanted.to)
    if decision is None and wanted.to == FlagState.NEW:
        state = Flag.objects.values_list("state", flat=True).get(pk=flag_id)
        decision = ReviewDecision.UNDO if state == FlagState.DISMISSED else None
    if decision is None:
        return answer_move(move_flag(flag_id, wanted.to, by=user, reason=wanted.reason, version=wanted.version))
    done = review_flag(flag_id, decision, by=user, reason=wanted.reason, version=wanted.version)
    moved = Moved("flag", str(flag_id), done.state, done.version)
    return answer_move(moved, case_id=str(done.case_id or ""), case_code=done.case_code)
