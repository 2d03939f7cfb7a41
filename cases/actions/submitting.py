"""A phone hands in its form: once per key, never lost. What comes too late, or after somebody else, is kept as a conflict.

Order: photos are sent one by one before (``receive_photo``), the form names them. A conflict changes no case; the unit's
leader adopts it or sets it aside, with a reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from cases.actions.following import plan_follow_ups
from cases.actions.inspecting import record_inspection
from cases.actions.moving import CASE, lock
from cases.actions.permits_found import report_permit
from cases.field_form import check_answers
from cases.field_record import FieldRecord, check_acts, read_field_record
from cases.lifecycle import OPEN_INSPECTIONS, InspectionState
from cases.models import Assignment, Case, CaseEvent, Inspection, InspectionParty, InspectionSubmission
from cases.permissions import may_act_on_case, read_rights, require
from cases.queries.field_forms import get_field_form
from cases.roles import Role
from errors import Conflict, InputError, NotFound
from intake.models import MediaFile

_WHO = frozenset({Role.INSPECTOR, Role.LEADER})


@dataclass(frozen=True, slots=True)
class Submitted:
    """What became of a form. ``is_known``: this key was received before, nothing was done again.

    ``state``: ``applied``, or ``conflict`` with its kind: ``reassigned``, ``ended``, ``cancelled``, ``changed``.
    """

    submission_id: UUID
    inspection_id: UUID
    case_id: UUID
    state: str
    conflict: str
    is_known: bool
    clock_error_s: float | None


def submit_inspection(inspection_id: UUID, key: str, body: object, *, by: AbstractBaseUser) -> Submitted:
    """Apply a form, or keep it as a conflict. NotAllowed for anybody who never had this case.

    InputError for a form that cannot be read: the phone keeps it and says what to mend.
    """
    record = read_field_record(key, body)
    with transaction.atomic():
        case, visit = _lock_both(inspection_id)
        known = InspectionSubmission.objects.filter(inspector_id=by.pk, key=key).first()
        if known is not None:
            return _told_again(known, record, case)
        _require(case, visit, by)
        _check(case, record)
        now = timezone.now()
        conflict = _find_conflict(visit, record, by)
        submission = _keep(visit, record, by, now, conflict)
        if conflict:
            detail = {"submission": str(submission.pk), "why": conflict, "outcome": record.outcome.value}
            CaseEvent.write(case, "late_form", actor=by.get_username(), detail=detail)
        else:
            _apply(case, visit, record, by)
        return _told(submission, case.pk, is_known=False)


def settle_submission(submission_id: UUID, to: str, *, by: AbstractBaseUser, reason: str) -> Submitted:
    """The unit's leader adopts a conflicting form (its outcome counts, where the visit is still open) or sets it aside."""
    with transaction.atomic():
        found = InspectionSubmission.objects.filter(pk=submission_id).first()
        if found is None:
            raise NotFound("No such form.", field="submission", value=submission_id)
        case, visit = _lock_both(found.inspection_id)
        found = InspectionSubmission.objects.select_for_update(no_key=True).get(pk=submission_id)
        allowed = may_act_on_case(read_rights(by), case, {Role.LEADER})
        require("This form is not yours to settle.", allowed=allowed, who={Role.LEADER})
        _check_settling(found, to, reason)
        if to == "adopted":
            record = read_field_record(found.key, dict(found.content))
            _apply(case, _visit_to_adopt(case, visit), record, by)
        found.state, found.settled_by, found.settled_at = to, by.get_username(), timezone.now()
        found.settled_reason = reason
        found.save(update_fields=["state", "settled_by", "settled_at", "settled_reason"])
        CaseEvent.write(case, "form_settled", actor=by.get_username(), detail={"submission": str(found.pk), "to": to})
        return _told(found, case.pk, is_known=False)


