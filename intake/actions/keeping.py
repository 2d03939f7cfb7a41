"""Bytes kept as evidence and the copies derived of them, each with its row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from errors import NotFound
from intake import storage
from intake.actions.circumstances import clock_of, limits_of
from intake.actions.custody import enter_receipt
from intake.kinds import Derivation
from intake.models import MediaFile
from intake.uploads import CheckedMedia, Upload, blocks_of, check_upload
from intake.voice import check_voice

ORPHAN_AGE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class StoredMedia:
    """An original on record; ``is_known`` when the same bytes had been received before."""

    media_id: UUID
    digest: str
    is_known: bool


def store_original(upload: Upload, *, now: datetime | None = None) -> StoredMedia:
    """Keep one checked file as evidence, for pictures taken at an inspection. Errors as for a request's files."""
    now = now or timezone.now()
    checked = check_upload(upload, limits_of(), clock_of(None, now))
    store_bytes([checked])
    with transaction.atomic():
        media, is_known = keep_media(checked, now)
    return StoredMedia(media.pk, checked.digest, is_known)


def store_voice(upload: Upload, *, now: datetime | None = None) -> StoredMedia:
    """Keep a spoken note of a visit, byte for byte. ``UnreadableMedia``, ``MediaTooLarge``."""
    now = now or timezone.now()
    checked = check_voice(upload)
    store_bytes([checked])
    with transaction.atomic():
        media, is_known = keep_media(checked, now)
    return StoredMedia(media.pk, checked.digest, is_known)


def store_copy(
    media_id: UUID,
    derivation: Derivation,
    data: bytes,
    *,
    content_type: str,
    detail: Mapping[str, object] | None = None,
    size_px: tuple[int, int] | None = None,
) -> UUID:
    """Keep a derived copy (redacted, still, thumbnail) beside its original; a second call keeps the first copy."""
    parent = MediaFile.objects.filter(pk=media_id, parent=None).first()
    if parent is None:
        raise NotFound("There is no such original.", field="media", value=media_id)
    known = MediaFile.objects.filter(parent=parent, derivation=derivation.value).first()
    if known is not None:
        return known.pk
    copy_id, digest = uuid4(), sha256(data).hexdigest()
    name = storage.name_copy(copy_id)
    storage.store(name, [data], digest)
    width_px, height_px = size_px or (None, None)
    with transaction.atomic():
        copy, is_new = MediaFile.objects.get_or_create(
            parent=parent,
            derivation=derivation.value,
            defaults={
                "id": copy_id,
                "sha256": digest,
                "byte_size": len(data),
                "kind": "photo" if content_type.startswith("image/") else "video",
                "content_type": content_type,
                "storage_name": name,
                "width_px": width_px,
                "height_px": height_px,
                "received_at": timezone.now(),
                "derivation_detail": dict(detail or {}) | {"parent_sha256": parent.sha256},
            },
        )
        if is_new:
            enter_receipt(copy)
    if not is_new:
        storage.remove(name)
    return copy.pk


def store_bytes(files: Sequence[CheckedMedia]) -> None:
    """Write the bytes of checked files under their hashes, before any row names them."""
    for media in files:
        storage.store(storage.name_original(media.digest), blocks_of(media), media.digest)


def keep_media(checked: CheckedMedia, now: datetime) -> tuple[MediaFile, bool]:
    """The row of an original, and whether it was there before."""
    media, is_new = MediaFile.objects.get_or_create(
        sha256=checked.digest,
        parent=None,
        defaults={
            "byte_size": checked.byte_size,
            "kind": checked.kind.value,
            "content_type": checked.content_type,
            "storage_name": storage.name_original(checked.digest),
            "width_px": checked.width_px or None,
            "height_px": checked.height_px or None,
            "duration_s": checked.duration_s,
            "perceptual_hash": checked.perceptual_hash,
            "received_at": now,
        },
    )
    if is_new:
        enter_receipt(media)
    return media, not is_new


def sweep_orphans(now: datetime) -> int:
    """Remove originals older than a day that no row names, left by a write that failed after its bytes; how many."""
    removed = 0
    for name in storage.list_originals(older_than=now - ORPHAN_AGE):
        if not MediaFile.objects.filter(storage_name=name).exists():
            storage.remove(name)
            removed += 1
    return removed
