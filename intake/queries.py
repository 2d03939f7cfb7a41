"""Reads of intake: a sender's own request, the facts of one observation for the pipeline, stored bytes, calibrations.

Nothing here reads the vault. Values that leave are frozen; rows stay inside.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from errors import NotFound
from geo.box import METRES_PER_DEG
from geo.position import Bearing, NorthReference, Position, PositionMethod
from intake import storage
from intake.geotag import TimedPosition, choose_position, find_contradictions
from intake.kinds import Category, Derivation, MediaKind, ObservationSource, RequestStatus
from intake.models import Camera, CameraCalibration, Geotag, MediaFile, Observation, ServiceRequest
from intake.secrets import is_secret_of, normalise_code

ENDED = (
    RequestStatus.REFUSED, RequestStatus.DUPLICATE, RequestStatus.RESOLVED, RequestStatus.ANSWERED,
    RequestStatus.CLOSED, RequestStatus.CLOSED_INCOMPLETE,
)  # fmt: skip
REACH_FACTOR = 3.0  # a degree of longitude is shorter away from the equator: the first cut by index reaches wider


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """A service request as its sender may see it, and as the pipeline needs it."""

    id: int
    code: str
    status: RequestStatus
    category: Category
    description: str
    city: str
    submitted_at: datetime
    language: str
    observation_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class ObservationFacts:
    """One picture or clip with where and when. ``position`` is the one that is used; the file's and the pin stand beside.

    ``no_position_reason`` says why the file gave none; empty when it did, or before stage 2. ``track`` are the places of a
    moving clip's seconds, empty for all else.
    """

    id: UUID
    source: ObservationSource
    kind: MediaKind
    media_id: UUID
    content_type: str
    width_px: int | None
    height_px: int | None
    duration_s: float | None
    category: Category
    received_at: datetime
    captured_at: datetime | None
    captured_at_source: str
    position: Position | None
    file_position: Position | None
    pin: Position | None
    bearing: Bearing | None
    altitude_m: float | None
    hints: tuple[str, ...]
    no_position_reason: str
    track: tuple[TimedPosition, ...]
    is_duplicate_media: bool
    service_request_id: int | None
    request_code: str
    camera_id: int | None
    city: str


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """A stored file: an original, or a copy of one."""

    id: UUID
    sha256: str
    byte_size: int
    kind: MediaKind
    content_type: str
    width_px: int | None
    height_px: int | None
    duration_s: float | None
    parent_id: UUID | None
    derivation: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CalibrationFacts:
    """A camera's calibration in force; ``calibration`` is ``geo.homography.Calibration.to_json()``."""

    id: int
    camera_id: int
    valid_from: datetime
    anchor_lon: float
    anchor_lat: float
    calibration: Mapping[str, Any]
    residual_m: float
    source: str
    is_generated: bool


@dataclass(frozen=True, slots=True)
class CameraFacts:
    """A fixed camera that can be watched."""

    id: int
    name: str
    title: str
    stream: str
    pack_path: str
    lon: float
    lat: float
    sample_period_s: float
    clock_offset_s: float
    is_generated: bool


@dataclass(frozen=True, slots=True)
class NearbyRequest:
    """An open service request close to a place, without anything of its sender."""

    code: str
    category: Category
    status: RequestStatus
    submitted_at: datetime
    distance_m: float


def get_request(code: str, secret: str) -> RequestFacts:
    """A sender's own request. ``NotFound`` says the same for a wrong code and for a wrong secret."""
    known = normalise_code(code) or ""
    key = settings.ENV.security.secret_key
    is_theirs = is_secret_of(known, secret, key)
    request = ServiceRequest.objects.select_related("city").filter(code=known).first() if is_theirs else None
    if request is None:
        raise NotFound(
            "There is no such report.",
            field="code",
            value=code[:20],
            cure="Open the link that you got when you sent it.",
        )
    return _request_facts(request)


def find_request(code: str) -> RequestFacts | None:
    """A request by its code for staff and the pipeline, none when there is none."""
    request = ServiceRequest.objects.select_related("city").filter(code=normalise_code(code) or code).first()
    return _request_facts(request) if request is not None else None


