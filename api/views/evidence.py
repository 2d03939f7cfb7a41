"""Custody for leaders and auditors: evidence packs, holds, altered files, and the log of looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint, describe, person_of, rights_of
from api.parsing import parse_limit, read_text
from api.plain import to_plain
from cases.actions.checking_evidence import check_evidence
from cases.actions.keeping import HOLDERS, hold_evidence, release_evidence
from cases.queries import get_case
from cases.queries.custody import FaultRow, LookRow, list_faults, list_looks
from cases.roles import EXPORTERS, Role
from intake.actions.custody_check import FileStanding
from pipeline.evidence_pack import build_pack

TAG = "evidence"
FAULT_READERS = frozenset({Role.LEADER, Role.AUDITOR, Role.OPERATOR})
_REASON = {"application/json": {"type": "object", "properties": {"reason": {"type": "string"}}, "required": ["reason"]}}


@dataclass(frozen=True, slots=True)
class HoldAnswer:
    """Whether a hold stands on the case's evidence, since when and why."""

    is_held: bool
    reason: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class CheckAnswer:
    """What was read again and what was found. ``faults`` counts altered or missing files and broken links."""

    checked_at: datetime
    faults: int
    links: int
    broken_links: tuple[int, ...]
    files: tuple[FileStanding, ...]


class EvidenceChecks(Endpoint):
    """``/cases/{id}/evidence-checks``."""

    may_call = EXPORTERS
    parser_classes = [JSONParser]

    @describe(
        "Check evidence of a case", "Reads every stored file of the case and every link of the chain about it again, and says "
        "of each what it is now. In the case's history.",
        who=EXPORTERS, answer=CheckAnswer, status=201, faults=(404,), tag=TAG,
    )  # fmt: skip
    def post(self, request: Request, case_id: UUID) -> Response:
        """The check."""
        get_case(rights_of(request), case_id=case_id)
        found = check_evidence(case_id, by=person_of(request))
        answer = CheckAnswer(timezone.now(), found.faults, found.links, found.broken_links, found.files)
        return Response(to_plain(answer), status=201)


class EvidencePacks(Endpoint):
    """``/cases/{id}/evidence-packs``."""

    may_call = EXPORTERS
    parser_classes = [JSONParser]

    @describe(
        "Take out an evidence pack", "A ZIP with originals, copies, metadata, chain of custody, a page to read and the "
        "checker that a third party runs offline (`python3 check.py PACK.zip`). The export is bound into the chain. 409 "
        "when a file was altered on the disk.",
        who=EXPORTERS, answer_schema={"type": "string", "format": "binary"}, faults=(400, 404, 409), body=_REASON, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request, case_id: UUID) -> HttpResponse:
        """The file."""
        code = get_case(rights_of(request), case_id=case_id).row.code
        data = build_pack(case_id, by=person_of(request), reason=read_text(request.data, "reason"))
        answer = HttpResponse(data, content_type="application/zip")
        answer["Content-Disposition"] = f'attachment; filename="{code}-evidence.zip"'
        answer["Cache-Control"] = "no-store"
        return answer


class EvidenceHold(Endpoint):
    """``/cases/{id}/hold``."""

    may_call = HOLDERS
    parser_classes = [JSONParser]

    @describe(
        "Hold evidence", "Nothing of the case is erased while the hold stands.",
        who=HOLDERS, answer=HoldAnswer, faults=(400, 404), body=_REASON, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request, case_id: UUID) -> Response:
        """Set it."""
        get_case(rights_of(request), case_id=case_id)
        hold = hold_evidence(case_id, reason=read_text(request.data, "reason"), by=person_of(request))
        return Response(to_plain(HoldAnswer(is_held=True, reason=hold.reason, since=hold.at)))

    @describe(
        "Release evidence", "The case's own period counts again.",
        who=HOLDERS, answer=HoldAnswer, faults=(404, 409), tag=TAG,
    )  # fmt: skip
    def delete(self, request: Request, case_id: UUID) -> Response:
        """Release every hold."""
        get_case(rights_of(request), case_id=case_id)
        release_evidence(case_id, by=person_of(request))
        return Response(to_plain(HoldAnswer(is_held=False, reason="", since=timezone.now())))


class EvidenceFaults(Endpoint):
    """``/evidence/faults``."""

    may_call = FAULT_READERS

    @describe(
        "Altered evidence", "Stored files that were found altered or missing. `manage.py verify_evidence` reads every file "
        "again.",
        who=FAULT_READERS, answer=tuple[FaultRow, ...], faults=(), tag=TAG,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The faults, newest first."""
        return Response(to_plain(list_faults(rights_of(request))))


class EvidenceLooks(Endpoint):
    """``/evidence/looks``."""

    may_call = EXPORTERS

    @describe(
        "Looks at originals", "Who opened which original when and why, newest first.",
        who=EXPORTERS, answer=tuple[LookRow, ...], tag=TAG, parameters=[OpenApiParameter("limit", int)],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The log."""
        return Response(to_plain(list_looks(rights_of(request), limit=parse_limit(request.query_params.get("limit")))))
