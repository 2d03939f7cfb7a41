"""What a fixed camera saw: a picture or clip becomes one observation."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from intake.actions.circumstances import limits_of
from intake.actions.keeping import keep_media, store_bytes
from intake.kinds import Category, ObservationSource
from intake.models import Camera, Observation
from intake.uploads import Clock, UploadedMedia, check_upload

CAMERA_CLIP_SECONDS = 4 * 3600.0


def receive_frame(
    camera: Camera,
    data: bytes,
    *,
    captured_at: datetime | None = None,
    now: datetime | None = None,
    category: Category = Category.UNSTATED,
    is_camera_clock: bool = True,
) -> UUID:
    """Receive a picture or clip of a fixed camera; the observation's id. The same clip of the same moment is one.

    ``captured_at`` is the first frame's moment by the camera's clock; the clock's known error is taken off here,
    unless the moment was taken by our own clock (``is_camera_clock`` False: a stream's frames as they arrive).
    """
    now = now or timezone.now()
    clock = Clock(now, ZoneInfo(camera.city.timezone))
    checked = check_upload(UploadedMedia(camera.name, data), limits_of(video_seconds=CAMERA_CLIP_SECONDS), clock)
    moment = captured_at or checked.geotag.captured_at
    offset_s = camera.clock_offset_s if is_camera_clock or captured_at is None else 0.0
    corrected = moment - timedelta(seconds=offset_s) if moment is not None else None
    store_bytes([checked])
    with transaction.atomic():
        media, is_known = keep_media(checked, now)
        observation, _ = Observation.objects.get_or_create(
            camera=camera,
            media=media,
            captured_at=corrected,
            defaults={
                "source": ObservationSource.CAMERA.value,
                "category": category.value,
                "received_at": now,
                "is_duplicate_media": is_known,
            },
        )
    return observation.pk
