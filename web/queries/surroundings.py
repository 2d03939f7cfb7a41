"""Outlines of the registers around a place, for the small map of a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.db.models.functions import Intersection
from django.contrib.gis.geos import GEOSGeometry, LineString, Polygon
from django.db.models import Model, Q, QuerySet

from geo.box import box_around
from geo.models import BuildingFootprint, Parcel, Permit, PlanLine, RoadSegment, SidewalkSegment, ZoningDistrict
from web.surroundings import Path, Shape, ShapeKind

MOST_SHAPES = 500
BUILDINGS_BELOW_M, PARCELS_BELOW_M = 70.0, 220.0
REACH = 1.5  # drawn wider than the frame, so that lines run out of it


def list_surroundings(
    lon: float, lat: float, half_width_m: float, on: date, *, zone_fills: Mapping[str, str] | None = None
) -> tuple[Shape, ...]:
    """What the registers hold around a place at a date; with ``zone_fills`` the zoning districts too.

    At most 500 records of each register; at most seven reads.
    """
    box = box_around(lon, lat, half_width_m * REACH)
    layers = [_streets(box, on)]
    if half_width_m <= PARCELS_BELOW_M:
        layers.append(_plain(box, on))
    if zone_fills is not None:
        layers.append(_zones(box, on, zone_fills))
    if half_width_m <= BUILDINGS_BELOW_M:
        layers.append(_shape(ShapeKind.BUILDING, row) for row in _within(BuildingFootprint, box, on))
    return tuple(shape for layer in layers for shape in layer if shape.paths)


def _streets(box: Polygon, on: date) -> Iterator[Shape]:
    """What every drawing shows."""
    for road in _within(RoadSegment, box, on):
        yield _shape(ShapeKind.ROAD, road, text=road.name, width_m=road.width_m)  # type: ignore[attr-defined]
    for row in _within(SidewalkSegment, box, on):
        yield _shape(ShapeKind.SIDEWALK, row)


def _plain(box: Polygon, on: date) -> Iterator[Shape]:
    """What can be told apart in a drawing of a block or two."""
    for row in _within(Parcel, box, on):
        yield _shape(ShapeKind.PARCEL, row)
    for row in _within(PlanLine, box, on):
        yield _shape(ShapeKind.RED_LINE, row)


def _zones(box: Polygon, on: date, fills: Mapping[str, str]) -> Iterator[Shape]:
    """What a planner's drawing shows besides: zoning districts by their colours, and permits."""
    for row in _within_cut(ZoningDistrict, box, on, plan_kind="zoning"):
        code = str(row.code)  # type: ignore[attr-defined]
        fill = fills.get(code) or fills.get(code.split("-")[0], "")
        yield _shape(ShapeKind.ZONE, row, text=code, fill=fill)
    for row in _within(Permit, box, on):
        yield _shape(ShapeKind.PERMIT, row)


def _within(model: type[Model], box: Polygon, on: date, **narrow: str) -> Iterable[Model]:
    return _held(model, box, on, narrow)[:MOST_SHAPES]


def _within_cut(model: type[Model], box: Polygon, on: date, **narrow: str) -> Iterable[Model]:
    """Large districts reach far out of the picture: only the piece in it is drawn, so that its code stands in view."""
    piece = Intersection("geom", box, output_field=GeometryField())
    return list(_held(model, box, on, narrow).annotate(piece=piece)[:MOST_SHAPES])


def _held(model: type[Model], box: Polygon, on: date, narrow: Mapping[str, str]) -> QuerySet:  # type: ignore[type-arg]
    held = Q(valid_to=None) | Q(valid_to__gt=on)
    return model._default_manager.filter(held, geom__bboverlaps=box, valid_from__lte=on, **narrow).select_related(
        "source"
    )


def _shape(kind: ShapeKind, row: Model, *, text: str = "", fill: str = "", width_m: float | None = None) -> Shape:
    geometry: GEOSGeometry = getattr(row, "piece", None) or row.geom  # type: ignore[attr-defined]
    return Shape(
        kind=kind, paths=tuple(_paths(geometry)), key=row.key, text=text, fill=fill, width_m=width_m,  # type: ignore[attr-defined]
        is_area=geometry.dims == 2, is_generated=row.source.is_generated,  # type: ignore[attr-defined]
    )  # fmt: skip


def _paths(geometry: GEOSGeometry) -> Iterable[Path]:
    """Rings of areas and points of lines, flattened."""
    if geometry.empty:
        return
    if isinstance(geometry, Polygon):
        yield from (tuple((x, y) for x, y, *_ in ring) for ring in geometry.coords)
    elif isinstance(geometry, LineString):
        yield tuple((x, y) for x, y, *_ in geometry.coords)
    elif hasattr(geometry, "__iter__") and geometry.geom_type.startswith(("Multi", "Geometry")):
        for part in geometry:
            yield from _paths(part)
