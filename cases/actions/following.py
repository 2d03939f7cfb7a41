"""Visits after an abatement, on the days that the city's data name (3, 10, 30): planned at once, drafted when their day comes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from django.db import transaction
from django.utils import timezone

from cases.actions.assigning import draft_inspection
from cases.actions.moving import CASE, SYSTEM, lock, move
from cases.lifecycle import CASE_ENDS, CASE_MOVES, OPEN_INSPECTIONS, CaseState
from cases.models import Assignment, Case, CaseEvent, FollowUp, Inspection
from cases.queries.calendars import get_calendar

log = structlog.get_logger("cases")
# States in which something was put in order, and somebody should look whether it stayed so.
IN_ORDER = frozenset({CaseState.WARNED, CaseState.FINED_ON_SPOT, CaseState.COMPLIED})
_WATCHED = frozenset({state.value for state in (*IN_ORDER, CaseState.RECHECK)})


def plan_follow_ups(case_id: UUID, after: UUID | None) -> int:
    """Plan the visits of a case that is in order now; how many are new. Twice changes nothing."""
    case = Case.objects.select_related("city").get(pk=case_id)
    if case.state not in IN_ORDER:
        return 0
    days = get_calendar(case.city).pack.field_work.recheck_days
    first = timezone.now().astimezone(ZoneInfo(case.city.timezone)).date()
    new = 0
    for day in days:
        _, created = FollowUp.objects.get_or_create(
            case=case, after_id=after, day=day, defaults={"due_on": first + timedelta(days=day)}
        )
        new += created
    if new:
        dues = [(first + timedelta(days=day)).isoformat() for day in days]
        CaseEvent.write(case, "follow_ups_planned", actor=SYSTEM, detail={"days": dues})
    return new


def draft_due_follow_ups(now: datetime) -> int:
    """Draft every visit whose day has come, and plan those of cases that came into order by hand; how many were drafted."""
    unplanned = Case.objects.filter(state=CaseState.COMPLIED.value, follow_ups=None).values_list("pk", flat=True)
    for case_id in list(unplanned[:500]):
        plan_follow_ups(case_id, None)
    due = FollowUp.objects.filter(state="planned", due_on__lte=now.date() + timedelta(days=1))
    drafted = sum(_draft(pk, now) for pk in list(due.values_list("pk", flat=True)[:500]))
    if drafted:
        log.info("follow_ups", drafted=drafted)
    return drafted


def _draft(pk: int, now: datetime) -> bool:
    """One visit: the case goes to its re-check, and the visit to whoever has the case."""
    with transaction.atomic():
        follow_up = FollowUp.objects.select_related("case__city").get(pk=pk)
        case = lock(CASE, pk=follow_up.case_id)
        follow_up = FollowUp.objects.select_for_update().select_related("case__city").get(pk=pk)
        if follow_up.state != "planned" or follow_up.due_on > _today(case, now):
            return False
        current = Assignment.objects.filter(case=case, is_current=True).first()
        if case.state in CASE_ENDS or case.state not in _WATCHED or current is None:
            if case.state in CASE_ENDS:
                FollowUp.objects.filter(pk=pk).update(state="cancelled")
            return False
        if Inspection.objects.filter(case=case, state__in=[s.value for s in OPEN_INSPECTIONS]).exists():
            return False
        if CaseState.RECHECK in CASE_MOVES[CaseState(case.state)]:
            move(CASE, case, CaseState.RECHECK, actor=SYSTEM, reason=f"day {follow_up.day}")
        visit = draft_inspection(case, current)
        FollowUp.objects.filter(pk=pk).update(state="drafted", inspection=visit)
        return True


def _today(case: Case, now: datetime) -> date:
    return now.astimezone(ZoneInfo(case.city.timezone)).date()
