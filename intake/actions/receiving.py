"""A citizen's service request: files, place and words become rows in one transaction, and the sender gets a code."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib.gis.geos import Point
from django.db import IntegrityError, transaction
from django.utils import timezone

from errors import Conflict, TemporaryError
from geo.position import Position, PositionMethod
from intake.actions.checking import CheckedForm, ExtraWishes, TypedForm, check_form
from intake.actions.circumstances import timezone_of
from intake.actions.geotagging import record_tracked_geotag
from intake.actions.keeping import keep_media, store_bytes
from intake.kinds import Category, ObservationSource, RequestStatus
from intake.models import Observation, ReporterContact, ServiceRequest, ServiceRequestEvent
from intake.notices import Notice
from intake.secrets import make_code, secret_for
from intake.uploads import Upload
from intake.vault import seal_contact

CODE_TRIES = 5


@dataclass(frozen=True, slots=True)
class ReceivedRequest:
    """What a sender gets: the code to name, the secret of the follow link, and remarks that may need an answer."""

    code: str
    secret: str
    observation_ids: tuple[UUID, ...]
    notices: tuple[Notice, ...] = ()


def receive_request(
    files: Sequence[Upload],
    *,
    category: str | Category | None = None,
    description: str = "",
    pin: Position | None = None,
    contact: str = "",
    channel: str = "web",
    language: str = "vi",
    idempotency_key: str | None = None,
    extra: ExtraWishes | None = None,
    now: datetime | None = None,
) -> ReceivedRequest:
    """Receive what a citizen sends. The same key with the same files gives the first answer again.

    Errors before anything is written: ``InputError`` (field, value, cure), ``UnreadableMedia``, ``MediaTooLarge``,
    ``PlaceError`` for a pin outside every city here, ``Conflict`` for a key that was used for other files.
    """
    now = now or timezone.now()
    form = check_form(
        files,
        TypedForm(category, description, pin, contact, channel, language, idempotency_key, extra or ExtraWishes()),
        now,
    )
    earlier = _find_earlier(form)
    if earlier is not None:
        return earlier
    store_bytes(form.files)
    try:
        return _write_request(form, now)
    except IntegrityError:
        earlier = _find_earlier(form)  # the same key, a moment earlier, in another process
        if earlier is None:
            raise
        return earlier


def _find_earlier(form: CheckedForm) -> ReceivedRequest | None:
    """The answer already given for this key; ``Conflict`` when it was given for other files."""
    if form.key is None:
        return None
    request = ServiceRequest.objects.filter(idempotency_key=form.key).first()
    if request is None:
        return None
    rows = list(
        Observation.objects.filter(service_request=request).select_related("media").order_by("received_at", "pk")
    )
    by_digest = {row.media.sha256: row for row in rows}
    if set(by_digest) != {media.digest for media in form.files}:
        raise Conflict(
            "This key was used for another report.",
            field="idempotency_key",
            value=form.key,
            cure="Send the report again with a new key.",
        )
    ordered = [by_digest[media.digest] for media in form.files]
    known = any(row.is_duplicate_media for row in ordered)
    return _answer(request.code, [row.pk for row in ordered], form.notices, is_known=known)


@transaction.atomic
def _write_request(form: CheckedForm, now: datetime) -> ReceivedRequest:
    request = _create_request(form, now)
    ServiceRequestEvent.objects.create(
        service_request=request, at=now, actor="citizen", to_status=RequestStatus.SUBMITTED.value
    )
    if form.contact:
        sealed = seal_contact(form.contact, settings.ENV.security.vault_key)
        ReporterContact.objects.create(service_request=request, ciphertext=sealed, created_at=now)
    kept = [keep_media(media, now) for media in form.files]
    rows = [
        Observation.objects.create(
            source=ObservationSource.CITIZEN.value,
            service_request=request,
            media=media,
            category=form.category.value,
            received_at=now,
            pin_point=Point(form.pin.lon, form.pin.lat, srid=4326) if form.pin else None,
            pin_accuracy_m=form.pin.accuracy_m if form.pin else None,
            is_duplicate_media=is_known,
        )
        for media, is_known in kept
    ]
    _place_by_track(form, rows)
    return _answer(request.code, [row.pk for row in rows], form.notices, is_known=any(known for _, known in kept))


def _place_by_track(form: CheckedForm, rows: Sequence[Observation]) -> None:
    """What the sender's recorded track places has its geotag at once; the track itself goes no further."""
    for media, row in zip(form.files, rows, strict=True):
        place = media.geotag.position
        if form.extra.track is not None and place is not None and place.method is PositionMethod.GPX_TRACK:
            record_tracked_geotag(row.pk, form.extra.track)


def _answer(code: str, ids: Sequence[UUID], notices: tuple[Notice, ...], *, is_known: bool) -> ReceivedRequest:
    remarks = (*((Notice.RECEIVED_BEFORE,) if is_known else ()), *notices)
    return ReceivedRequest(code, secret_for(code, settings.ENV.security.secret_key), tuple(ids), remarks)


def _create_request(form: CheckedForm, now: datetime) -> ServiceRequest:
    """A row under a fresh code; two requests drawing the same code is one in millions, and costs another draw."""
    on = now.astimezone(timezone_of(form.city)).date()
    for _ in range(CODE_TRIES):
        code = make_code(settings.ENV.publication.request_prefix, on, os.urandom(8))
        if not ServiceRequest.objects.filter(code=code).exists():
            return ServiceRequest.objects.create(
                code=code,
                city=form.city,
                category=form.category.value,
                description=form.description,
                channel=form.channel,
                language=form.language,
                idempotency_key=form.key,
                submitted_at=now,
                with_route=form.extra.with_route,
                answers=dict(form.extra.answers),
                joins_case=form.extra.joins_case,
            )
    raise TemporaryError("No free code was found.", field="code", cure="Try again in a minute.")
