"""A visit as the phone sees it: checklist, photos one by one, the form once per key, the record's draft, late forms."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint, describe, person_of, rights_of
from api.parsing import parse_limit, parse_moment, read_text
from api.plain import to_plain
from api.views.reports import refuse_too_large
from cases.actions.photographing import ROLES, PhotoKept, receive_photo
from cases.actions.recording import PartyRow, draft_record, read_parties
from cases.actions.submitting import Submitted
from cases.field_record import MeasureKind, MeasureTool, PartyPart
from cases.outcome import InspectionOutcome
from cases.queries.field_visits import FormRow, VisitForm, get_visit_form, list_forms
from cases.record_models import SUBMISSION_STATES
from cases.roles import Role
from errors import InputError
from pipeline.decisions import settle_submission, submit_inspection

TAG = "inspections"
FIELD = frozenset({Role.INSPECTOR, Role.LEADER})
LEADERS = frozenset({Role.LEADER})
_MEASURE = {
    "type": "object",
    "properties": {
        "kind": {"type": "string", "enum": list(MeasureKind)},
        "value": {"type": "number", "description": "metres; m2 for area; counted for storeys"},
        "tool": {"type": "string", "enum": list(MeasureTool)},
        "note": {"type": "string"},
    },
}
_PARTY = {
    "type": "object",
    "properties": {
        "part": {"type": "string", "enum": list(PartyPart)},
        "identity": {"type": "object", "description": "name, born_on, id_number, address; tax_code, represented_by"},
        "statement": {"type": "string"},
        "signature": {"type": "string", "format": "uuid", "description": "id of a photo with role 'signature'"},
        "unsigned_reason": {"type": "string", "description": "a violator who did not sign: why"},
    },
}
_FORM_BODY = {
    "application/json": {
        "type": "object",
        "properties": {
            "outcome": {"type": "string", "enum": list(InspectionOutcome)},
            "reason": {"type": "string"},
            "note": {"type": "string"},
            "measures": {"type": "array", "items": _MEASURE},
            "checklist": {"type": "object", "description": "code of the question: answer"},
            "acts": {"type": "array", "items": {"type": "string"}},
            "photos": {"type": "array", "items": {"type": "string", "format": "uuid"}},
            "parties": {"type": "array", "items": _PARTY},
            "permit_found": {"type": "object", "description": "number, issued_on, note"},
            "done_at": {"type": "string", "format": "date-time", "description": "on site, by the phone's clock"},
            "sent_at": {"type": "string", "format": "date-time", "description": "now, by the phone's clock"},
            "version": {"type": "integer"},
        },
        "required": ["outcome", "done_at"],
    }
}
_PHOTO_BODY = {
    "multipart/form-data": {
        "type": "object",
        "properties": {
            "photo": {"type": "string", "format": "binary"},
            "sha256": {"type": "string", "description": "computed on the phone when the picture was taken"},
            "role": {"type": "string", "enum": list(ROLES)},
            "taken_at": {"type": "string", "format": "date-time"},
        },
        "required": ["photo", "sha256", "role"],
    }
}
_SETTLE_BODY = {
    "application/json": {
        "type": "object",
        "properties": {"to": {"type": "string", "enum": ["adopted", "set_aside"]}, "reason": {"type": "string"}},
        "required": ["to", "reason"],
    }
}


class OneInspection(Endpoint):
    """``/inspections/{id}``."""

    may_call = FIELD

    @describe(
        "One visit", "With the checklist and acts of its use, photos and forms that arrived, and the visits to come.",
        who=FIELD, answer=VisitForm, faults=(404,), tag=TAG,
    )  # fmt: skip
    def get(self, request: Request, inspection_id: UUID) -> Response:
        """The visit."""
        return Response(to_plain(get_visit_form(rights_of(request), inspection_id)))


class InspectionPhotos(Endpoint):
    """``/inspections/{id}/photos``."""

    may_call = FIELD
    parser_classes = [MultiPartParser]

    @describe(
        "Send a photo of a visit", "One file; its bytes must have the SHA-256 that the phone computed. The original is kept. The "
        "same bytes twice give the same id. Taken also after the visit went to somebody else.",
        who=FIELD, answer=PhotoKept, status=201, faults=(400, 404, 413, 422), body=_PHOTO_BODY, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request, inspection_id: UUID) -> Response:
        """One photo."""
        refuse_too_large(request)
        photo = request.FILES.get("photo")
        if photo is None:
            raise InputError("The photo is missing.", field="photo", value="", cure="Send the file as 'photo'.")
        kept = receive_photo(
            inspection_id, photo, claimed_sha256=request.POST.get("sha256", ""), role=request.POST.get("role", ""),
            taken_at=parse_moment(request.POST.get("taken_at"), "taken_at"), by=person_of(request),
        )  # fmt: skip
        return Response(to_plain(kept), status=201)


class InspectionForms(Endpoint):
    """``/inspections/{id}/forms``."""

    may_call = FIELD
    parser_classes = [JSONParser]

    @describe(
        "Hand in a visit", "Once per `Idempotency-Key`: the same form again gives the first answer and does nothing. A form that "
        "comes after the visit was given to somebody else, has ended or was called off is kept with `state` `conflict`, "
        "never lost and never applied by itself.",
        who=FIELD, answer=Submitted, faults=(400, 404, 409), body=_FORM_BODY, tag=TAG,
        parameters=[OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, required=True)],
    )  # fmt: skip
    def post(self, request: Request, inspection_id: UUID) -> Response:
        """One form."""
        key = request.headers.get("Idempotency-Key", "")
        return Response(to_plain(submit_inspection(inspection_id, key, request.data, by=person_of(request))))


class InspectionRecordDraft(Endpoint):
    """``/inspections/{id}/record.pdf``."""

    may_call = FIELD

    @describe(
        "Draft of the record", "A4, Vietnamese, every field of the form, with act, clause and range by the law of the day of the "
        "act and a mark where that law awaits confirmation. For the inspector of the case and the unit's leader; logged.",
        who=FIELD, answer_schema={"type": "string", "format": "binary"}, faults=(404,), tag=TAG,
    )  # fmt: skip
    def get(self, request: Request, inspection_id: UUID) -> HttpResponse:
        """The sheet."""
        printed = draft_record(inspection_id, by=person_of(request))
        headers = {"Content-Disposition": f'inline; filename="{printed.name}"', "Cache-Control": "private, no-store"}
        return HttpResponse(printed.data, content_type="application/pdf", headers=headers)


class InspectionParties(Endpoint):
    """``/inspections/{id}/parties``."""

    may_call = FIELD

    @describe(
        "Parties of a visit", "Who stands in the record. For the inspector of the case and the unit's leader; every reading is "
        "in the case's history.",
        who=FIELD, answer=tuple[PartyRow, ...], faults=(404,), tag=TAG,
    )  # fmt: skip
    def get(self, request: Request, inspection_id: UUID) -> Response:
        """The parties."""
        return Response(to_plain(read_parties(inspection_id, by=person_of(request))))


class LateForms(Endpoint):
    """``/inspections/forms``."""

    may_call = LEADERS

    @describe(
        "Forms in conflict", "Forms that came too late to count, newest first; other states on request.",
        who=LEADERS, answer=tuple[FormRow, ...], tag=TAG,
        parameters=[OpenApiParameter("state", str, enum=list(SUBMISSION_STATES)), OpenApiParameter("limit", OpenApiTypes.INT)],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The list."""
        state = request.query_params.get("state") or "conflict"
        if state not in SUBMISSION_STATES:
            known = ", ".join(SUBMISSION_STATES)
            raise InputError("No such state of a form.", field="state", value=state, cure=f"One of: {known}.")
        limit = parse_limit(request.query_params.get("limit"))
        return Response(to_plain(list_forms(rights_of(request), state=state, limit=limit)))


class LateFormMoves(Endpoint):
    """``/inspections/forms/{id}/moves``."""

    may_call = LEADERS
    parser_classes = [JSONParser]

    @describe(
        "Settle a form in conflict", "`adopted`: its outcome counts for the visit that is open now; `set_aside`: it stays on "
        "record only. Both need a reason.",
        who=LEADERS, answer=Submitted, faults=(400, 404, 409), body=_SETTLE_BODY, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request, submission_id: UUID) -> Response:
        """One decision."""
        to, reason = read_text(request.data, "to", longest=20), read_text(request.data, "reason", longest=300)
        return Response(to_plain(settle_submission(submission_id, to, by=person_of(request), reason=reason)))
