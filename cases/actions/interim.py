"""Tells senders that nobody has replied yet, before the promised first reply is due; never silently late."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from cases.actions.moving import REQUEST, lock
from cases.actions.notifying import tell_sender
from cases.interim import STANDING, is_owed
from cases.models import CaseRequest
from cases.notices.kinds import NoticeKind
from cases.queries.replies import promise_of, without_reply
from intake.kinds import RequestStatus
from intake.models import InterimReply, ServiceRequest

BATCH = 500
YOUNGEST = timedelta(minutes=30)  # no promise is so short that a sweep of every report would be needed


def send_interim_replies(now: datetime) -> int:
    """Reply where nobody has and the promise is nearly or already due; how many senders were told."""
    waiting = _list_unanswered().filter(submitted_at__lte=now - YOUNGEST)
    return sum(_reply(request, now) for request in waiting.order_by("submitted_at").iterator(chunk_size=BATCH))


def refresh_promises() -> int:
    """Reckon anew until when joined reports are promised a reply that nobody has given; how many moments changed.

    An amended calendar may move them; those joined before promises were kept have none yet.
    """
    rows = CaseRequest.objects.filter(Q(replied_at=None) | Q(reply_due_at=None))
    changed = []
    for row in rows.select_related("service_request", "case__city").defer("case__city__geometry").iterator(BATCH):
        due_at = promise_of(row.service_request, row.case.city).due_at
        if due_at != row.reply_due_at:
            row.reply_due_at = due_at
            changed.append(row)
    CaseRequest.objects.bulk_update(changed, ["reply_due_at"], batch_size=BATCH)
    return len(changed)


def _list_unanswered() -> QuerySet[ServiceRequest]:
    """Reports of a known city that were neither answered, refused, joined nor asked about."""
    open_ones = ServiceRequest.objects.filter(
        status__in=[status.value for status in STANDING], city__isnull=False, interim_reply=None
    )
    return open_ones.filter(without_reply()).select_related("city").defer("city__geometry")


def _reply(request: ServiceRequest, now: datetime) -> int:
    if request.city is None:
        return 0
    if not is_owed(promise_of(request, request.city), now):
        return 0
    with transaction.atomic():
        locked: ServiceRequest = lock(REQUEST, pk=request.pk)
        standing = STANDING.get(RequestStatus(locked.status))
        if standing is None or InterimReply.objects.filter(service_request=locked).exists():
            return 0
        InterimReply.objects.create(service_request=locked, at=now, standing=standing.value)
        tell_sender(locked, NoticeKind.INTERIM_REPLY, key=f"{NoticeKind.INTERIM_REPLY}/{locked.pk}")
    return 1
