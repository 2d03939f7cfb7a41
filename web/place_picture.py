"""The map of an answer as SVG: what lies around, the parcel or area drawn heavy. For page and print alike."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from math import cos, radians

from django.utils.translation import gettext as _

from geo.box import METRES_PER_DEG
from web.place_page import PlacePage
from web.place_sketch import Frame, draw_place
from web.queries.surroundings import list_surroundings
from web.surroundings import Mark, MarkKind, Path, Shape, ShapeKind

LEAST_HALF_M, MOST_HALF_M = 45.0, 900.0
WIDTH_PX, HEIGHT_PX = 640, 420


def draw_answer(
    page: PlacePage, fills: Mapping[str, str], *, width_px: int = WIDTH_PX, height_px: int = HEIGHT_PX
) -> str:
    """The SVG text; the frame holds the parcel or area with what is around it."""
    answer = page.answer
    paths = tuple(_paths(page))
    frame = _frame(page, paths, width_px, height_px)
    shapes = [*list_surroundings(frame.lon, frame.lat, frame.half_width_m, answer.on, zone_fills=fills)]
    key = answer.chosen
    if page.is_area and paths:
        key = "#asked"
        shapes.append(Shape(ShapeKind.PARCEL, paths, key=key))
    mark = (
        []
        if page.is_area or answer.chosen
        else [Mark(MarkKind.CHOSEN, answer.asked.lon, answer.asked.lat, answer.asked.accuracy_m or 0)]
    )
    return draw_place(shapes, mark, frame, title=_("Map of the place"), chosen_key=key)


def _paths(page: PlacePage) -> Iterator[Path]:
    """Rings of what was asked about, in degrees."""
    texts = [page.answer.asked.geometry] if page.is_area else [page.parcel.geometry] if page.parcel else []
    for text in texts:
        geometry = json.loads(text) if text else {}
        polygons = geometry.get("coordinates", [])
        for polygon in [polygons] if geometry.get("type") == "Polygon" else polygons:
            for ring in polygon:
                yield tuple((float(point[0]), float(point[1])) for point in ring)


def _frame(page: PlacePage, paths: tuple[Path, ...], width_px: int, height_px: int) -> Frame:
    points = [point for path in paths for point in path]
    if not points:
        return Frame(page.answer.asked.lon, page.answer.asked.lat, LEAST_HALF_M, width_px, height_px)
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    lon, lat = (west + east) / 2, (south + north) / 2
    half_x_m = (east - lon) * METRES_PER_DEG * cos(radians(lat))
    half_y_m = (north - lat) * METRES_PER_DEG * width_px / height_px
    half_m = min(max(1.25 * max(half_x_m, half_y_m) + 15.0, LEAST_HALF_M), MOST_HALF_M)
    return Frame(lon, lat, half_m, width_px, height_px)
