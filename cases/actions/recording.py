"""Prints the draft of a visit's record, and reads its parties: each opening stands in the case's history."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils import timezone

from cases.models import Assignment, Case, CaseEvent, Inspection, InspectionParty
from cases.permissions import may_act_on_case, read_rights, require
from cases.queries.record_facts import get_record_draft
from cases.record_pdf import print_record
from cases.roles import Role
from errors import NotFound

_WHO = frozenset({Role.INSPECTOR, Role.LEADER})


@dataclass(frozen=True, slots=True)
class PartyRow:
    """Somebody in a record, for the inspector of the case and the unit's leader."""

    part: str
    identity: dict[str, str]
    statement: str
    has_signature: bool
    unsigned_reason: str


@dataclass(frozen=True, slots=True)
class PrintedRecord:
    """The sheet and the name under which it is saved."""

    data: bytes
    name: str
    sha256: str


def draft_record(inspection_id: UUID, *, by: AbstractBaseUser) -> PrintedRecord:
    """The draft as PDF; its hash and the version of law stand in the history."""
    visit = _open(inspection_id, by)
    draft = get_record_draft(visit, now=timezone.now())
    data = print_record(draft)
    digest = sha256(data).hexdigest()
    detail = {
        "inspection": str(visit.pk),
        "sha256": digest,
        "law": draft.law_version,
        "awaits_confirmation": draft.awaits_confirmation,
    }
    CaseEvent.write(visit.case, "record_drafted", actor=by.get_username(), detail=detail)
    return PrintedRecord(data, f"{visit.case.code}-nhap.pdf", digest)


def read_parties(inspection_id: UUID, *, by: AbstractBaseUser) -> tuple[PartyRow, ...]:
    """Who stands in a visit's record."""
    visit = _open(inspection_id, by)
    rows = InspectionParty.objects.filter(inspection=visit, submission__state__in=["applied", "adopted"]).order_by("pk")
    CaseEvent.write(visit.case, "parties_read", actor=by.get_username(), detail={"inspection": str(visit.pk)})
    return tuple(
        PartyRow(r.part, dict(r.identity), r.statement, r.signature_id is not None, r.unsigned_reason) for r in rows
    )


def _open(inspection_id: UUID, by: AbstractBaseUser) -> Inspection:
    """Violators are shown to whoever has the case now or made the visit, and to the unit's leader (domain 1.8)."""
    visit = Inspection.objects.select_related("case__city", "case__unit", "inspector").filter(pk=inspection_id).first()
    if visit is None:
        raise NotFound("No such inspection.", field="inspection", value=inspection_id)
    require("This record is not yours to open.", allowed=_may_open(visit, visit.case, by), who=_WHO)
    return visit


def _may_open(visit: Inspection, case: Case, by: AbstractBaseUser) -> bool:
    rights = read_rights(by)
    has_it = (
        visit.inspector_id == by.pk
        or Assignment.objects.filter(case=case, inspector_id=by.pk, is_current=True).exists()
    )
    return (has_it and may_act_on_case(rights, case, {Role.INSPECTOR})) or may_act_on_case(rights, case, {Role.LEADER})
