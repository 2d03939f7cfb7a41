"""Cameras for offices: how each is, what it sees of the ground, a redacted still of now, and its calibration."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

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
from errors import InputError, NotFound
from geo.view_regions import ErrorGrid
from intake.actions.calibrating import TriedCalibration, save_calibration, try_calibration
from intake.camera_words import say_fault, say_note, say_state
from intake.models import Camera
from pipeline.camera_queries import CameraStatus, ask_for_still, get_camera_status, get_view, list_camera_status

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
    state: str
    words: str
    last_fault: str
    last_fault_words: str
    note_words: tuple[str, ...]
    frame_age_s: float | None
    frames_per_s: float | None
    dropped: int
    clock_offset_s: float


@dataclass(frozen=True, slots=True)
class PairAnswer:
    """One pair: how far the fit misses it in the picture and on the ground, and whether the fit rests on it."""

    pair: int
    miss_px: float
    miss_m: float | None
    used: bool


@dataclass(frozen=True, slots=True)
class CalibrationAnswer:
    """A fit and what it is worth. ``regions`` is GeoJSON of the ground within 0.5, 1 and 2 m of error, with rings in pixels."""

    saved: bool
    calibration_id: int | None
    residual_m: float
    pixel_noise_px: float
    ground_noise_m: float
    camera_height_m: float
    pairs: tuple[PairAnswer, ...]
    warnings: tuple[str, ...]
    regions: dict[str, Any]
    errors: ErrorGrid | None


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
        headers = {"Cache-Control": "no-store", "X-Taken-At": at.isoformat()}
        return HttpResponse(data, content_type="image/jpeg", headers=headers)


class CameraCalibrations(Endpoint):
    """``/cameras/{id}/calibration``."""

    may_call = OPERATORS
    parser_classes = [JSONParser]

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
        answer = _answer(tried, saved.pk if saved else None)
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
    }
    geometry = {"type": "Point", "coordinates": [row.lon, row.lat]}
    return {"type": "Feature", "id": row.id, "geometry": geometry, "properties": to_plain(properties)}


def _answer(tried: TriedCalibration, saved_id: int | None) -> CalibrationAnswer:
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
            PairAnswer(n + 1, round(px, 2), round(m, 3) if m != float("inf") else None, used)
            for n, (px, m, used) in enumerate(rows)
        ),
        warnings=fitted.warnings,
        regions={"type": "FeatureCollection", "features": tried.draw_bands()},
        errors=tried.grid,
    )
