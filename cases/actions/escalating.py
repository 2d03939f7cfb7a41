"""Tells people that something is late, or nearly so, by the steps of the city's calendar; each step once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q

from cases.actions.notifying import tell_staff
from cases.escalation import EscalationStep, Told, steps_due
from cases.models import Assignment, Case, CaseClock, Escalation
from cases.notices.kinds import NoticeKind
from cases.queries.calendars import get_calendar
from cases.roles import Role

BATCH = 500
LONGEST_AHEAD = timedelta(days=14)


def escalate(now: datetime) -> int:
    """Take every step whose moment has come on running clocks that are not paused; how many were taken."""
    clocks = CaseClock.objects.select_related("case__city").filter(
        stopped_at=None, is_paused=False, due_at__lt=now + LONGEST_AHEAD
    )
    taken = 0
    for clock in clocks.prefetch_related("escalations").order_by("due_at").iterator(chunk_size=BATCH):
        steps = get_calendar(clock.case.city).pack.escalations
        done = [row.step for row in clock.escalations.all()]
        for step in steps_due(steps, clock=clock.code, due_at=clock.due_at, now=now, done=done):
            taken += _take(clock, step, now)
    return taken


def _take(clock: CaseClock, step: EscalationStep, now: datetime) -> int:
    names = sorted({name for who in step.tell for name in _names_of(who, clock.case, now)})
    with transaction.atomic():
        _, is_new = Escalation.objects.get_or_create(clock=clock, step=step.code, defaults={"told": names, "at": now})
        if is_new:
            people = get_user_model().objects.filter(username__in=names, is_active=True).values_list("pk", flat=True)
            kind = NoticeKind.LATE if clock.due_at <= now else NoticeKind.SOON_LATE
            key = f"{kind}/{clock.pk}/{step.code}"
            tell_staff(list(people), kind, clock.case, key=key, due_at=clock.due_at)
    return int(is_new)


def _names_of(who: Told, case: Case, now: datetime) -> Iterable[str]:
    if who is Told.INSPECTOR:
        current = Assignment.objects.filter(case=case, is_current=True).select_related("inspector").first()
        return [current.inspector.get_username()] if current else []
    held: dict[str, Any] = {"roles__unit_id": case.unit_id if who is Told.UNIT_LEADER else None}
    if who is Told.UNIT_LEADER and case.unit_id is None:
        return []
    on = now.astimezone(ZoneInfo(case.city.timezone)).date()
    in_force = Q(roles__valid_to=None) | Q(roles__valid_to__gt=on)
    leaders = get_user_model().objects.filter(
        in_force, is_active=True, roles__role=Role.LEADER.value, roles__city_id=case.city_id,
        roles__valid_from__lte=on, **held,
    )  # fmt: skip
    return leaders.values_list("username", flat=True).distinct()