def get_observation(observation_id: UUID) -> ObservationFacts:
    """All that is known of one observation; ``NotFound`` when there is none."""
    row = (
        Observation.objects.select_related("media", "geotag", "service_request__city", "camera__city")
        .filter(pk=observation_id)
        .first()
    )
    if row is None:
        raise NotFound("There is no such observation.", field="observation", value=observation_id)
    return _observation_facts(row)


def list_observations(request_code: str) -> list[ObservationFacts]:
    """The observations of one request, in the order of receipt."""
    rows = Observation.objects.select_related("media", "geotag", "service_request__city", "camera__city").filter(
        service_request__code=request_code
    )
    return [_observation_facts(row) for row in rows.order_by("received_at", "pk")]


def get_media(media_id: UUID) -> MediaFacts:
    """One stored file; ``NotFound`` when there is none."""
    row = MediaFile.objects.filter(pk=media_id).first()
    if row is None:
        raise NotFound("There is no such file.", field="media", value=media_id)
    return _media_facts(row)


def find_copy(media_id: UUID, *derivations: Derivation) -> MediaFacts | None:
    """The first of these copies that an original has, none when it has none yet."""
    wanted = [derivation.value for derivation in derivations]
    rows = {row.derivation: row for row in MediaFile.objects.filter(parent_id=media_id, derivation__in=wanted)}
    found = next((rows[derivation] for derivation in wanted if derivation in rows), None)
    return _media_facts(found) if found is not None else None


def read_media(media_id: UUID) -> bytes:
    """The bytes of a stored file. ``NotFound``, ``TemporaryError``. Originals only for the pipeline or a logged look."""
    return storage.read(_storage_name(media_id))


def media_on_disk(media_id: UUID) -> AbstractContextManager[Path]:
    """A path at which a stored file can be read for a while, so that a long clip needs no memory."""
    return storage.local_copy(_storage_name(media_id))


def find_calibration(camera_id: int, at: datetime) -> CalibrationFacts | None:
    """The calibration of a camera in force at a moment, none before its first."""
    row = CameraCalibration.objects.filter(camera_id=camera_id, valid_from__lte=at).order_by("-valid_from").first()
    if row is None:
        return None
    return CalibrationFacts(
        id=row.pk,
        camera_id=camera_id,
        valid_from=row.valid_from,
        anchor_lon=row.anchor.x,
        anchor_lat=row.anchor.y,
        calibration=row.calibration,
        residual_m=row.residual_m,
        source=row.source,
        is_generated=row.is_generated,
    )


def list_active_cameras() -> list[CameraFacts]:
    """Cameras with a stream that are switched on, by name."""
    rows = Camera.objects.select_related("city").filter(is_active=True).exclude(stream="").order_by("name")
    return [
        CameraFacts(
            id=row.pk,
            name=row.name,
            title=row.title,
            stream=row.stream,
            pack_path=row.city.pack_path,
            lon=row.point.x,
            lat=row.point.y,
            sample_period_s=row.sample_period_s,
            clock_offset_s=row.clock_offset_s,
            is_generated=row.is_generated,
        )
        for row in rows
    ]


def list_nearby_requests(
    position: Position, *, since: datetime, radius_m: float = 30.0, category: Category | None = None, limit: int = 20
) -> list[NearbyRequest]:
    """Open requests around a place, nearest first; each request once, by its nearest picture."""
    ended = [status.value for status in ENDED]
    with connection.cursor() as cursor:
        cursor.execute(
            NEARBY_SQL,
            {
                "lon": position.lon,
                "lat": position.lat,
                "radius_m": radius_m,
                "reach_deg": REACH_FACTOR * radius_m / METRES_PER_DEG,
                "since": since,
                "ended": ended,
                "category": category.value if category else "",
                "limit": limit,
            },
        )
        return list(_nearby(cursor.fetchall()))


NEARBY_SQL = """
    SELECT * FROM (
        SELECT DISTINCT ON (request.id) request.code, request.category, request.status, request.submitted_at,
               ST_Distance(COALESCE(seen.pin_point, tag.point)::geography,
                           ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326)::geography) AS distance_m
          FROM intake_servicerequest request
          JOIN intake_observation seen ON seen.service_request_id = request.id
          LEFT JOIN intake_geotag tag ON tag.observation_id = seen.id
         WHERE request.submitted_at >= %(since)s AND NOT request.status = ANY(%(ended)s)
           AND (%(category)s = '' OR request.category = %(category)s)
           AND COALESCE(seen.pin_point, tag.point)
               && ST_Expand(ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326), %(reach_deg)s)
         ORDER BY request.id, distance_m
    ) near WHERE distance_m <= %(radius_m)s ORDER BY distance_m LIMIT %(limit)s
"""


