"""Outlines of a register file (WKB in the file's system) -> valid outlines in EPSG:4326 with their area, and faults. Pure.

Areas are measured in the city's own system. An outline that lies outside the city but inside it with its axes
swapped is swapped back, and that is recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from shapely import Geometry

from errors import InputError
from geo.crs import Bounds, CitySystem
from geo.importers.faults import Fault, Remedy, RowFault
from geo.importers.forms import Shape

Outlines = NDArray[np.object_]
ToLonLat = Callable[[NDArray[np.float64]], NDArray[np.float64]]
_DEGREES = ("EPSG:4326", "OGC:CRS84", "WGS 84")
_LINES_AND_POINTS = (0, 1, 4, 5)
_SLIVER_M2 = 0.01  # smaller than a sheet of paper: nothing that a register means


@dataclass(frozen=True, slots=True)
class Ground:
    """Where outlines must lie and how they are measured. ``area`` is the city's own outline where it is known."""

    systems: tuple[CitySystem, ...]
    bounds: Bounds
    area: Geometry | None = None


@dataclass(slots=True)
class OutlineSet:
    """Outlines of one piece, aligned with its rows; ``lost`` are indexes of rows to leave out."""

    outlines: Outlines
    area_m2: NDArray[np.float64]
    faults: list[RowFault] = field(default_factory=list)
    lost: set[int] = field(default_factory=set)


