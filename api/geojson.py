"""GeoJSON answers: features with points in degrees (EPSG:4326, lon before lat), and pages with a ``next`` link."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from rest_framework.request import Request

from api.plain import Json, schema_of, to_plain

_POINT: Json = {
    "type": "object",
    "nullable": True,
    "properties": {
        "type": {"type": "string", "enum": ["Point"]},
        "coordinates": {"type": "array", "items": {"type": "number"}, "description": "lon, lat in degrees, EPSG:4326"},
    },
}


def make_feature(value: Any, *, lon: float | None, lat: float | None, **extra: Any) -> Json:
    """One feature; its geometry is null where the place is not known."""
    properties = {name: inner for name, inner in to_plain(value).items() if name not in ("id", "lon", "lat")}
    geometry = {"type": "Point", "coordinates": [lon, lat]} if lon is not None and lat is not None else None
    return {"type": "Feature", "id": str(value.id), "geometry": geometry, "properties": properties | to_plain(extra)}


def make_collection(request: Request, features: Iterable[Json], next_after: UUID | None) -> Json:
    """A page of features. ``next`` is the address of the following page, null at the end."""
    listed = list(features)
    following = None
    if next_after is not None:
        asked = {name: value for name, value in request.query_params.items() if name != "after"}
        following = request.build_absolute_uri(f"{request.path}?{urlencode({**asked, 'after': str(next_after)})}")
    links = [{"rel": "next", "href": following}] if following else []
    return {
        "type": "FeatureCollection",
        "features": listed,
        "numberReturned": len(listed),
        "next": following,
        "links": links,
    }


def feature_schema(properties: Any, **added: Any) -> Json:
    """The schema of a feature whose properties are a dataclass, and those added to it by name."""
    inner = schema_of(properties)
    inner["properties"] |= {name: schema_of(kind) for name, kind in added.items()}
    inner["required"] = [*inner["required"], *added]
    for name in ("id", "lon", "lat"):
        inner["properties"].pop(name, None)
    inner["required"] = [name for name in inner["required"] if name in inner["properties"]]
    return {
        "type": "object",
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "string", "format": "uuid"},
            "geometry": _POINT,
            "properties": inner,
        },
        "required": ["type", "id", "geometry", "properties"],
    }


def collection_schema(properties: Any) -> Json:
    """The schema of a page of such features."""
    return {
        "type": "object",
        "properties": {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "features": {"type": "array", "items": feature_schema(properties)},
            "numberReturned": {"type": "integer"},
            "next": {"type": "string", "format": "uri", "nullable": True},
            "links": {"type": "array", "items": {"type": "object"}},
        },
        "required": ["type", "features", "next"],
    }