def _nearby(rows: list[tuple[Any, ...]]) -> Iterator[NearbyRequest]:
    for code, category, status, submitted_at, distance_m in rows:
        yield NearbyRequest(code, Category(category), RequestStatus(status), submitted_at, float(distance_m))


def _storage_name(media_id: UUID) -> str:
    name = MediaFile.objects.filter(pk=media_id).values_list("storage_name", flat=True).first()
    if name is None:
        raise NotFound("There is no such file.", field="media", value=media_id)
    return name


def _request_facts(row: ServiceRequest) -> RequestFacts:
    ids = row.observations.order_by("received_at", "pk").values_list("pk", flat=True)
    return RequestFacts(
        id=row.pk,
        code=row.code,
        status=RequestStatus(row.status),
        category=Category(row.category),
        description=row.description,
        city=row.city.slug if row.city else "",
        submitted_at=row.submitted_at,
        language=row.language,
        observation_ids=tuple(ids),
    )


def _observation_facts(row: Observation) -> ObservationFacts:
    tag: Geotag | None = getattr(row, "geotag", None)
    fix, pin = _fix_of(tag), _pin_of(row)
    holder = row.service_request or row.camera
    return ObservationFacts(
        id=row.pk,
        source=ObservationSource(row.source),
        kind=MediaKind(row.media.kind),
        media_id=row.media_id,
        content_type=row.media.content_type,
        width_px=row.media.width_px,
        height_px=row.media.height_px,
        duration_s=row.media.duration_s,
        category=Category(row.category),
        received_at=row.received_at,
        captured_at=row.captured_at or (tag.captured_at if tag else None),
        captured_at_source=tag.captured_at_source if tag else "",
        position=choose_position(fix, pin),
        file_position=fix,
        pin=pin,
        bearing=_bearing_of(tag),
        altitude_m=tag.altitude_m if tag else None,
        hints=(*(tag.hints if tag else ()), *find_contradictions(fix, pin)),
        no_position_reason=tag.no_position_reason if tag else "",
        track=_track_of(tag),
        is_duplicate_media=row.is_duplicate_media,
        service_request_id=row.service_request_id,
        request_code=row.service_request.code if row.service_request else "",
        camera_id=row.camera_id,
        city=holder.city.slug if holder is not None and holder.city is not None else "",
    )


def _fix_of(tag: Geotag | None) -> Position | None:
    if tag is None or tag.point is None or tag.accuracy_m is None:
        return None
    return Position(tag.point.x, tag.point.y, tag.accuracy_m, PositionMethod(tag.method))


def _track_of(tag: Geotag | None) -> tuple[TimedPosition, ...]:
    if tag is None or not tag.track:
        return ()
    method = PositionMethod(tag.method)
    return tuple(TimedPosition(t_s, Position(lon, lat, accuracy_m, method)) for t_s, lon, lat, accuracy_m in tag.track)


def _pin_of(row: Observation) -> Position | None:
    if row.pin_point is None or row.pin_accuracy_m is None:
        return None
    return Position(row.pin_point.x, row.pin_point.y, row.pin_accuracy_m, PositionMethod.SENDER_PIN)


def _bearing_of(tag: Geotag | None) -> Bearing | None:
    if tag is None or tag.bearing_deg is None:
        return None
    return Bearing(tag.bearing_deg, NorthReference(tag.bearing_reference or "unknown"))


def _media_facts(row: MediaFile) -> MediaFacts:
    return MediaFacts(
        id=row.pk,
        sha256=row.sha256,
        byte_size=row.byte_size,
        kind=MediaKind(row.kind),
        content_type=row.content_type,
        width_px=row.width_px,
        height_px=row.height_px,
        duration_s=row.duration_s,
        parent_id=row.parent_id,
        derivation=row.derivation,
        detail=row.derivation_detail,
    )
