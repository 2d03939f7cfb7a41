"""Cameras for offices: how each is, what it sees of the ground, a redacted still of now, and its calibration."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint, describe, rights_of
from api.geojson import collection_schema, feature_schema
from api.parsing import parse_moment
from api.plain import to_plain
from cases.roles import Role
from errors import InputError, NotFound, PlaceError
from geo.view_regions import ErrorGrid
from intake.actions.calibrating import TriedCalibration, save_calibration, try_calibration
from intake.calibration_words import say_warning
from intake.camera_words import say_fault, say_note, say_state
from intake.models import Camera
from pipeline.camera_queries import (
    CameraStatus,
    StoredCalibration,
    ask_for_still,
    draw_sidewalks,
    get_calibration,
    get_camera_status,
    get_view,
    list_camera_status,
)

log = structlog.get_logger("cameras")
TAG = "cameras"
READERS = frozenset({Role.OPERATOR, Role.PLANNER, Role.REVIEWER, Role.LEADER})
OPERATORS = frozenset({Role.OPERATOR})
_SECRET = ("stream", "last_fault_value", "runner")
_BODY = {
    "application/json": {
        "type": "object",
        "properties": {
            "pairs": {
                "type": "array",
                "items": {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4},
                "description": "[u_px, v_px, east_m, north_m], metres counted from the anchor",
            },
            "pairs_lonlat": {
                "type": "array",
                "items": {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4},
                "description": "instead: [u_px, v_px, lon, lat]",
            },
            "anchor": {
                "type": "array",
                "items": {"type": "number"},
                "description": "[lon, lat]; else the camera's place",
            },
            "image_size_px": {"type": "array", "items": {"type": "integer"}, "description": "[width, height]"},
            "distortion": {"type": "object", "description": "K (3x3) and D of OpenCV, where the lens was measured"},
            "source": {"type": "string"},
            "valid_from": {"type": "string", "format": "date-time", "description": "now when not given"},
            "save": {"type": "boolean", "description": "false (usual): only try it"},
        },
        "example": {"pairs_lonlat": [[412, 700, 106.68751, 10.78102]], "image_size_px": [1920, 1080], "save": False},
    }
}


@dataclass(frozen=True, slots=True)
class CameraAnswer:
    """A camera and how it is, in codes and in words; its stream is for operators only."""

    name: str
    title: str
    city: str
    state: str
    words: str
    last_fault: str
    last_fault_words: str
    note_words: tuple[str, ...]
    frame_age_s: float | None
    frames_per_s: float | None
    dropped: int
    clock_offset_s: float
    last_fault_at: datetime | None
    width_px: int | None
    height_px: int | None
    seen: int
    looked_at: int
    gaps: int
    evidence: int
    standing: int
    owner: str
    notice_sign: str
    retention_days: int
    sample_period_s: float
    is_generated: bool
    calibrated_from: datetime | None
    residual_m: float | None
    calibration_words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PairAnswer:
    """One pair: how far the fit misses it in the picture and on the ground, whether the fit rests on it, where it would show."""

    pair: int
    miss_px: float
    miss_m: float | None
    used: bool
    fit_px: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class SidewalkRings:
    """A sidewalk of the register as it shows in the frame: rings of pixels."""

    key: str
    street: str
    rings_px: tuple[tuple[tuple[float, float], ...], ...]


@dataclass(frozen=True, slots=True)
class CalibrationAnswer:
    """A fit and what it is worth. ``sidewalks`` are drawn by it into the frame; ``regions`` is GeoJSON of the ground within
    0.5, 1 and 2 m of error, with rings in pixels.
    """

    saved: bool
    calibration_id: int | None
    residual_m: float
    pixel_noise_px: float
    ground_noise_m: float
    camera_height_m: float
    pairs: tuple[PairAnswer, ...]
    warnings: tuple[str, ...]
    warning_words: tuple[str, ...]
    sidewalks: tuple[SidewalkRings, ...]
    regions: dict[str, Any]
    errors: ErrorGrid | None


@dataclass(frozen=True, slots=True)
class CurrentCalibration:
    """What is on record of a camera's view; None where it was never calibrated."""

    current: StoredCalibration | None


