"""Redacted copies that no stage makes: what an inspector photographed or filmed on site, and whole clips of waiting flags.

``make_public_copy`` is the one door for everybody who needs such a copy. ``make_missing_copies`` makes those of visits, so
that a settled case has its after-picture; ``make_missing_clips`` those by which a reviewer looks through a clip. Fails
closed: without a copy nothing is shown, and the next sweep tries again.
"""

from __future__ import annotations

from collections.abc import Iterable
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
from rules.finding import FlagState
from rules.models import Flag

log = structlog.get_logger("pipeline")
AT_ONCE = 20
CLIPS_AT_ONCE = 2  # every frame of a clip is looked at: a worker has other work too
WAITING = (FlagState.NEW.value, FlagState.IN_REVIEW.value)
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
    waiting = MediaFile.objects.filter(Exists(visits), ~Exists(copies), parent=None)
    pictures = waiting.exclude(kind=MediaKind.AUDIO.value).order_by("-received_at")
    return _make(pictures.values_list("pk", flat=True)[:most])


def make_missing_clips(most: int = CLIPS_AT_ONCE) -> int:
    """Copies of the clips of flags that wait for a person, most urgent first; how many were made."""
    copies = MediaFile.objects.filter(parent_id=OuterRef("observation__media_id"), derivation=Derivation.REDACTED.value)
    clips = Flag.objects.filter(~Exists(copies), observation__media__kind=MediaKind.VIDEO.value, state__in=WAITING)
    wanted = clips.order_by("-priority", "created_at").values_list("observation__media_id", flat=True)
    return _make(list(dict.fromkeys(wanted[:AT_ONCE]))[:most])


def _make(media_ids: Iterable[UUID]) -> int:
    made = 0
    for media_id in media_ids:
        try:
            make_public_copy(media_id)
            made += 1
        except ProjectError as error:
            log.warning("copy_not_made", media_id=str(media_id), error=error.code)
    return made
