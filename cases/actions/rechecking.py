"""What a visit after an abatement found: in order still, or come back. A return ends the case and opens a linked one."""

from __future__ import annotations

from cases.actions.assigning import draft_inspection
from cases.actions.moves import open_again
from cases.actions.moving import CASE, move
from cases.lifecycle import CaseState
from cases.models import Assignment, Case, CaseEvent, FollowUp, Inspection
from cases.outcome import CONFIRMS_VIOLATION, NEEDS_ANOTHER_VISIT, InspectionRecord


def settle_recheck(case: Case, visit: Inspection, record: InspectionRecord, actor: str) -> None:
    """Inside the caller's transaction, with place and case locked. The leader closes the case when all visits are done."""
    detail = {
        "inspection": str(visit.pk), "outcome": record.outcome.value, "free_width_m": record.free_width_m,
        "is_violation": record.outcome in CONFIRMS_VIOLATION,
    }  # fmt: skip
    CaseEvent.write(case, "rechecked", actor=actor, detail=detail)
    follow_up = FollowUp.objects.filter(inspection=visit).first()
    if record.outcome in NEEDS_ANOTHER_VISIT:
        again = draft_inspection(case, Assignment.objects.get(case=case, is_current=True), actor=actor)
        FollowUp.objects.filter(inspection=visit).update(inspection=again)
        return
    if follow_up is not None:
        FollowUp.objects.filter(pk=follow_up.pk).update(state="done")
    if record.outcome in CONFIRMS_VIOLATION:
        FollowUp.objects.filter(case=case, state="planned").update(state="cancelled")
        move(CASE, case, CaseState.RECURRED, actor=actor, reason=record.outcome.value)
        open_again(case, actor)