def _lock_both(inspection_id: UUID) -> tuple[Case, Inspection]:
    case_id = Inspection.objects.filter(pk=inspection_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise NotFound("No such inspection.", field="inspection", value=inspection_id)
    case: Case = lock(CASE, pk=case_id)
    return case, Inspection.objects.select_for_update(no_key=True).get(pk=inspection_id)


def _require(case: Case, visit: Inspection, by: AbstractBaseUser) -> None:
    """The inspector of the visit, anybody who had the case before, or the unit's leader."""
    had = visit.inspector_id == by.pk or Assignment.objects.filter(case=case, inspector_id=by.pk).exists()
    allowed = had or may_act_on_case(read_rights(by), case, {Role.LEADER})
    require("This visit is somebody else's.", allowed=allowed, who=_WHO)


def _check(case: Case, record: FieldRecord) -> None:
    form = get_field_form(case.city_id)
    check_acts(record, [act.code for act in form.acts_for(case.use)])
    check_answers(form, case.use, record.answers, is_complete=record.names_acts)
    wanted = {*record.photo_ids, *(party.signature for party in record.parties if party.signature is not None)}
    known = set(MediaFile.objects.filter(pk__in=wanted, parent=None).values_list("pk", flat=True))
    for photo in wanted - known:
        raise InputError("This photo was never received.", field="photos", value=photo, cure="Send the photo first.")


def _find_conflict(visit: Inspection, record: FieldRecord, by: AbstractBaseUser) -> str:
    if visit.state == InspectionState.CANCELLED:
        return "cancelled"
    if visit.state not in OPEN_INSPECTIONS:
        return "ended"
    if visit.inspector_id != by.pk and not may_act_on_case(read_rights(by), visit.case, {Role.LEADER}):
        return "reassigned"
    if record.version is not None and record.version != visit.version and visit.outcome:
        return "changed"
    return ""


def _keep(
    visit: Inspection, record: FieldRecord, by: AbstractBaseUser, now: datetime, conflict: str
) -> InspectionSubmission:
    error = record.clock_error(now)
    submission = InspectionSubmission.objects.create(
        key=record.key, inspection=visit, inspector_id=by.pk, received_at=now, done_at=record.done(now),
        clock_error_s=None if error is None else error.total_seconds(), content=dict(record.content),
        sha256=record.sha256, state="conflict" if conflict else "applied", conflict=conflict,
    )  # fmt: skip
    for party in record.parties:
        InspectionParty.objects.create(
            submission=submission, inspection=visit, part=party.part.value, identity=dict(party.identity),
            statement=party.statement, signature_id=party.signature, unsigned_reason=party.unsigned_reason,
        )  # fmt: skip
    return submission


def _apply(case: Case, visit: Inspection, record: FieldRecord, by: AbstractBaseUser) -> None:
    record_inspection(visit.pk, record.as_outcome(), by=by)
    if record.permit_found is not None:
        report_permit(case, record.permit_found, actor=by.get_username())
    plan_follow_ups(case.pk, visit.pk)


def _visit_to_adopt(case: Case, visit: Inspection) -> Inspection:
    """The visit that is open now: the form's own, or the one that took its place."""
    if visit.state in OPEN_INSPECTIONS:
        return visit
    open_states = [state.value for state in OPEN_INSPECTIONS]
    found = Inspection.objects.select_for_update(no_key=True).filter(case=case, state__in=open_states).first()
    if found is None:
        raise Conflict(
            "The case has no open visit that this form could settle.", field="to", value="adopted",
            cure="Set the form aside; it stays on record.",
        )  # fmt: skip
    return found


def _check_settling(found: InspectionSubmission, to: str, reason: str) -> None:
    if to not in ("adopted", "set_aside"):
        raise InputError("A conflict is adopted or set aside.", field="to", value=to, cure="adopted or set_aside.")
    if not reason.strip():
        raise InputError("Settling a form needs a reason.", field="reason", value="", cure="Say why.")
    if found.state != "conflict":
        raise Conflict("This form is settled.", field="to", value=found.state, cure="Load it again.")


def _told_again(known: InspectionSubmission, record: FieldRecord, case: Case) -> Submitted:
    if known.sha256 != record.sha256:
        raise Conflict(
            "This key was used for another form.", field="Idempotency-Key", value=known.key,
            cure="Send the changed form under a new key.",
        )  # fmt: skip
    return _told(known, case.pk, is_known=True)


def _told(found: InspectionSubmission, case_id: UUID, *, is_known: bool) -> Submitted:
    return Submitted(found.pk, found.inspection_id, case_id, found.state, found.conflict, is_known, found.clock_error_s)
