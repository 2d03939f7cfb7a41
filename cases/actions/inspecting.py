"""Stage 8: what an inspector found. Only here does a suspicion become a violation, or not."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from cases.actions.answering import resolve_requests
from cases.actions.assigning import draft_inspection
from cases.actions.moves import lock_place_of
from cases.actions.moving import CASE, INSPECTION, check_version, lock, move
from cases.actions.rechecking import settle_recheck
from cases.lifecycle import OPEN_INSPECTIONS, PATH_TO_SITE, CaseState, InspectionState
from cases.models import Assignment, Case, CaseEvent, Inspection
from cases.outcome import (
    CASE_STATE_OF,
    CONFIRMS_VIOLATION,
    NEEDS_ANOTHER_VISIT,
    InspectionRecord,
    answer_of,
    visit_state_of,
)
from cases.permissions import may_act_on_case, read_rights, require
from cases.roles import Role
from errors import Conflict, InputError, NotFound
from intake.models import MediaFile

_WHO = frozenset({Role.INSPECTOR, Role.LEADER})


def record_inspection(inspection_id: UUID, record: InspectionRecord, *, by: AbstractBaseUser) -> UUID:
    """Write the outcome of a visit and move its case; the case's id. The same record sent twice changes nothing.

    NotAllowed for anybody but the inspector of the visit and the unit's leader; Conflict when the visit has another
    outcome already or was called off.
    """
    with transaction.atomic():
        case, visit = _lock_both(inspection_id)
        _require(case, visit, by)
        if _is_same(visit, record):
            return case.pk
        check_version(INSPECTION, visit, record.version)
        _refuse_ended(visit)
        _check_photos(record)
        actor = by.get_username()
        _walk_to_site(visit, actor)
        move(
            INSPECTION, visit, visit_state_of(record.outcome), actor=actor, reason=record.reason or record.outcome.value,
            outcome=record.outcome.value, free_width_m=record.free_width_m, completed_at=timezone.now(),
        )  # fmt: skip
        # Not as changes of the move: it has a reason and a note of its own, which go into the history.
        Inspection.objects.filter(pk=visit.pk).update(reason=record.reason, note=record.note)
        visit.photos.set(MediaFile.objects.filter(pk__in=record.photo_ids))
        _move_case(case, visit, record, actor)
        return case.pk


def _lock_both(inspection_id: UUID) -> tuple[Case, Inspection]:
    case_id = Inspection.objects.filter(pk=inspection_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise NotFound("No such inspection.", field="inspection", value=inspection_id)
    if Case.objects.filter(pk=case_id, state=CaseState.RECHECK.value).exists():
        lock_place_of(case_id)  # what has come back opens a case here
    return lock(CASE, pk=case_id), lock(INSPECTION, pk=inspection_id)


def _require(case: Case, visit: Inspection, by: AbstractBaseUser) -> None:
    rights = read_rights(by)
    is_own = visit.inspector_id == by.pk and may_act_on_case(rights, case, {Role.INSPECTOR})
    allowed = is_own or may_act_on_case(rights, case, {Role.LEADER})
    require("This visit is somebody else's.", allowed=allowed, who=_WHO)


def _is_same(visit: Inspection, record: InspectionRecord) -> bool:
    """A form sent again by a phone that never heard the answer."""
    return (
        visit.completed_at is not None
        and visit.outcome == record.outcome.value
        and visit.free_width_m == record.free_width_m
        and visit.note == record.note
    )


def _refuse_ended(visit: Inspection) -> None:
    if visit.state not in OPEN_INSPECTIONS:
        raise Conflict(
            f"This visit has ended: it is '{visit.state}'.", field="inspection", value=visit.pk,
            cure="Open the case again to see what was recorded.",
        )  # fmt: skip


def _check_photos(record: InspectionRecord) -> None:
    known = set(MediaFile.objects.filter(pk__in=record.photo_ids, parent=None).values_list("pk", flat=True))
    missing = [photo for photo in record.photo_ids if photo not in known]
    if missing:
        raise InputError(
            "This photo was never received.", field="photos", value=missing[0], cure="Send the photo first."
        )


def _walk_to_site(visit: Inspection, actor: str) -> None:
    """The steps on the way that nobody pressed on the phone, each with its own line of history."""
    if visit.state == InspectionState.TRAVELLING:
        move(INSPECTION, visit, InspectionState.ON_SITE, actor=actor)
    for step in PATH_TO_SITE[PATH_TO_SITE.index(InspectionState(visit.state)) + 1 :]:
        move(INSPECTION, visit, step, actor=actor)


def _move_case(case: Case, visit: Inspection, record: InspectionRecord, actor: str) -> None:
    if case.state == CaseState.RECHECK:
        settle_recheck(case, visit, record, actor)
        return
    if case.state == CaseState.ASSIGNED:
        move(CASE, case, CaseState.VERIFYING, actor=actor)
    detail = {
        "inspection": str(visit.pk), "outcome": record.outcome.value, "free_width_m": record.free_width_m,
        "is_violation": record.outcome in CONFIRMS_VIOLATION,
    }  # fmt: skip
    CaseEvent.write(case, "inspected", actor=actor, detail=detail)
    move(CASE, case, CASE_STATE_OF[record.outcome], actor=actor, reason=record.reason or record.outcome.value)
    answer = answer_of(record.outcome)
    if answer is not None:
        resolve_requests(case, actor, answer)
    if record.outcome in NEEDS_ANOTHER_VISIT:
        draft_inspection(case, Assignment.objects.get(case=case, is_current=True), actor=actor)
