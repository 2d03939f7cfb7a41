"""One observation for offices: where and when, what was seen, how the pipeline went, and its pictures.

The moment at which a citizen's picture arrived, the code and the sender are in none of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from api.endpoint import ANYONE, Endpoint, describe, language_of, person_of, rights_of
from api.geojson import feature_schema
from api.plain import Json, to_plain
from api.views.flags import READERS
from api.views.found import word_flags
from cases.actions import open_original
from cases.permissions import is_staff, may_see_copy, may_see_observation
from cases.queries import FlagFilter, list_flags
from cases.roles import ORIGINAL_OPENERS
from detection.models import Sighting
from detection.queries import get_run
from errors import NotFound
from geo.position import Position
from intake.kinds import Derivation, ObservationSource
from intake.queries import ObservationFacts, find_copy, get_media, get_observation, read_media
from pipeline.queries import get_progress, list_stage_runs
from tiles.queries import is_published_media

TAG = "observations"
_SHOWN = (Derivation.REDACTED, Derivation.STILL)


@dataclass(frozen=True, slots=True)
class MediaAnswer:
    """The picture: its redacted copy (empty until made), the original's address (each opening is logged), its hash."""

    kind: str
    content_type: str
    width_px: int | None
    height_px: int | None
    duration_s: float | None
    sha256: str
    redacted_url: str
    original_url: str


@dataclass(frozen=True, slots=True)
class StageAnswer:
    """One finished run of a stage. ``started_at`` is told of cameras only."""

    stage: str
    outcome: str
    attempt: int
    duration_ms: float
    started_at: datetime | None
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SightingAnswer:
    """A thing put on the ground: degrees (EPSG:4326), error in metres and as a covariance (ee, en, nn), how long it stood."""

    subject: str
    label: str
    score: float
    lon: float | None
    lat: float | None
    accuracy_m: float | None
    covariance_m2: tuple[float, ...] | None
    method: str
    dwell_s: float | None
    displacement_m: float | None
    no_position_reason: str


@dataclass(frozen=True, slots=True)
class ObservationAnswer:
    """One picture or clip with all that was made of it."""

    id: UUID
    source: str
    category: str
    camera_id: int | None
    captured_at: datetime | None
    received_at: datetime | None
    position: dict[str, Any] | None
    file_position: dict[str, Any] | None
    pin: dict[str, Any] | None
    bearing: dict[str, Any] | None
    no_position_reason: str
    hints: tuple[str, ...]
    media: MediaAnswer
    stage: str
    state: str
    processing: bool
    reason: str
    stage_runs: tuple[StageAnswer, ...]
    run: dict[str, Any] | None
    sightings: tuple[SightingAnswer, ...]
    flags: tuple[dict[str, Any], ...]
    findings: tuple[dict[str, Any], ...]


class Observation(Endpoint):
    """``/observations/{id}``."""

    may_call = READERS

    @describe(
        "One observation", "Evidence with detections, tracks, places on the ground, stage runs and flags.",
        who=READERS, answer_schema=feature_schema(ObservationAnswer), faults=(404,), tag=TAG,
    )  # fmt: skip
    def get(self, request: Request, observation_id: UUID) -> Response:
        """The observation, as one GeoJSON feature."""
        if not may_see_observation(rights_of(request), observation_id):
            raise NotFound("There is no such observation.", field="observation", value=observation_id)
        answer = _answer(request, get_observation(observation_id))
        place = answer.position
        geometry = {"type": "Point", "coordinates": [place["lon"], place["lat"]]} if place else None
        properties = {name: value for name, value in to_plain(answer).items() if name != "id"}
        return Response(
            {"type": "Feature", "id": str(observation_id), "geometry": geometry, "properties": properties},
            headers={"Cache-Control": "no-store"},
        )


class Copy(Endpoint):
    """``/media/{id}``."""

    may_call = ANYONE

    @describe(
        "A redacted picture", "The copy with faces and plates made unreadable, of an original or by its own id: for staff of "
        "the ward, and for anyone once its case is published. Never an original.",
        who=ANYONE, answer_schema={"type": "string", "format": "binary"}, faults=(404,), tag=TAG,
    )  # fmt: skip
    def get(self, request: Request, media_id: UUID) -> HttpResponse:
        """The bytes of the copy."""
        media = get_media(media_id)
        original_id = media.parent_id or media.id
        copy = media if media.parent_id is not None else find_copy(original_id, *_SHOWN)
        rights = rights_of(request)
        allowed = is_staff(rights) and may_see_copy(rights, original_id)
        if copy is None or not (allowed or is_published_media(copy.id)):
            raise NotFound("There is no such file.", field="media", value=media_id)
        headers = {"Cache-Control": "private, max-age=300", "X-Content-Type-Options": "nosniff"}
        return HttpResponse(read_media(copy.id), content_type=copy.content_type, headers=headers)


