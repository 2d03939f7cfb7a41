"""Flags that nobody looked at in time. A citizen's flags never expire: somebody waits for an answer."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from cases.actions.joining import WAITING
from cases.actions.moving import FLAG, SYSTEM, lock, move
from cases.calendar_pack import PolicyCode
from cases.deadline import due
from cases.queries.calendars import get_calendar
from geo.models import City
from intake.kinds import ObservationSource
from rules.finding import FlagState
from rules.models import Flag

BATCH = 500


def expire_flags(now: datetime) -> int:
    """Move waiting camera flags past their city's review period to ``expired``, oldest first; how many."""
    return sum(_expire_of(city, now) for city in City.objects.order_by("pk"))


def _expire_of(city: City, now: datetime) -> int:
    calendar = get_calendar(city)
    flags = Flag.objects.filter(city=city, state__in=WAITING).exclude(
        observation__source=ObservationSource.CITIZEN.value
    )
    expired = 0
    for pk, created_at in flags.order_by("created_at").values_list("pk", "created_at")[:BATCH]:
        policy = calendar.pack.policy(PolicyCode.FLAG_REVIEW, created_at.astimezone(ZoneInfo(city.timezone)).date())
        if due(created_at, policy, calendar.pack.calendar).due_at > now:
            break
        with transaction.atomic():
            flag = lock(FLAG, pk=pk)
            if flag.state in WAITING:
                move(
                    FLAG,
                    flag,
                    FlagState.EXPIRED,
                    actor=SYSTEM,
                    note=f"not reviewed within {policy.amount} {policy.unit}",
                )
                expired += 1
    return expired
