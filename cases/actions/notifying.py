"""Puts notices into the outbox, within the transaction of what they tell of: either both are there or neither.

The same thing to the same reader by the same channel is queued once, however often it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from cases.models import Case, Notice, StaffAddress
from cases.notices.kinds import RULES, Channel, NoticeKind
from cases.queries.calendars import get_calendar
from geo.models import City
from intake.models import AreaAlert, ServiceRequest
from intake.reaching import list_channels


def tell_sender(request: ServiceRequest, kind: NoticeKind, *, key: str) -> int:
    """Tell the sender of a report, by every channel they left; how many notices are new. Nothing is told of who that is."""
    channels = [Channel(name) for name in list_channels(request.pk)]
    city = request.city or City.objects.filter(is_default=True).first()
    return sum(
        _queue(
            key=f"{key}/{channel}", kind=kind, channel=channel, city=city, language=request.language,
            values={"code": request.code}, request_id=request.pk,
        )
        for channel in channels
    )  # fmt: skip


def tell_receipt(request_id: int) -> int:
    """The receipt, once per report, however many files it has and however often its first stage runs."""
    request = ServiceRequest.objects.select_related("city").get(pk=request_id)
    return tell_sender(request, NoticeKind.RECEIPT, key=f"{NoticeKind.RECEIPT}/{request_id}")


def tell_staff(user_ids: Iterable[int], kind: NoticeKind, case: Case, *, key: str, due_at: datetime | None) -> int:
    """Tell members of staff of a case, by every channel they chose, their office e-mail where they chose none."""
    values = {"case": case.code, "due": due_at.isoformat() if due_at else ""}
    ids = sorted(set(user_ids))
    chosen: dict[int, list[tuple[str, str]]] = {}
    for user_id, channel, language in StaffAddress.objects.filter(user_id__in=ids, is_active=True).values_list(
        "user_id", "channel", "language"
    ):
        chosen.setdefault(user_id, []).append((channel, language))
    mailed = dict(get_user_model().objects.filter(pk__in=ids).exclude(email="").values_list("pk", "email"))
    new = 0
    for user_id in ids:
        fallback = [(Channel.EMAIL.value, "vi")] if user_id in mailed else []
        for channel, language in dict.fromkeys(chosen.get(user_id, fallback)):
            new += _queue(
                key=f"{key}/{user_id}/{channel}", kind=kind, channel=Channel(channel), city=case.city,
                language=language, values=values, user_id=user_id, case_id=case.pk,
            )  # fmt: skip
    return new


def tell_alert(alert: AreaAlert, kind: NoticeKind, *, key: str, area: str, case: Case | None = None) -> int:
    """Tell somebody who asked for news of an area: to confirm the wish, or of a case that was let out. By e-mail alone."""
    values = {"area": area} | ({"case": case.code} if case else {})
    return _queue(
        key=key, kind=kind, channel=Channel.EMAIL, city=alert.city, language=alert.language, values=values,
        alert_id=alert.pk, case_id=case.pk if case else None,
    )  # fmt: skip


def _queue(
    *, key: str, kind: NoticeKind, channel: Channel, city: City | None, language: str, values: Mapping[str, str],
    request_id: int | None = None, user_id: int | None = None, case_id: UUID | None = None,
    alert_id: UUID | None = None,
) -> int:  # fmt: skip
    now, rule = timezone.now(), RULES[kind]
    first = now
    if not rule.is_immediate and city is not None:
        first = get_calendar(city).pack.quiet_hours.first_allowed(now, city.timezone)
    with transaction.atomic():
        _, is_new = Notice.objects.get_or_create(
            key=key,
            defaults={
                "kind": kind.value, "channel": channel.value, "request_id": request_id, "user_id": user_id,
                "case_id": case_id, "alert_id": alert_id, "language": language, "values": dict(values), "created_at": now,
                "next_try_at": first, "gives_up_at": first + rule.worth,
            },
        )  # fmt: skip
    return int(is_new)