class Original(Endpoint):
    """``/media/{id}/original``."""

    may_call = ORIGINAL_OPENERS

    @describe(
        "An original", "The bytes as received. Needs a reason; every opening is logged with who, when and why.",
        who=ORIGINAL_OPENERS, answer_schema={"type": "string", "format": "binary"}, faults=(400, 404), tag=TAG,
        parameters=[OpenApiParameter("reason", str, required=True, description="5 to 300 characters")],
    )  # fmt: skip
    def get(self, request: Request, media_id: UUID) -> HttpResponse:
        """The bytes, after the look is on record."""
        data = open_original(media_id, by=person_of(request), reason=request.query_params.get("reason", ""))
        headers = {
            "Cache-Control": "no-store",
            "Content-Disposition": "attachment",
            "X-Content-Type-Options": "nosniff",
        }
        return HttpResponse(data, content_type=get_media(media_id).content_type, headers=headers)


def _answer(request: Request, observation: ObservationFacts) -> ObservationAnswer:
    is_camera = observation.source is not ObservationSource.CITIZEN
    progress = get_progress(observation.id)
    flags = list_flags(rights_of(request), FlagFilter(observation_id=observation.id), limit=1000).items
    return ObservationAnswer(
        id=observation.id,
        source=observation.source.value,
        category=observation.category.value,
        camera_id=observation.camera_id,
        captured_at=observation.captured_at,
        received_at=observation.received_at if is_camera else None,
        position=_place(observation.position),
        file_position=_place(observation.file_position),
        pin=_place(observation.pin),
        bearing=to_plain(observation.bearing) if observation.bearing else None,
        no_position_reason=observation.no_position_reason,
        hints=observation.hints,
        media=_media(request, observation),
        stage=progress.stage,
        state=progress.state,
        processing=progress.is_processing,
        reason=progress.reason,
        stage_runs=tuple(
            StageAnswer(
                run.stage, run.outcome, run.attempt, run.duration_ms, run.started_at if is_camera else None, run.detail
            )
            for run in list_stage_runs(observation.id)
        ),
        run=_run(observation.id),
        sightings=_sightings(observation.id),
        flags=tuple(to_plain(flag) for flag in flags),
        findings=tuple(to_plain(found) for found in word_flags(observation.id, language_of(request)[:2]))
        if flags
        else (),
    )


def _media(request: Request, observation: ObservationFacts) -> MediaAnswer:
    media = get_media(observation.media_id)
    copy = find_copy(media.id, *_SHOWN)
    original = reverse("api:original", kwargs={"media_id": media.id}, request=request)
    redacted = reverse("api:media", kwargs={"media_id": copy.id}, request=request) if copy else ""
    return MediaAnswer(
        media.kind.value,
        media.content_type,
        media.width_px,
        media.height_px,
        media.duration_s,
        media.sha256,
        redacted,
        original,
    )


def _run(observation_id: UUID) -> Json | None:
    try:
        run: Json = to_plain(get_run(observation_id))
    except NotFound:
        return None
    return run


def _sightings(observation_id: UUID) -> tuple[SightingAnswer, ...]:
    return tuple(
        SightingAnswer(
            subject=row.subject,
            label=row.label,
            score=row.score,
            lon=row.point.x if row.point else None,
            lat=row.point.y if row.point else None,
            accuracy_m=row.accuracy_m,
            covariance_m2=tuple(row.covariance_m2) if row.covariance_m2 else None,
            method=row.method,
            dwell_s=row.dwell_s,
            displacement_m=row.displacement_m,
            no_position_reason=row.no_position_reason,
        )
        for row in Sighting.objects.filter(observation_id=observation_id).order_by("id")
    )


def _place(position: Position | None) -> dict[str, Any] | None:
    return to_plain(position) if position is not None else None
