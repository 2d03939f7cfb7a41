"""Redacted copies of pictures that are no observation: what an inspector photographed or filmed on site.

``make_public_copy`` is the one door for everybody who needs such a copy; ``make_missing_copies`` makes those of visits, so
that a settled case has its after-picture. Fails closed: without a copy nothing is shown, and the next sweep tries again.
"""

from __future__ import annotations

from uuid import UUID

import structlog
from django.db.models import Exists, OuterRef

from cases.models import Inspection
from detection.clip_redaction import redact_clip
from detection.default_detector import get_default_detector
from detection.redaction import redact
from errors import ProjectError
from intake.actions import store_copy
from intake.kinds import Derivation, MediaKind
from intake.models import MediaFile
from intake.photo import decode_upright
from intake.queries import find_copy, get_media, media_on_disk, read_media

log = structlog.get_logger("pipeline")
AT_ONCE = 20
MAX_SIDE_PX = 1920


def make_public_copy(media_id: UUID) -> UUID:
    """The redacted copy of a stored original (photo or clip), made now unless there is one; its id. Any failure is raised."""
    media = get_media(media_id)
    known = find_copy(media_id, Derivation.REDACTED)
    if known is not None:
        return known.id
    if media.kind is MediaKind.VIDEO:
        with media_on_disk(media_id) as path:
            clip = redact_clip(path)
        detail: dict[str, object] = {"frames": clip.frames, **clip.hidden}
        return store_copy(media_id, Derivation.REDACTED, clip.data, content_type="video/mp4", detail=detail)
    data = read_media(media_id)
    rgb = decode_upright(data, max_side_px=MAX_SIDE_PX)
    redacted = redact(data, detections=get_default_detector().detect([rgb])[0])
    size = (redacted.width_px, redacted.height_px)
    return store_copy(
        media_id,
        Derivation.REDACTED,
        redacted.data,
        content_type="image/jpeg",
        detail=dict(redacted.hidden),
        size_px=size,
    )


def make_missing_copies(most: int = AT_ONCE) -> int:
    """Copies of pictures of visits that have none yet, newest first; how many were made."""
    visits = Inspection.photos.through.objects.filter(mediafile_id=OuterRef("pk"))
    copies = MediaFile.objects.filter(parent_id=OuterRef("pk"), derivation=Derivation.REDACTED.value)
    waiting = MediaFile.objects.filter(Exists(visits), ~Exists(copies), parent=None).order_by("-received_at")
    made = 0
    for media_id in waiting.values_list("pk", flat=True)[:most]:
        try:
            make_public_copy(media_id)
            made += 1
        except ProjectError as error:
            log.warning("copy_not_made", media_id=str(media_id), error=error.code)
    return made
