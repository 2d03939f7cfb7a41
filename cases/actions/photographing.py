"""A picture or spoken note of a visit: its bytes must be those that the phone hashed; the original is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from cases.models import Assignment, Inspection, InspectionPhoto
from cases.permissions import may_act_on_case, read_rights, require
from cases.roles import Role
from errors import InputError, NotFound
from intake.actions import store_original, store_voice
from intake.uploads import Upload

VOICE = "voice"  # a spoken note: kept and heard by a logged look, never a picture of the record
ROLES = ("overview", "measure", "detail", "signature", VOICE)


@dataclass(frozen=True, slots=True)
class PhotoKept:
    """The original's id, to be named in the form. ``is_known``: these bytes had come before."""

    photo_id: UUID
    sha256: str
    is_known: bool


def receive_photo(
    inspection_id: UUID, upload: Upload, *, claimed_sha256: str, role: str, taken_at: datetime | None,
    by: AbstractBaseUser,
) -> PhotoKept:  # fmt: skip
    """Keep one picture. InputError when what arrived is not what the phone hashed: the phone sends it again.

    Accepted from whoever has or had the case, also after the visit was given to somebody else: evidence is never turned away.
    """
    visit = Inspection.objects.select_related("case").filter(pk=inspection_id).first()
    if visit is None:
        raise NotFound("No such inspection.", field="inspection", value=inspection_id)
    had = visit.inspector_id == by.pk or Assignment.objects.filter(case=visit.case, inspector_id=by.pk).exists()
    allowed = had or may_act_on_case(read_rights(by), visit.case, {Role.LEADER})
    require("This visit is somebody else's.", allowed=allowed, who={Role.INSPECTOR, Role.LEADER})
    if role not in ROLES:
        raise InputError(
            "A photo has one of these roles.", field="role", value=role, cure=f"One of: {', '.join(ROLES)}."
        )
    _compare(upload, claimed_sha256)
    stored = store_voice(upload) if role == VOICE else store_original(upload)
    with transaction.atomic():
        _, is_new = InspectionPhoto.objects.get_or_create(
            inspection=visit, media_id=stored.media_id,
            defaults={"inspector_id": by.pk, "role": role, "sha256": stored.digest, "taken_at": taken_at,
                      "received_at": timezone.now()},
        )  # fmt: skip
    return PhotoKept(stored.media_id, stored.digest, not is_new)


def _compare(upload: Upload, claimed: str) -> None:
    digest = sha256()
    for block in upload.chunks():
        digest.update(block)
    upload.seek(0)
    if digest.hexdigest() != claimed.strip().lower():
        raise InputError(
            "The photo did not arrive as it was taken.", field="sha256", value=claimed,
            cure="Send it again; the phone keeps its original.",
        )  # fmt: skip
