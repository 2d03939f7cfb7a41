"""Cases and their visits for offices. How many voices a case has is told; whose, from where and when is not."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint, describe, person_of, rights_of
from api.geojson import collection_schema, feature_schema, make_collection, make_feature
from api.moving import MOVE_BODY, MoveAnswer, WantedMove, answer_move, read_move
from api.parsing import parse_bounds, parse_choice, parse_id, parse_limit, parse_moment, read_number, read_text
from api.plain import to_plain
from api.views.flags import PAGE_PARAMETERS
from cases.actions import InspectionOutcome, InspectionRecord, Moved, move_inspection
from cases.lifecycle import CaseState, InspectionState
from cases.models import Inspection
from cases.queries import (
    CaseFilter,
    CaseRow,
    TimelineEntry,
    get_case,
    list_case_timeline,
    list_cases,
    list_inspection_timeline,
)
from cases.roles import CASE_READERS, Role
from errors import InputError
from intake.kinds import Category
from pipeline.decisions import move_case, record_inspection

TAG = "cases"
MOVERS = CASE_READERS - {Role.PLANNER}
VISITORS = frozenset({Role.INSPECTOR, Role.LEADER})
_RECORDED = (InspectionState.COMPLETED.value, InspectionState.NO_ACCESS.value)
_VISIT_BODY = {
    "application/json": {
        "type": "object",
        "properties": {
            "to": {"type": "string", "enum": list(InspectionState)},
            "reason": {"type": "string"},
            "version": {"type": "integer"},
            "outcome": {
                "type": "string",
                "enum": list(InspectionOutcome),
                "description": "with 'completed' or 'no_access'",
            },
            "free_width_m": {"type": "number", "description": "by tape, metres"},
            "note": {"type": "string"},
            "photos": {"type": "array", "items": {"type": "string", "format": "uuid"}},
        },
        "required": ["to", "version"],
        "example": {"to": "completed", "outcome": "warned", "free_width_m": 1.05, "version": 1},
    }
}


class Cases(Endpoint):
    """``/cases``."""

    may_call = CASE_READERS

    @describe(
        "List cases", "Cases of your wards, newest first, as GeoJSON.",
        who=CASE_READERS, answer_schema=collection_schema(CaseRow), tag=TAG,
        parameters=[OpenApiParameter("state", str, enum=list(CaseState)), OpenApiParameter("open", bool),
                    OpenApiParameter("reply_owed", bool, description="only those with a sender to whom nobody has replied"),
                    OpenApiParameter("unit", str, description="code of the administrative unit"), *PAGE_PARAMETERS],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """A page."""
        asked = request.query_params
        is_open = {"true": True, "1": True, "false": False, "0": False}.get(asked.get("open", "").lower())
        wanted = CaseFilter(
            bounds=parse_bounds(asked.get("bounds")),
            state=parse_choice(asked.get("state"), CaseState, "state"),
            use=parse_choice(asked.get("use"), Category, "use") or "",
            since=parse_moment(asked.get("since"), "since"),
            unit_code=asked.get("unit", ""),
            is_open=is_open,
            owes_reply=asked.get("reply_owed", "").lower() in ("true", "1"),
        )
        after, limit = parse_id(asked.get("after"), "after"), parse_limit(asked.get("limit"))
        page = list_cases(rights_of(request), wanted, after=after, limit=limit)
        features = [make_feature(row, lon=row.lon, lat=row.lat) for row in page.items]
        return Response(make_collection(request, features, page.next_after))


class OneCase(Endpoint):
    """``/cases/{id}``."""

    may_call = CASE_READERS

    @describe(
        "One case", "With its flags, observations and visits.",
        who=CASE_READERS, answer_schema=feature_schema(CaseRow), faults=(404,), tag=TAG,
    )  # fmt: skip
    def get(self, request: Request, case_id: UUID) -> Response:
        """The case."""
        detail = get_case(rights_of(request), case_id=case_id)
        row = detail.row
        more = {name: inner for name, inner in to_plain(detail).items() if name not in ("row", "due_basis")}
        return Response(make_feature(row, lon=row.lon, lat=row.lat, due_basis=dict(detail.due_basis), **more))


class CaseTimeline(Endpoint):
    """``/cases/{id}/timeline``."""

    may_call = CASE_READERS

    @describe(
        "History of a case", "Moves, decisions, assignments and visits, oldest first. With `is_day_only` the hour is left out "
        "on purpose; the arrival of voices is in no entry.",
        who=CASE_READERS, answer=tuple[TimelineEntry, ...], faults=(404,), tag=TAG,
    )  # fmt: skip
    def get(self, request: Request, case_id: UUID) -> Response:
        """The history."""
        get_case(rights_of(request), case_id=case_id)
        entries = [to_plain(entry) | {"facts": dict(entry.facts)} for entry in list_case_timeline(case_id)]
        return Response(entries)


class CaseMoves(Endpoint):
    """``/cases/{id}/moves``."""

    may_call = MOVERS
    parser_classes = [JSONParser]

    @describe(
        "Move a case", "By the table of allowed moves. `assigned` chooses office and inspector; on a case that is assigned "
        "already it gives it to somebody else without touching the due moment. 409 when the move is not allowed from here or "
        "somebody was first.",
        who=MOVERS, answer=MoveAnswer, faults=(400, 404, 409), body=MOVE_BODY, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request, case_id: UUID) -> Response:
        """One move."""
        wanted = read_move(request.data)
        get_case(rights_of(request), case_id=case_id)
        moved = move_case(case_id, wanted.to, by=person_of(request), reason=wanted.reason, version=wanted.version)
        return answer_move(moved, case_id=str(case_id))


class InspectionMoves(Endpoint):
    """``/inspections/{id}/moves``."""

    may_call = VISITORS
    parser_classes = [JSONParser]

    @describe(
        "Move a visit", "`completed` and `no_access` hand in the outcome; the case and the reports behind it follow. `approved` "
        "lets the answer out and is another person's than who recorded it.",
        who=VISITORS, answer=MoveAnswer, faults=(400, 404, 409), body=_VISIT_BODY, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request, inspection_id: UUID) -> Response:
        """One move."""
        wanted = read_move(request.data)
        if wanted.to in _RECORDED:
            record_inspection(inspection_id, _read_record(request.data, wanted), by=person_of(request))
            visit = Inspection.objects.get(pk=inspection_id)
            return answer_move(
                Moved("inspection", str(visit.pk), visit.state, visit.version), case_id=str(visit.case_id)
            )
        moved = move_inspection(
            inspection_id, wanted.to, by=person_of(request), reason=wanted.reason, version=wanted.version
        )
        return answer_move(moved)


class InspectionTimeline(Endpoint):
    """``/inspections/{id}/timeline``."""

    may_call = CASE_READERS

    @describe(
        "History of a visit", "Its steps, oldest first.",
        who=CASE_READERS, answer=tuple[TimelineEntry, ...], faults=(404,), tag=TAG,
    )  # fmt: skip
    def get(self, request: Request, inspection_id: UUID) -> Response:
        """The history."""
        return Response(to_plain(list_inspection_timeline(rights_of(request), inspection_id)))


def _read_record(body: Any, wanted: WantedMove) -> InspectionRecord:
    asked = read_text(body, "outcome") or (wanted.to if wanted.to == InspectionState.NO_ACCESS else "")
    outcome = parse_choice(asked, InspectionOutcome, "outcome")
    if outcome is None:
        known = ", ".join(InspectionOutcome)
        raise InputError("A visit ends with its outcome.", field="outcome", value="", cure=f"One of: {known}.")
    photos = body.get("photos") or []
    if not isinstance(photos, list):
        raise InputError("Photos are a list of ids.", field="photos", value=photos, cure='Write ["...", "..."].')
    return InspectionRecord(
        outcome=outcome,
        reason=wanted.reason,
        free_width_m=read_number(body, "free_width_m"),
        note=read_text(body, "note"),
        photo_ids=tuple(found for photo in photos if (found := parse_id(str(photo), "photos"))),
        version=wanted.version,
    )
