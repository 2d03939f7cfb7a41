"""Sends what is due from the outbox: leased, sent, written down; at least once, and the other side is told the notice's id.

A worker that dies while sending leaves a lease that ends; the notice goes out again with the same id.
"""

from __future__ import annotations

from datetime import timedelta
from typing import cast
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cases.models import Notice, NoticeAttempt, StaffAddress
from cases.notices.kinds import NoticeKind, NoticeState
from cases.notices.timing import LEASE, pause_after
from cases.notices.wording import NoticeWords, word_notice
from errors import ConfigurationError
from intake.area_alerts import confirm_token, end_token, end_unreachable, open_alert_address
from intake.reaching import drop_push, open_addresses
from intake.secrets import secret_for
from pipeline.notices.channels import find_channel
from pipeline.notices.message import AddressGone, ChannelRefuses, Message, Unreachable
from tiles.queries import find_public_case

log = structlog.get_logger("notices")
BATCH = 50
WAITS_FOR_SETTINGS = timedelta(minutes=10)


def deliver_due(*, most: int = 500) -> int:
    """Send what is due, oldest first; how many went out. Several workers share the work without waiting for each other."""
    sent = done = 0
    while done < most:
        leased = _lease(min(BATCH, most - done))
        if not leased:
            break
        for notice_id in leased:
            sent += deliver(notice_id)
        done += len(leased)
    return sent


def deliver(notice_id: UUID) -> bool:
    """Send one leased notice; whether it went out."""
    notice = Notice.objects.select_related("request__city", "case__city", "alert").get(pk=notice_id)
    channel = find_channel(notice.channel)
    if channel is None:
        _write(notice, NoticeState.QUEUED, "again", "channel is off", wait=WAITS_FOR_SETTINGS)
        return False
    try:
        addresses = _addresses(notice)
        words = _words(notice)
        if notice.alert_id is not None and notice.case is not None and find_public_case(notice.case.code) is None:
            _write(notice, NoticeState.SKIPPED, "failed", "taken back from the public")
            return False
        if not addresses:
            _write(notice, NoticeState.SKIPPED, "failed", "no address left")
            return False
        refs = [_send(notice, channel.send, address, words, n) for n, address in enumerate(addresses)]
    except Unreachable as error:
        _write(notice, NoticeState.QUEUED, "again", f"unreachable: {error}", wait=pause_after(notice.attempts))
    except ChannelRefuses as error:
        log.error("channel_refuses", channel=notice.channel, told=str(error)[:120])
        _write(notice, NoticeState.QUEUED, "again", f"refused: {error}", wait=pause_after(notice.attempts + 4))
    except ConfigurationError as error:
        log.error("notice_not_set_up", channel=notice.channel, error=error.code)
        _write(notice, NoticeState.QUEUED, "again", "not set up", wait=WAITS_FOR_SETTINGS)
    except Exception as error:  # the rim: one notice that cannot be sent must not stop the others
        log.exception("notice_failed", notice=str(notice.pk))
        _write(notice, NoticeState.QUEUED, "again", type(error).__name__, wait=pause_after(notice.attempts + 4))
    else:
        return _settle(notice, [ref for ref in refs if ref is not None])
    return False


def _lease(count: int) -> list[UUID]:
    """Take due notices for a minute; those that another worker holds are passed over."""
    now = timezone.now()
    with transaction.atomic():
        due = Notice.objects.filter(
            state__in=[NoticeState.QUEUED.value, NoticeState.SENDING.value], next_try_at__lte=now
        )
        ids = list(
            due.select_for_update(skip_locked=True, of=("self",)).order_by("next_try_at").values_list("pk", flat=True)[:count]
        )  # fmt: skip
        Notice.objects.filter(pk__in=ids).update(
            state=NoticeState.SENDING.value, next_try_at=now + LEASE, attempts=F("attempts") + 1
        )
    return ids


def _addresses(notice: Notice) -> list[str]:
    if notice.request_id is not None:
        return [found.address for found in open_addresses(notice.request_id) if found.channel == notice.channel]
    if notice.alert_id is not None:
        return [address] if (address := open_alert_address(notice.alert_id)) else []
    if notice.user_id is None:
        return []
    own = StaffAddress.objects.filter(user_id=notice.user_id, channel=notice.channel, is_active=True).order_by("pk")
    chosen = list(own.values_list("address", flat=True))
    if not chosen and notice.channel == "email" and notice.user is not None and notice.user.email:
        return [notice.user.email]
    return chosen


def _words(notice: Notice) -> NoticeWords:
    base, link, city = settings.ENV.notices.public_url, "", None
    if notice.request is not None:
        city = notice.request.city
        secret = secret_for(notice.request.code, settings.ENV.security.secret_key)
        link = f"{base}/follow/{notice.request.code}/?s={secret}" if base else ""
    elif notice.alert is not None:
        return _alert_words(notice, base)
    elif notice.case is not None:
        city, link = notice.case.city, f"{base}/cases/{notice.case.code}/" if base else ""
    return word_notice(
        NoticeKind(notice.kind), notice.values, language=notice.language, link=link,
        timezone=city.timezone if city else "UTC",
    )  # fmt: skip


def _alert_words(notice: Notice, base: str) -> NoticeWords:
    """The link says yes, or leads to the case; every mail of news carries the one that ends it."""
    alert_id = cast("UUID", notice.alert_id)
    is_news = notice.case is not None
    link = f"/cases/{notice.case.code}/" if notice.case is not None else f"/alerts/confirm/{confirm_token(alert_id)}/"
    values = notice.values | ({"stop": f"{base}/alerts/end/{end_token(alert_id)}/"} if is_news else {})
    return word_notice(NoticeKind(notice.kind), values, language=notice.language, link=f"{base}{link}")


def _send(notice: Notice, send: object, address: str, words: NoticeWords, number: int) -> str | None:
    """One address; None when it is gone, which is remembered. A second address has an id of its own."""
    message_id = notice.pk if number == 0 else UUID(int=(notice.pk.int + number) % (1 << 128))
    try:
        return str(send(Message(message_id, address, words.title, words.text, words.link)))  # type: ignore[operator]
    except AddressGone:
        if notice.user_id is not None:
            StaffAddress.objects.filter(user_id=notice.user_id, channel=notice.channel, address=address).update(
                is_active=False
            )
        elif notice.request_id is not None and notice.channel == "web_push":
            drop_push(notice.request_id, address)
        elif notice.alert_id is not None:
            end_unreachable(notice.alert_id)
        return None


def _settle(notice: Notice, refs: list[str]) -> bool:
    if not refs:
        _write(notice, NoticeState.FAILED, "failed", "address is gone")
        return False
    _write(notice, NoticeState.SENT, "sent", "", provider_ref=refs[0])
    return True


def _write(
    notice: Notice,
    state: NoticeState,
    outcome: str,
    detail: str,
    *,
    wait: timedelta | None = None,
    provider_ref: str = "",
) -> None:
    """What came of a try. A notice that is not worth telling any more is given up, and stays visible as failed."""
    now = timezone.now()
    if state is NoticeState.QUEUED and now + (wait or timedelta()) > notice.gives_up_at:
        state, outcome = NoticeState.FAILED, "failed"
    with transaction.atomic():
        NoticeAttempt.objects.create(notice=notice, at=now, outcome=outcome, detail=detail[:200])
        Notice.objects.filter(pk=notice.pk).update(
            state=state.value, last_error=detail[:200], next_try_at=now + (wait or timedelta()),
            sent_at=now if state is NoticeState.SENT else None, provider_ref=provider_ref,
        )  # fmt: skip
