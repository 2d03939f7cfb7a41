"""A look at an unredacted original: only with a right and a reason, and never without its entry."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from cases.models import Look
from cases.permissions import may_open_original, read_rights, require
from cases.roles import ORIGINAL_OPENERS
from errors import InputError, NotFound
from intake.actions.custody import enter_act, read_verified
from intake.custody import CustodyKind
from intake.models import MediaFile

REASON_MIN = 5
REASON_MAX = 300


def open_original(media_id: UUID, *, by: AbstractBaseUser, reason: str) -> bytes:
    """The bytes as received. The look is on record before the bytes are handed out.

    NotFound, NotAllowed, InputError without a reason of at least five characters, Conflict for a file altered on disk.
    """
    text = reason.strip()
    if not REASON_MIN <= len(text) <= REASON_MAX:
        raise InputError(
            "Opening an original needs a reason of 5 to 300 characters.", field="reason", value=text,
            cure="Say why the redacted copy does not do.",
        )  # fmt: skip
    media = MediaFile.objects.filter(pk=media_id, parent=None).first()
    if media is None:
        raise NotFound("No such original.", field="media", value=media_id)
    allowed = may_open_original(read_rights(by), media.pk)
    require("This original is not yours to open.", allowed=allowed, who=ORIGINAL_OPENERS)
    with transaction.atomic():
        Look.objects.create(media=media, user_id=by.pk, at=timezone.now(), reason=text)
        enter_act(media, CustodyKind.LOOK, actor=by.get_username(), reason=text)
    return read_verified(media.pk)
