"""Adds files to a request that was sent before: a sender's new photo when something is not settled."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from errors import InputError
from intake.actions.circumstances import clock_of, limits_of
from intake.actions.keeping import keep_media, store_bytes
from intake.kinds import ObservationSource
from intake.media import check_count
from intake.models import Observation, ServiceRequest
from intake.uploads import Upload, check_all


def add_files(code: str, files: Sequence[Upload]) -> list[UUID]:
    """Keep new files of a request; the observations made of them, at the place of the first one where they know none.

    InputError when nothing new is among them: the photo that was sent before shows nothing of today.
    """
    request = ServiceRequest.objects.select_related("city").get(code=code)
    limits, now = limits_of(), timezone.now()
    check_count(len(files), limits)
    first = Observation.objects.filter(service_request=request).order_by("received_at", "pk").first()
    known = set(Observation.objects.filter(service_request=request).values_list("media__sha256", flat=True))
    checked = [media for media in check_all(files, limits, clock_of(request.city, now)) if media.digest not in known]
    if not checked:
        raise InputError(
            "This photo was sent before.", field="media", value="", cure="Take a new photo of how it looks now."
        )
    store_bytes(checked)
    with transaction.atomic():
        kept = [keep_media(media, now) for media in checked]
        rows = [
            Observation.objects.create(
                source=ObservationSource.CITIZEN.value, service_request=request, media=media,
                category=request.category, received_at=now, is_duplicate_media=is_known,
                pin_point=first.pin_point if first else None, pin_accuracy_m=first.pin_accuracy_m if first else None,
            )
            for media, is_known in kept
        ]  # fmt: skip
    return [row.pk for row in rows]
