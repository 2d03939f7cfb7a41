"""A person moves a case, request, flag or inspection by hand, and what must follow. One transaction each.

``by`` is the person; None is the machine itself (sweeps), which asks nobody.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from cases.actions.answering import answer_requests, answer_the_rest, begin_requests, carry_over, refuse_requests
from cases.actions.assigning import assign_case, nobody_to_send, reassign_case
from cases.actions.moving import (
    CASE,
    FLAG,
    INSPECTION,
    REQUEST,
    SYSTEM,
    Moved,
    check_version,
    lock,
    move,
    moved,
    parse_state,
)
from cases.actions.opening import lock_places, open_case
from cases.actions.timekeeping import require_late_causes
from cases.joining import Place, group_of
from cases.lifecycle import OPEN_INSPECTIONS, CaseState, InspectionState
from cases.models import Case, CaseRequest, Inspection
from cases.outcome import InspectionOutcome
from cases.permissions import may_act_on_case, may_decide_flag, read_rights, require
from cases.roles import FLAG_DECIDERS, REQUEST_MOVERS, roles_for_case_move, roles_for_inspection_move
from errors import InputError, NotAllowed, NotFound
from intake.kinds import RequestStatus
from rules.finding import FlagState

HANDLE = "v"
_BY_RECORD = frozenset({InspectionState.COMPLETED, InspectionState.NO_ACCESS})
_BY_REVIEW = frozenset({FlagState.ACCEPTED, FlagState.DISMISSED, FlagState.MERGED})


def move_case(
    case_id: UUID, to: str, *, by: AbstractBaseUser | None, reason: str = "", version: int | None = None
) -> Moved:
    """Move a case; closing, reopening, assigning, dismissing and recurring have their consequences here."""
    target = CaseState(parse_state(CASE, to))
    with transaction.atomic():
        if target is CaseState.RECURRED:
            lock_place_of(case_id)
        case = lock(CASE, pk=case_id)
        if by is not None:
            roles = roles_for_case_move(target)
            allowed = may_act_on_case(read_rights(by), case, roles)
            require("This move of the case is not yours.", allowed=allowed, who=roles)
            if target is CaseState.CLOSED:
                check_version(CASE, case, version)
                require_late_causes(case)
        _move_case(case, target, by.get_username() if by else SYSTEM, reason, version)
        case.refresh_from_db()
        return moved(CASE, case)


def move_request(
    code: str, to: str, *, by: AbstractBaseUser | None, reason: str = "", version: int | None = None
) -> Moved:
    """Move a service request, named by its handle (officers) or code; only its status and history change."""
    target = RequestStatus(parse_state(REQUEST, to))
    with transaction.atomic():
        request = lock(REQUEST, **({"handle": code} if code.startswith(HANDLE) else {"code": code}))
        if by is not None:
            _require_request(request.pk, request.city_id, by)
        return move(
            REQUEST, request, target, actor=by.get_username() if by else SYSTEM, reason=reason, version=version
        )  # fmt: skip


def move_flag(
    flag_id: UUID, to: str, *, by: AbstractBaseUser | None, reason: str = "", version: int | None = None
) -> Moved:
    """Move a flag that asks nobody further: into review, back, expired. Yes and no go through ``review_flag``."""
    target = FlagState(parse_state(FLAG, to))
    if target in _BY_REVIEW:
        raise InputError("This is a decision, not a move.", field="to", value=to, cure="Use the review of the flag.")
    with transaction.atomic():
        flag = lock(FLAG, pk=flag_id)
        if by is not None:
            require("This flag is not yours.", allowed=may_decide_flag(read_rights(by), flag), who=FLAG_DECIDERS)
        actor = by.get_username() if by else SYSTEM
        return move(FLAG, flag, target, actor=actor, note=reason, version=version)


def move_inspection(
    inspection_id: UUID, to: str, *, by: AbstractBaseUser | None, reason: str = "", version: int | None = None
) -> Moved:
    """Move a visit along. Its outcome goes through ``record_inspection``; approval lets the answers out."""
    target = InspectionState(parse_state(INSPECTION, to))
    if target in _BY_RECORD:
        raise InputError("A visit ends with its outcome.", field="to", value=to, cure="Record the inspection.")
    with transaction.atomic():
        case_id = Inspection.objects.filter(pk=inspection_id).values_list("case_id", flat=True).first()
        if case_id is None:
            raise NotFound("No such inspection.", field="inspection", value=inspection_id)
        case, visit = lock(CASE, pk=case_id), lock(INSPECTION, pk=inspection_id)
        actor = by.get_username() if by else SYSTEM
        if by is not None:
            _require_inspection(visit, case, target, by)
            if target is InspectionState.APPROVED:
                check_version(INSPECTION, visit, version)
                require_late_causes(case)
        answer = move(INSPECTION, visit, target, actor=actor, reason=reason, version=version)
        if target is InspectionState.APPROVED and visit.outcome not in ("", InspectionOutcome.UNDETERMINED):
            answer_requests(case, actor)
        return answer


def _move_case(case: Case, target: CaseState, actor: str, reason: str, version: int | None) -> None:
    if target is CaseState.ASSIGNED and case.state in (CaseState.OPENED, CaseState.REOPENED):
        _assign_by_hand(case, actor, version)
        return
    if target is CaseState.CLOSED:
        move(CASE, case, target, actor=actor, reason=reason, version=version, closed_at=timezone.now())
        answer_the_rest(case, actor)
        return
    if target is CaseState.REOPENED:
        move(CASE, case, target, actor=actor, reason=reason, version=version, closed_at=None)
        return
    move(CASE, case, target, actor=actor, reason=reason, version=version)
    if target is CaseState.ASSIGNED:
        reassign_case(case, actor=actor)
    if target in (CaseState.DISMISSED, CaseState.HANDED_OVER):
        _cancel_visit(case, actor, reason)
    if target is CaseState.DISMISSED:
        refuse_requests(case, actor, reason)
    if target in (CaseState.HANDED_OVER, CaseState.CRIMINAL_REFERRAL):
        answer_the_rest(case, actor)
    if target is CaseState.RECURRED:
        open_again(case, actor)


def open_again(case: Case, actor: str) -> Case:
    """The case that follows one that came back, at the same place; who still waits goes along. The place is locked."""
    again = open_case(
        case.city, use=case.use, group=group_of(case.use), place=place_of_case(case), actor=actor,
        ward_code=case.unit_code, recurrence_of=case.pk,
    )  # fmt: skip
    carry_over(case, again)
    return again


def _assign_by_hand(case: Case, actor: str, version: int | None) -> None:
    check_version(CASE, case, version)
    begin_requests(case, actor)
    if assign_case(case.pk, actor=actor).inspector_id is None:
        raise nobody_to_send()


def _cancel_visit(case: Case, actor: str, reason: str) -> None:
    """A case that ends before the visit takes its visit along, while that can still be called off."""
    open_states = [state.value for state in OPEN_INSPECTIONS - {InspectionState.ON_SITE}]
    for pk in Inspection.objects.filter(case=case, state__in=open_states).values_list("pk", flat=True):
        move(INSPECTION, lock(INSPECTION, pk=pk), InspectionState.CANCELLED, actor=actor, reason=reason)


def place_of_case(case: Case) -> Place:
    """Where a case stands."""
    lon, lat = (case.point.x, case.point.y) if case.point is not None else (None, None)
    return Place(lon, lat, case.accuracy_m, case.parcel_key, case.sidewalk_key)


def lock_place_of(case_id: UUID) -> None:
    """Wait until nobody else opens a case where this one stands; before the case itself is locked."""
    case = Case.objects.select_related("city").filter(pk=case_id).first()
    if case is None:
        raise NotFound("No such case.", field="case", value=case_id)
    lock_places(case.city, [(group_of(case.use), place_of_case(case))], fallback=f"case/{case_id}")


def _require_request(request_id: int, city_id: int | None, by: AbstractBaseUser) -> None:
    rights = read_rights(by)
    joined = CaseRequest.objects.select_related("case").filter(service_request_id=request_id).first()
    if joined is not None:
        allowed = may_act_on_case(rights, joined.case, REQUEST_MOVERS)
    else:
        allowed = rights.reach(REQUEST_MOVERS, city_id=city_id, ward_code="", use="")
    require("This report is not yours to move.", allowed=allowed, who=REQUEST_MOVERS)


def _require_inspection(visit: Inspection, case: Case, target: InspectionState, by: AbstractBaseUser) -> None:
    roles = roles_for_inspection_move(target)
    allowed = may_act_on_case(read_rights(by), case, roles)
    require("This move of the inspection is not yours.", allowed=allowed, who=roles)
    if target is InspectionState.APPROVED and visit.inspector_id == by.pk:
        raise NotAllowed(
            "Who recorded a visit cannot approve it.", field="to", value=target, cure="Ask another leader."
        )
