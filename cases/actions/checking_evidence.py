"""A leader or auditor has the evidence of one case read again; that it was done, and what it showed, is in its history."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from cases.actions.moving import CASE, lock
from cases.models import Case, CaseEvent
from cases.permissions import may_act_on_case, read_rights, require
from cases.queries.evidence import list_original_ids
from cases.roles import EXPORTERS
from intake.actions.custody_check import MatterCheck, check_matter


def check_evidence(case_id: UUID, *, by: AbstractBaseUser) -> MatterCheck:
    """What the files and links of a case are now. NotAllowed for others than leaders and auditors of its unit."""
    case = Case.objects.get(pk=case_id)
    allowed = may_act_on_case(read_rights(by), case, EXPORTERS)
    require("The evidence of this case is not yours to check.", allowed=allowed, who=EXPORTERS)
    found = check_matter(list_original_ids(case_id))
    with transaction.atomic():
        locked: Case = lock(CASE, pk=case_id)
        detail = {"files": len(found.files), "faults": found.faults}
        CaseEvent.write(locked, "evidence_checked", actor=by.get_username(), detail=detail)
    return found
