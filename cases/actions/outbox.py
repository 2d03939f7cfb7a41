"""What people do with the outbox: an operator sends a failed notice again, staff say where they want to be told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from cases.models import Notice, StaffAddress
from cases.notices.kinds import RULES, Channel, NoticeKind, NoticeState
from errors import Conflict, InputError, NotFound
from intake.reaching import check_push

_FORMS = {
    Channel.EMAIL: re.compile(r"[^@\s,;]+@[^@\s,;]+\.[A-Za-z]{2,}"), Channel.SMS: re.compile(r"\+?\d{8,15}"),
    Channel.ZALO: re.compile(r"[A-Za-z0-9_\-]{4,40}"), Channel.MESSENGER: re.compile(r"[A-Za-z0-9_\-]{4,40}"),
}  # fmt: skip
_ADDRESSES_MAX = 10


def retry_notice(notice_id: UUID) -> None:
    """Queue a failed notice again, with its worth counted anew. Conflict for one that was sent or still waits."""
    with transaction.atomic():
        notice = Notice.objects.select_for_update().filter(pk=notice_id).first()
        if notice is None:
            raise NotFound("No such notice.", field="notice", value=notice_id)
        if notice.state not in (NoticeState.FAILED, NoticeState.SKIPPED):
            raise Conflict("This notice did not fail.", field="to", value=notice.state, cure="Nothing is to be done.")
        now = timezone.now()
        notice.state, notice.attempts, notice.next_try_at = NoticeState.QUEUED.value, 0, now
        notice.gives_up_at = now + RULES[NoticeKind(notice.kind)].worth
        notice.save(update_fields=["state", "attempts", "next_try_at", "gives_up_at"])


def set_own_addresses(user: AbstractBaseUser, body: object, *, language: str) -> int:
    """All addresses of a member of staff at once; how many are active now. InputError names the first faulty one."""
    rows = body.get("addresses") if isinstance(body, Mapping) else None
    if not isinstance(rows, list) or len(rows) > _ADDRESSES_MAX:
        raise InputError("Addresses are a list.", field="addresses", value=type(rows).__name__, cure="At most 10.")
    wanted = [_read(row, i) for i, row in enumerate(rows)]
    with transaction.atomic():
        own = StaffAddress.objects.filter(user_id=user.pk)
        own.update(is_active=False)
        for channel, address in wanted:
            StaffAddress.objects.update_or_create(
                user_id=user.pk, channel=channel.value, address=address,
                defaults={"is_active": True, "language": language, "added_at": timezone.now()},
            )  # fmt: skip
    return len(wanted)


def _read(row: object, number: int) -> tuple[Channel, str]:
    field = f"addresses.{number}"
    if not isinstance(row, Mapping) or row.get("channel") not in list(Channel):
        raise InputError("An address names its channel.", field=field, value=row, cure=f"One of: {', '.join(Channel)}.")
    channel = Channel(row["channel"])
    if channel is Channel.WEB_PUSH:
        return channel, check_push(row.get("address"))
    address = str(row.get("address", "")).strip()
    if not _FORMS[channel].fullmatch(address):
        raise InputError("This is no address of that channel.", field=field, value=channel, cure="Correct it.")
    return channel, address
