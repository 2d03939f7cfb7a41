"""Areas that people bring: a file becomes the outline that a question takes, the text of a map's link an outline with its size.

What was assumed or mended on the way is said in words.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from drf_spectacular.utils import OpenApiParameter
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint, describe
from api.parsing import read_text
from api.plain import Json, to_plain
from cases.roles import Role
from errors import InputError, NotFound, PlaceError
from geo.area_files import ENDINGS, MOST_FILE_BYTES, AreaNote, AreaWish, NoteKind, UploadedArea, read_area_file
from geo.crs import choose_system, parse_system
from geo.link_area import MOST_CORNERS, MOST_KM2, parse_link_area
from geo.models import City

_BODY = {
    "multipart/form-data": {
        "type": "object",
        "properties": {
            "file": {"type": "string", "format": "binary"},
            "city": {"type": "string"},
            "crs": {"type": "string", "description": "wgs84 or one of the city's systems; empty: as the file says"},
            "layer": {"type": "string", "description": "where the file has several"},
        },
        "required": ["file"],
    }
}
_ANSWER: Json = {
    "type": "object",
    "properties": {
        "area": {"type": "object", "description": "GeoJSON in degrees, to be sent as `area` of a query"},
        "bounds": {"type": "array", "items": {"type": "number"}},
        "area_m2": {"type": "number"},
        "parts": {"type": "integer"},
        "vertices": {"type": "integer"},
        "crs": {"type": "string", "description": "the system in which the file was read"},
        "notes": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["area", "bounds", "area_m2", "parts", "vertices", "crs", "notes"],
}


@dataclass(frozen=True, slots=True)
class LinkArea:
    """An area of a link. ``bounds`` are west, south, east, north in degrees; ``area_m2`` is of the city's own system."""

    area: dict[str, Any]
    bounds: tuple[float, ...]
    area_m2: float
    corners: int


class Areas(Endpoint):
    """``/areas``."""

    may_call = frozenset(Role)
    parser_classes = [MultiPartParser]

    @describe(
        "Read an area of a link", "The map keeps the area to which it is narrowed in its link, and asks live tiles for it by "
        f"`?area=`: a flexible polyline (latitude first, as that format has it) of 3 to {MOST_CORNERS} corners, at most "
        f"{MOST_KM2} km², measured here in the city's metres. 422 where it does not touch the city.",
        who=frozenset(Role), answer=LinkArea, faults=(400, 404, 422), tag="places",
        parameters=[OpenApiParameter("area", str, required=True, description="the text of the link"),
                    OpenApiParameter("city", str, description="the city's short name; the default city where absent")],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Its outline and size."""
        asked = request.query_params
        found = _measure(asked.get("area", ""), _find_city(asked.get("city", "")))
        return Response(to_plain(found), headers={"Cache-Control": "private, max-age=3600"})

    @describe(
        "Read an area from a file", "GeoJSON, GPKG, KML, DXF, CSV with WKT, or a zip of a shapefile becomes the `area` of a "
        "`POST /api/v1/query`. Tables and drawings name no coordinate system: state `crs`, it is never guessed. Nothing is kept.",
        who=frozenset(Role), answer_schema=_ANSWER, faults=(400, 404), tag="places", body=_BODY,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """The outline."""
        found = _read(request, _find_city(_text(request, "city")))
        return Response(
            {
                "area": _to_geojson(found), "bounds": list(found.area.outline.bounds), "area_m2": found.area_m2,
                "parts": found.parts, "vertices": found.area.vertices, "crs": found.system,
                "notes": [say_note(note) for note in found.notes],
            }
        )  # fmt: skip


def _measure(text: str, city: City) -> LinkArea:
    area = parse_link_area(text)
    if not area.outline.intersects(shapely.box(*map(float, city.bounds))):
        cure = "Choose the city of the link, or draw the area again."
        raise PlaceError("This area lies outside the city.", field="area", value=text[:60], cure=cure)
    point = shapely.box(*map(float, city.bounds)).intersection(area.outline).representative_point()
    system = choose_system([parse_system(raw) for raw in city.crs], point.x, point.y)
    metric = shapely.transform(area.outline, system.to_metric_array)
    return LinkArea(shapely.geometry.mapping(area.outline), area.outline.bounds, float(metric.area), area.vertices - 1)


def _text(request: Request, name: str) -> str:
    return read_text(dict(request.data.items()), name, longest=200)  # type: ignore[union-attr]  # a form, by its parser


def _find_city(slug: str) -> City:
    cities = City.objects.only("slug", "bounds", "crs").order_by("-is_default", "id")
    city = (cities.filter(slug=slug) if slug else cities).first()
    if city is None:
        raise NotFound("No such city is loaded.", field="city", value=slug, cure="Load its pack: manage.py load_city.")
    return city


def _read(request: Request, city: City) -> UploadedArea:
    """The file goes into a folder of its own for GDAL and is gone afterwards."""
    sent = request.FILES.get("file")
    if not isinstance(sent, UploadedFile):
        raise InputError("A file is needed.", field="file", value="", cure=f"Send one of {', '.join(ENDINGS)}.")
    if (sent.size or 0) > MOST_FILE_BYTES:
        cure = f"Send at most {MOST_FILE_BYTES // 1_000_000} MB: simplify the area or leave other layers out."
        raise InputError("This file is too large for an area.", field="file", value=f"{sent.size} bytes", cure=cure)
    west, south, east, north = map(float, city.bounds)
    wish = AreaWish(
        tuple(parse_system(raw) for raw in city.crs), (west, south, east, north),
        _text(request, "crs"), _text(request, "layer"),
    )  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="viahe-area-") as folder:
        path = Path(folder) / f"area{Path(sent.name or '').suffix.lower()[:10]}"
        with path.open("wb") as stream:
            for chunk in sent.chunks():
                stream.write(chunk)
        return read_area_file(path, wish)


def _to_geojson(found: UploadedArea) -> Any:
    """Seven decimals are a centimetre: half the bytes, and the same answer."""
    return shapely.geometry.mapping(shapely.set_precision(found.area.outline, 1e-8))


def say_note(note: AreaNote) -> str:
    """One thing that was assumed or mended, in the reader's language."""
    said = {
        NoteKind.OVERRULED: gettext("The file names %s; it was read in %s, as you stated."),
        NoteKind.NORTH_FIRST: gettext("The file writes north before east; it was read so."),
        NoteKind.MENDED: gettext("%s outlines that cross themselves were mended; look at the map."),
        NoteKind.LEFT_OUT: gettext("%s lines or points hold no area and were left out."),
        NoteKind.SIMPLIFIED: gettext(
            "%s points are more than a question takes: simplified to %s, nowhere more than %s m off."
        ),
    }
    return said[note.kind] % note.values