def keep_degrees(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Coordinates that are degrees already."""
    return lonlat


def choose_reprojection(named: str, said_by_file: str, systems: Sequence[CitySystem]) -> ToLonLat:
    """How a source's coordinates become degrees. The description's word counts before the file's.

    An official number of one of the city's grids means that grid with the legal shift. InputError when no system is
    known: coordinates are never guessed.
    """
    word = named or said_by_file
    for system in systems:
        if word in (system.name, f"EPSG:{system.srid}", f"EPSG:{system.like_epsg}"):
            return system.to_lonlat_array
    if word in _DEGREES:
        return keep_degrees
    cure = f"Write crs = one of {', '.join(system.name for system in systems)} or EPSG:4326 in registers.toml."
    if not word:
        raise InputError("Nobody says in which system the coordinates are.", field="crs", value="", cure=cure)
    try:
        transformer = Transformer.from_crs(CRS.from_user_input(word), "EPSG:4326", always_xy=True)
    except CRSError as error:
        raise InputError("Unknown coordinate system.", field="crs", value=word, cure=cure) from error

    def to_lonlat(metres: NDArray[np.float64]) -> NDArray[np.float64]:
        lon, lat = transformer.transform(metres[:, 0], metres[:, 1])
        return np.column_stack([lon, lat])

    return to_lonlat


def prepare_outlines(
    wkb: NDArray[Any], rows: Sequence[int], to_lonlat: ToLonLat, ground: Ground, shape: Shape
) -> OutlineSet:
    """Valid outlines in degrees with their areas. An absent outline stays None without a fault; the caller judges that."""
    raw = shapely.force_2d(shapely.from_wkb(wkb, on_invalid="ignore"))
    raw[shapely.is_empty(raw)] = None
    found = OutlineSet(raw, np.zeros(len(raw)))
    for index in np.flatnonzero([value is not None and raw[i] is None for i, value in enumerate(wkb)]):
        _lose(found, rows, int(index), Fault.NO_GEOMETRY, "empty outline")
    degrees = _place(found, raw, rows, to_lonlat, ground)
    _repair(found, degrees, rows)
    if shape is Shape.POLYGON:
        _keep_polygons(found, rows)
        _measure(found, rows, ground)
    return found


def _place(found: OutlineSet, raw: Outlines, rows: Sequence[int], to_lonlat: ToLonLat, ground: Ground) -> Outlines:
    """Degrees for every outline; those outside the city are tried with swapped axes, then left out."""
    degrees = shapely.transform(raw, to_lonlat)
    outside = np.flatnonzero(~_inside(degrees, ground) & (raw != None))  # noqa: E711 - element by element
    if len(outside):
        swapped = shapely.transform(raw[outside], lambda xy: to_lonlat(np.ascontiguousarray(xy[:, ::-1])))
        fits = _inside(swapped, ground)
        for index, outline, fit in zip(outside, swapped, fits, strict=True):
            if fit:
                degrees[index] = outline
                _note(found, rows, int(index), Fault.SWAPPED_AXES, "north was written before east", outline)
            else:
                _lose(found, rows, int(index), Fault.OUTSIDE_CITY, _say_bounds(degrees[index]))
                degrees[index] = None
    return np.asarray(degrees)


def _inside(degrees: Outlines, ground: Ground) -> NDArray[np.bool_]:
    west, south, east, north = ground.bounds
    limits = shapely.bounds(degrees)
    with np.errstate(invalid="ignore"):
        inside = (limits[:, 0] <= east) & (limits[:, 2] >= west) & (limits[:, 1] <= north) & (limits[:, 3] >= south)
    inside &= np.isfinite(limits).all(axis=1)
    if ground.area is not None and inside.any():
        shapely.prepare(ground.area)
        inside[inside] = shapely.intersects(ground.area, shapely.envelope(degrees[inside]))
    return np.asarray(inside, dtype=np.bool_)


def _repair(found: OutlineSet, degrees: Outlines, rows: Sequence[int]) -> None:
    broken = np.flatnonzero(~shapely.is_valid(degrees) & (degrees != None))  # noqa: E711
    for index in broken:
        reason = shapely.is_valid_reason(degrees[index])
        whole = _keep_dimension(shapely.make_valid(degrees[index]), shapely.get_dimensions(degrees[index]))
        _note(found, rows, int(index), Fault.SELF_CROSSING, reason.split("[")[0].strip(), whole)
        degrees[index] = whole
    found.outlines = degrees


def _keep_dimension(whole: Geometry, dimensions: int) -> Geometry:
    """What ``make_valid`` left of a shape's own kind: it turns spikes of an area into lines, which mean nothing."""
    if whole.geom_type != "GeometryCollection":
        return whole
    return shapely.union_all([part for part in _flatten(whole) if shapely.get_dimensions(part) == dimensions])


def _keep_polygons(found: OutlineSet, rows: Sequence[int]) -> None:
    """Only the areas of each outline, as MultiPolygon; a point or line has none."""
    kinds = shapely.get_type_id(found.outlines)
    single = kinds == 3
    found.outlines[single] = shapely.multipolygons(found.outlines[single], indices=np.arange(int(single.sum())))
    for index in np.flatnonzero((kinds >= 0) & (kinds != 3) & (kinds != 6)):
        parts = [part for part in _flatten(found.outlines[index]) if part.geom_type == "Polygon"]
        if parts and kinds[index] not in _LINES_AND_POINTS:
            found.outlines[index] = shapely.MultiPolygon(parts)
        else:
            _lose(found, rows, int(index), Fault.WRONG_SHAPE, found.outlines[index].geom_type)
            found.outlines[index] = None


def _flatten(outline: Geometry) -> list[Geometry]:
    parts = list(shapely.get_parts(outline))
    if len(parts) == 1 and parts[0].geom_type == outline.geom_type:
        return parts
    return [leaf for part in parts for leaf in _flatten(part)]


def _measure(found: OutlineSet, rows: Sequence[int], ground: Ground) -> None:
    """Areas in m2, each in the legal system of its place; the first system where none is (the city's rim)."""
    present = np.flatnonzero(found.outlines != None)  # noqa: E711
    middles = shapely.get_coordinates(shapely.point_on_surface(found.outlines[present]))
    chosen = np.zeros(len(present), dtype=int)
    for number, system in reversed(list(enumerate(ground.systems))):
        west, south, east, north = system.bounds
        holds = (middles[:, 0] >= west) & (middles[:, 0] <= east) & (middles[:, 1] >= south) & (middles[:, 1] <= north)
        chosen[holds] = number
    for number, system in enumerate(ground.systems):
        of_system = present[chosen == number]
        found.area_m2[of_system] = shapely.area(shapely.transform(found.outlines[of_system], system.to_metric_array))
    for index in present[found.area_m2[present] < _SLIVER_M2]:
        _lose(found, rows, int(index), Fault.NO_GEOMETRY, "the outline has no area")
        found.outlines[index] = None


def _note(found: OutlineSet, rows: Sequence[int], index: int, fault: Fault, detail: str, outline: Geometry) -> None:
    point = shapely.point_on_surface(outline)
    place = None if point.is_empty else (float(point.x), float(point.y))
    found.faults.append(RowFault(rows[index], fault, Remedy.REPAIRED, detail, place=place))


def _lose(found: OutlineSet, rows: Sequence[int], index: int, fault: Fault, detail: str) -> None:
    found.faults.append(RowFault(rows[index], fault, Remedy.LEFT_OUT, detail))
    found.lost.add(index)


def _say_bounds(outline: Geometry | None) -> str:
    if outline is None or outline.is_empty:
        return ""
    west, south, east, north = outline.bounds
    return f"{west:.5f}, {south:.5f} - {east:.5f}, {north:.5f}"
