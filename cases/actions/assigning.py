"""Stage 7: who goes, by when, and the draft of the visit. May run twice with the same result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from cases.actions.clocks import basis_of
from cases.actions.moving import CASE, SYSTEM, lock, move
from cases.actions.notifying import tell_staff
from cases.clocks import ClockCode, policy_code
from cases.deadline import due
from cases.jurisdiction import Candidate, choose_inspector, choose_office
from cases.lifecycle import OPEN_INSPECTIONS, CaseState, InspectionState
from cases.models import Assignment, Case, CaseEvent, Inspection, InspectionEvent
from cases.notices.kinds import NoticeKind
from cases.queries.calendars import get_calendar
from cases.queries.duty import list_candidates, list_offices
from errors import Conflict

AT_WORK = (CaseState.ASSIGNED.value, CaseState.VERIFYING.value, CaseState.RECHECK.value)
AWAITS_ASSIGNMENT = (CaseState.OPENED.value, CaseState.REOPENED.value)


@dataclass(frozen=True, slots=True)
class AssignmentOutcome:
    """Who goes and by when; ``inspector_id`` is None when nobody may: the case stays open and says so."""

    case_id: UUID
    inspector_id: int | None
    inspector: str = ""
    unit_code: str = ""
    due_at: datetime | None = None
    is_provisional: bool = False


def assign_case(case_id: UUID, *, actor: str = SYSTEM) -> AssignmentOutcome:
    """Give a case to the office of its ward, use and day, there to whoever is near, free and on shift."""
    with transaction.atomic():
        case = lock(CASE, pk=case_id)
        current = Assignment.objects.select_related("inspector").filter(case=case, is_current=True).first()
        if case.state not in AWAITS_ASSIGNMENT:
            return _outcome(case, current)
        _choose_unit(case)
        chosen = _choose_person(case, current)
        if chosen is None:
            _note_nobody(case, actor)
            return _outcome(case, None)
        assignment = _assign(case, chosen, actor)
        move(CASE, case, CaseState.ASSIGNED, actor=actor)
        _agree_on_due(case, assignment)
        draft_inspection(case, assignment, actor=actor)
        return _outcome(case, assignment)


def _agree_on_due(case: Case, assignment: Assignment) -> None:
    """The clock starts with the entry of the move; the assignment carries the very same due moment."""
    case.refresh_from_db(fields=["due_at", "due_basis"])
    if case.due_at is not None and assignment.due_at != case.due_at:
        assignment.due_at = case.due_at
        assignment.save(update_fields=["due_at"])


def reassign_case(case: Case, *, actor: str) -> AssignmentOutcome:
    """Give a locked case to somebody else of its unit. The due moment stays: a transfer never resets a clock."""
    former = Assignment.objects.filter(case=case, is_current=True).first()
    chosen = _choose_person(case, former)
    if chosen is None:
        raise nobody_to_send()
    assignment = _assign(case, chosen, actor)
    draft_inspection(case, assignment, actor=actor)
    return _outcome(case, assignment)


def give_case(case_id: UUID, user_id: int, *, actor: str, why: Mapping[str, object]) -> bool:
    """Give an assigned case to a named person, as a plan or a leader says. The due moment stays. False: no change."""
    with transaction.atomic():
        case = lock(CASE, pk=case_id)
        current = Assignment.objects.filter(case=case, is_current=True).first()
        if case.state not in AT_WORK or current is None or current.inspector_id == user_id:
            return False
        username = get_user_model().objects.values_list("username", flat=True).get(pk=user_id)
        assignment = _hand_to(case, user_id, username, actor, why)
        draft_inspection(case, assignment, actor=actor)
        return True


def nobody_to_send() -> Conflict:
    """What is said when no inspector may go."""
    return Conflict(
        "Nobody may be sent: no inspector holds a role in the unit in charge today.",
        field="to", value=CaseState.ASSIGNED.value, cure="Give somebody the role, or hand the case over.",
    )  # fmt: skip


def draft_inspection(case: Case, assignment: Assignment, *, actor: str = SYSTEM) -> Inspection:
    """The one open visit of a case; it goes over to the new inspector when the case does, its history stays."""
    open_states = [state.value for state in OPEN_INSPECTIONS]
    visit = Inspection.objects.select_for_update(no_key=True).filter(case=case, state__in=open_states).first()
    now = timezone.now()
    if visit is None:
        visit = Inspection.objects.create(case=case, inspector_id=assignment.inspector_id, created_at=now)
        InspectionEvent.objects.create(inspection=visit, at=now, actor=actor, to_state=InspectionState.DRAFT.value)
    elif visit.inspector_id != assignment.inspector_id:
        visit.inspector_id = assignment.inspector_id
        visit.version += 1
        visit.save(update_fields=["inspector", "version"])
        InspectionEvent.objects.create(
            inspection=visit, at=now, actor=actor, from_state=visit.state, to_state=visit.state, reason="reassigned"
        )
    return visit


def _choose_unit(case: Case) -> None:
    on = case.opened_at.astimezone(ZoneInfo(case.city.timezone)).date()
    office = choose_office(list_offices(case.city_id), unit_code=case.unit_code, use=case.use, on=on)
    if office is not None and case.unit_id != office.id:
        case.unit_id = office.id
        case.save(update_fields=["unit"])


def _choose_person(case: Case, former: Assignment | None) -> Candidate | None:
    """Near, free, skilled and on shift; a reopened case goes to somebody else than before, where there is somebody."""
    candidates = list_candidates(case, at=timezone.now())
    others = [c for c in candidates if former is None or c.user_id != former.inspector_id]
    return choose_inspector(others) or choose_inspector(candidates)


def _assign(case: Case, chosen: Candidate, actor: str) -> Assignment:
    if case.due_at is None or case.state == CaseState.REOPENED:
        _set_due(case, timezone.now())
    why = {"rule": chosen.rule, "open_jobs": chosen.open_jobs}
    return _hand_to(case, chosen.user_id, chosen.username, actor, why)


def _hand_to(case: Case, user_id: int, username: str, actor: str, why: Mapping[str, object]) -> Assignment:
    now, unit = timezone.now(), case.unit.code if case.unit else ""
    former = Assignment.objects.filter(case=case, is_current=True).values_list("inspector_id", flat=True).first()
    if former is not None and former != user_id:
        tell_staff([former], NoticeKind.JOB_GONE, case, key=f"job_gone/{case.pk}/{case.version}/{former}", due_at=None)
    Assignment.objects.filter(case=case, is_current=True).update(is_current=False)
    due_at = case.due_at or _set_due(case, now)
    assignment = Assignment.objects.create(
        case=case, inspector_id=user_id, due_at=due_at, assigned_at=now, assigned_by=actor, why={**why, "unit": unit}
    )
    detail = {"inspector": username, "unit": unit, "due_at": due_at.isoformat()}
    CaseEvent.objects.create(case=case, at=now, actor=actor, kind="assigned", detail=detail)
    tell_staff([user_id], NoticeKind.NEW_JOB, case, key=f"new_job/{assignment.pk}", due_at=due_at)
    return assignment


def _set_due(case: Case, start: datetime) -> datetime:
    calendar = get_calendar(case.city)
    on = start.astimezone(ZoneInfo(case.city.timezone)).date()
    policy = calendar.pack.policy(policy_code(ClockCode.VISIT, case.use, with_route=case.with_route), on)
    deadline = due(start, policy, calendar.pack.calendar)
    case.due_at, case.due_basis = deadline.due_at, basis_of(deadline, policy, calendar.edition_id)
    case.save(update_fields=["due_at", "due_basis"])
    return deadline.due_at


def _note_nobody(case: Case, actor: str) -> None:
    """Say once in the history that nobody may go, so that a leader sees why the case stands."""
    last = CaseEvent.objects.filter(case=case).order_by("-at", "-id").values_list("kind", flat=True).first()
    if last != "nobody_to_assign":
        unit = case.unit.code if case.unit else ""
        CaseEvent.objects.create(
            case=case, at=timezone.now(), actor=actor, kind="nobody_to_assign", detail={"unit": unit}
        )


def _outcome(case: Case, assignment: Assignment | None) -> AssignmentOutcome:
    unit = case.unit.code if case.unit else ""
    if assignment is None:
        return AssignmentOutcome(case.pk, None, unit_code=unit, due_at=case.due_at)
    provisional = bool(case.due_basis.get("is_provisional", False))
    username = get_user_model().objects.values_list("username", flat=True).get(pk=assignment.inspector_id)
    return AssignmentOutcome(case.pk, assignment.inspector_id, username, unit, assignment.due_at, provisional)