class Cameras(Endpoint):
    """``/cameras``."""

    may_call = READERS

    @describe(
        "List cameras", "Every camera of your cities with its health: state and newest fault in words, age of the newest frame, "
        "sampled frames per second, frames dropped, gaps, clock offset, and since when it is calibrated.",
        who=READERS, answer_schema=collection_schema(CameraAnswer), tag=TAG,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """All of them."""
        rights = rights_of(request)
        cities = {held.city_id for held in rights.held}
        features = [_feature(row, request) for row in list_camera_status(cities)]
        return Response({"type": "FeatureCollection", "features": features}, headers={"Cache-Control": "no-store"})


class OneCamera(Endpoint):
    """``/cameras/{id}``."""

    may_call = READERS

    @describe(
        "One camera", "The camera's record and health.",
        who=READERS, answer_schema=feature_schema(CameraAnswer), faults=(404,), tag=TAG,
    )  # fmt: skip
    def get(self, request: Request, camera_id: int) -> Response:
        """The camera."""
        _camera_of(request, camera_id)
        return Response(_feature(get_camera_status(camera_id), request), headers={"Cache-Control": "no-store"})


class CameraView(Endpoint):
    """``/cameras/{id}/view``."""

    may_call = READERS

    @describe(
        "View of a camera", "GeoJSON: the ground it sees (`view_footprint`), the ground within 0.5, 1 and 2 m of error "
        "(`error_band`, with the ring in pixels), and the sidewalks of the register as rings in its frame (`sidewalk`).",
        who=READERS, answer_schema={"type": "object"}, faults=(404,), tag=TAG,
    )  # fmt: skip
    def get(self, request: Request, camera_id: int) -> Response:
        """The regions."""
        _camera_of(request, camera_id)
        return Response(to_plain(get_view(camera_id)))


class CameraStill(Endpoint):
    """``/cameras/{id}/still``."""

    may_call = OPERATORS

    @describe(
        "Still of a camera", "A picture of now with faces and plates made unreadable. Its runner makes one when asked: 202 with "
        "Retry-After until it is there. It is kept for a minute.",
        who=OPERATORS, answer_schema={"type": "string", "format": "binary"}, faults=(404,), tag=TAG,
    )  # fmt: skip
    def get(self, request: Request, camera_id: int) -> HttpResponse:
        """The picture, or: ask again in two seconds."""
        _camera_of(request, camera_id)
        found = ask_for_still(camera_id)
        if found is None:
            return Response({"state": get_camera_status(camera_id).state}, status=202, headers={"Retry-After": "2"})
        data, at = found
        log.info("camera_still_looked_at", camera=camera_id, user_id=request.user.pk)
        headers = {"Cache-Control": "no-store", "X-Taken-At": at.isoformat()}
        return HttpResponse(data, content_type="image/jpeg", headers=headers)


class CameraCalibrations(Endpoint):
    """``/cameras/{id}/calibration``."""

    may_call = OPERATORS
    parser_classes = [JSONParser]

    @describe(
        "Calibration of a camera", "The newest calibration with its pairs as [u_px, v_px, lon, lat], and since when the earlier "
        "ones held; `current` is null where there is none.",
        who=OPERATORS, answer=CurrentCalibration, faults=(404,), tag=TAG,
    )  # fmt: skip
    def get(self, request: Request, camera_id: int) -> Response:
        """What is on record."""
        _camera_of(request, camera_id)
        answer = CurrentCalibration(get_calibration(camera_id))
        return Response(to_plain(answer), headers={"Cache-Control": "no-store"})

    @describe(
        "Calibrate a camera", "Fit point pairs. Without `save` it is only tried: residuals, warnings and regions of error "
        "come back and nothing is kept. Fewer than 4 pairs, points on a line, doubled or mirrored points are refused in words.",
        who=OPERATORS, answer=CalibrationAnswer, faults=(400, 404, 422), body=_BODY, tag=TAG,
        parameters=[OpenApiParameter("camera_id", int, OpenApiParameter.PATH)],
    )  # fmt: skip
    def post(self, request: Request, camera_id: int) -> Response:
        """Try, and save when asked to."""
        camera = _camera_of(request, camera_id)
        if not isinstance(request.data, dict):
            raise InputError(
                "The body is a JSON object.", field="", value=type(request.data).__name__, cure="Send {...}."
            )
        tried = try_calibration(camera, request.data)
        saved = None
        if request.data.get("save") is True:
            moment = parse_moment(request.data.get("valid_from"), "valid_from") or timezone.now()
            saved = save_calibration(camera, tried, valid_from=moment)
        answer = _answer(tried, saved.pk if saved else None, camera.city_id)
        return Response(to_plain(answer), status=201 if saved else 200)


def _camera_of(request: Request, camera_id: int) -> Camera:
    """A camera of the caller's cities; NotFound otherwise."""
    cities = {held.city_id for held in rights_of(request).held}
    camera = Camera.objects.select_related("city").filter(pk=camera_id, city_id__in=cities).first()
    if camera is None:
        raise NotFound("There is no such camera.", field="camera", value=camera_id)
    return camera


def _feature(row: CameraStatus, request: Request) -> dict[str, Any]:
    properties = {name: value for name, value in dataclasses.asdict(row).items() if name not in ("id", "lon", "lat")}
    if not rights_of(request).holds(OPERATORS):
        properties = {name: value for name, value in properties.items() if name not in _SECRET}
    properties |= {
        "words": say_state(row.state),
        "last_fault_words": say_fault(row.last_fault),
        "note_words": [say_note(note) for note in row.notes],
        "calibration_words": [say_warning(code) for code in row.calibration_warnings],
    }
    geometry = {"type": "Point", "coordinates": [row.lon, row.lat]}
    return {"type": "Feature", "id": row.id, "geometry": geometry, "properties": to_plain(properties)}


def _answer(tried: TriedCalibration, saved_id: int | None, city_id: int) -> CalibrationAnswer:
    fitted = tried.calibration
    rows = zip(fitted.residuals_px, fitted.residuals_m, fitted.used, strict=True)
    return CalibrationAnswer(
        saved=saved_id is not None,
        calibration_id=saved_id,
        residual_m=round(fitted.residual_m, 3),
        pixel_noise_px=round(fitted.noise.pixel_px, 2),
        ground_noise_m=round(fitted.noise.height_m, 3),
        camera_height_m=round(float(fitted.camera.centre_m[2]), 2),
        pairs=tuple(
            PairAnswer(n + 1, round(px, 2), round(m, 3) if m != float("inf") else None, used, _shown_at(tried, n))
            for n, (px, m, used) in enumerate(rows)
        ),
        warnings=fitted.warnings,
        warning_words=tuple(say_warning(code) for code in fitted.warnings),
        sidewalks=_sidewalks(tried, city_id),
        regions={"type": "FeatureCollection", "features": tried.draw_bands()},
        errors=tried.grid,
    )


def _shown_at(tried: TriedCalibration, index: int) -> tuple[float, float] | None:
    """The pixel at which the fit shows a pair's ground point; None behind the camera."""
    _, _, east_m, north_m = tried.given.pairs[index]
    try:
        u, v = tried.calibration.to_image(east_m, north_m)
    except PlaceError:
        return None
    return round(u, 1), round(v, 1)


def _sidewalks(tried: TriedCalibration, city_id: int) -> tuple[SidewalkRings, ...]:
    footprint, size = tried.footprint, tried.given.image_size_px
    if footprint is None or size is None:
        return ()
    drawn = draw_sidewalks(
        tried.calibration, size, city_id=city_id, anchor=tried.given.anchor, system=tried.system, footprint=footprint
    )
    found = (feature["properties"] for feature in drawn)
    return tuple(SidewalkRings(one["key"], one["street"], one["rings_px"]) for one in found)
