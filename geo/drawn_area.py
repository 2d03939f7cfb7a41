"""An area that somebody drew or uploaded, as GeoJSON -> one valid outline in degrees, or a refusal that says the cure. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from shapely import Geometry
from shapely.errors import GEOSException, ShapelyError

from errors import InputError

MOST_VERTICES = 20_000
MOST_BYTES = 4_000_000
_CURE_FORM = "Send a GeoJSON Polygon or MultiPolygon in degrees, longitude first (EPSG:4326)."


@dataclass(frozen=True, slots=True)
class DrawnArea:
    """A valid polygon or multipolygon in degrees; ``lon`` and ``lat`` are a point in it."""

    outline: Geometry
    lon: float
    lat: float
    vertices: int

    @property
    def wkb(self) -> bytes:
        """For PostGIS."""
        return bytes(shapely.to_wkb(self.outline))


def parse_area(raw: Any, *, field: str = "area") -> DrawnArea:
    """A geometry, feature or collection of GeoJSON (object or text). InputError: none, too many points, crossing itself."""
    body = _parse_text(raw, field) if isinstance(raw, str | bytes) else raw
    polygons = list(_list_polygons(body, field))
    vertices = sum(_count(rings) for rings in polygons)
    if vertices > MOST_VERTICES:
        cure = f"Simplify it to at most {MOST_VERTICES} points, or ask for its parts one after the other."
        raise InputError("This area has too many points.", field=field, value=f"{vertices} points", cure=cure)
    outline = _make(polygons, field)
    if not outline.is_valid:
        reason = str(shapely.is_valid_reason(outline))
        raise InputError(
            "This area crosses itself.", field=field, value=reason, cure="Draw it again without a crossing."
        )
    if outline.is_empty or outline.area == 0:
        raise InputError("This area is empty.", field=field, value=outline.geom_type, cure=_CURE_FORM)
    _refuse_metres(outline, field)
    point = outline.representative_point()
    return DrawnArea(outline, float(point.x), float(point.y), vertices)


def _parse_text(raw: str | bytes, field: str) -> Any:
    if len(raw) > MOST_BYTES:
        cure = f"Send at most {MOST_BYTES // 1_000_000} MB: simplify the area or leave its properties out."
        raise InputError("This area is too large a text.", field=field, value=f"{len(raw)} bytes", cure=cure)
    try:
        return json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise InputError("This is not GeoJSON.", field=field, value=repr(raw[:60]), cure=_CURE_FORM) from error


def _list_polygons(body: Any, field: str) -> Iterator[Any]:
    """The coordinate arrays of every polygon in it."""
    if not isinstance(body, Mapping):
        raise InputError("This is not GeoJSON.", field=field, value=str(body)[:60], cure=_CURE_FORM)
    kind = body.get("type")
    if kind == "Feature":
        yield from _list_polygons(body.get("geometry"), field)
    elif kind == "FeatureCollection" and isinstance(body.get("features"), list):
        for feature in body["features"]:
            yield from _list_polygons(feature, field)
    elif kind == "Polygon":
        yield body.get("coordinates")
    elif kind == "MultiPolygon" and isinstance(body.get("coordinates"), list):
        yield from body["coordinates"]
    else:
        raise InputError("An area is needed here.", field=field, value=str(kind), cure=_CURE_FORM)


def _count(rings: Any) -> int:
    return sum(len(ring) for ring in rings if isinstance(ring, list)) if isinstance(rings, list) else 0


def _make(polygons: list[Any], field: str) -> Geometry:
    try:
        made = [shapely.polygons(_ring(rings[0]), [_ring(ring) for ring in rings[1:]] or None) for rings in polygons]
    except (TypeError, ValueError, IndexError, KeyError, ShapelyError, GEOSException) as error:
        raise InputError(
            "These coordinates are no area.", field=field, value=str(error)[:80], cure=_CURE_FORM
        ) from error
    if not made:
        raise InputError("There is no area in it.", field=field, value="0 polygons", cure=_CURE_FORM)
    return made[0] if len(made) == 1 else shapely.multipolygons(made)


def _ring(points: list[list[float]]) -> list[tuple[float, float]]:
    ring = [(float(point[0]), float(point[1])) for point in points]
    if any(x != x or y != y or abs(x) == float("inf") or abs(y) == float("inf") for x, y in ring):
        raise ValueError("a coordinate is not a number")
    return ring


def _refuse_metres(outline: Geometry, field: str) -> None:
    west, south, east, north = outline.bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        value = f"{west:.1f}, {south:.1f}, {east:.1f}, {north:.1f}"
        cure = "Write degrees, longitude first: transform the file to EPSG:4326 before sending it."
        raise InputError("These coordinates are not degrees.", field=field, value=value, cure=cure)
