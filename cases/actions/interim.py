"""Tells senders that nobody has replied yet, before the promised first reply is due; never silently late."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from cases.actions.moving import REQUEST, lock
from cases.actions.notifying import tell_sender
from cases.calendar_pack import PolicyCode
from cases.deadline import due
from cases.interim import REPLIES, STANDING, is_owed
from cases.notices.kinds import NoticeKind
from cases.queries.calendars import get_calendar
from intake.kinds import RelaySide, RequestStatus
from intake.models import InterimReply, RelayMessage, ServiceRequest, ServiceRequestEvent

BATCH = 500
YOUNGEST = timedelta(minutes=30)  # no promise is so short that a sweep of every report would be needed


def send_interim_replies(now: datetime) -> int:
    """Reply where nobody has and the promise is nearly or already due; how many senders were told."""
    waiting = _list_unanswered().filter(submitted_at__lte=now - YOUNGEST)
    return sum(_reply(request, now) for request in waiting.order_by("submitted_at").iterator(chunk_size=BATCH))


def _list_unanswered() -> QuerySet[ServiceRequest]:
    """Reports of a known city that were neither answered, refused, joined nor asked about."""
    replies = ServiceRequestEvent.objects.filter(service_request=OuterRef("pk"), to_status__in=REPLIES)
    asked = RelayMessage.objects.filter(service_request=OuterRef("pk"), side=RelaySide.OFFICE.value)
    open_ones = ServiceRequest.objects.filter(
        status__in=[status.value for status in STANDING], city__isnull=False, interim_reply=None
    )
    return open_ones.filter(~Exists(replies), ~Exists(asked)).select_related("city").defer("city__geometry")


def _reply(request: ServiceRequest, now: datetime) -> int:
    if request.city is None:
        return 0
    calendar = get_calendar(request.city).pack
    on = request.submitted_at.astimezone(ZoneInfo(request.city.timezone)).date()
    promise = due(request.submitted_at, calendar.policy(PolicyCode.FIRST_REPLY, on), calendar.calendar)
    if not is_owed(promise, now):
        return 0
    with transaction.atomic():
        locked: ServiceRequest = lock(REQUEST, pk=request.pk)
        standing = STANDING.get(RequestStatus(locked.status))
        if standing is None or InterimReply.objects.filter(service_request=locked).exists():
            return 0
        InterimReply.objects.create(service_request=locked, at=now, standing=standing.value)
        tell_sender(locked, NoticeKind.INTERIM_REPLY, key=f"{NoticeKind.INTERIM_REPLY}/{locked.pk}")
    return 1
