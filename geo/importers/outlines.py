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
from geo.importers.faults import Fault, RefusedFile, Remedy, RowFault
from geo.importers.forms import Shape

Outlines = NDArray[np.object_]
ToLonLat = Callable[[NDArray[np.float64]], NDArray[np.float64]]
_DEGREES = ("EPSG:4326", "OGC:CRS84", "WGS 84")
_LINES_AND_POINTS = (0, 1, 4, 5)
_SAMPLE, _HALF, _NEARLY_ALL = 500, 0.5, 0.9
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


@dataclass(frozen=True, slots=True)
class Reprojection:
    """How a file's coordinates become degrees; ``system`` where they are metres of one of the city's own systems."""

    to_lonlat: ToLonLat
    name: str
    system: CitySystem | None = None

    def __call__(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n, 2) as in the file to (n, 2) lon, lat."""
        return self.to_lonlat(xy)


keep_degrees = Reprojection(lambda lonlat: lonlat, _DEGREES[0])


def choose_reprojection(named: str, said_by_file: str, systems: Sequence[CitySystem]) -> Reprojection:
    """How a source's coordinates become degrees. The description's word counts before the file's.

    An official number of one of the city's grids means that grid with the legal shift. InputError when no system is
    known: coordinates are never guessed.
    """
    word = named or said_by_file
    for system in systems:
        if word in (system.name, f"EPSG:{system.srid}", f"EPSG:{system.like_epsg}"):
            return Reprojection(system.to_lonlat_array, system.name, system)
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

    return Reprojection(to_lonlat, word)


def refuse_wrong_system(wkb: NDArray[Any], said: Reprojection, ground: Ground, shape: Shape) -> None:
    """RefusedFile when most of a sample lies outside the city as said, and nearly all of it inside in another system.

    Which system is right is for the operator to write: a place is not guessed.
    """
    present = np.flatnonzero([value is not None for value in wkb])
    if shape is Shape.NONE or not len(present):
        return
    sample = present[np.linspace(0, len(present) - 1, min(len(present), _SAMPLE)).astype(int)]
    raw = shapely.force_2d(shapely.from_wkb(wkb[sample], on_invalid="ignore"))
    if _share_inside(raw, said, ground) >= _HALF:
        return
    others = [Reprojection(s.to_lonlat_array, s.name, s) for s in ground.systems] + [keep_degrees]
    others.append(choose_reprojection("EPSG:3857", "", ()))
    fits = [other for other in others if other.name != said.name and _share_inside(raw, other, ground) >= _NEARLY_ALL]
    if not fits:
        return
    place = shapely.point_on_surface(shapely.transform(raw[0], fits[0]))
    row = int(sample[0]) + 1
    detail = "{said} puts it outside the city, {fits} inside"
    names = {"said": said.name, "fits": fits[0].name}
    raise RefusedFile(
        "The coordinates are not in {said}: they would lie in the city as {fits}.",
        [RowFault(row, Fault.WRONG_CRS, Remedy.LEFT_OUT, detail, place=(float(place.x), float(place.y)), names=names)],
        field="crs",
        value=said.name,
        cure='Ask the publisher; if it is so, write crs = "{fits}" in registers.toml.',
        names=names,
    )


def _share_inside(raw: Outlines, system: Reprojection, ground: Ground) -> float:
    """Which part lies in the city, as written or with swapped axes."""
    swapped = shapely.transform(raw, lambda xy: system(np.ascontiguousarray(xy[:, ::-1])))
    return float((_inside(shapely.transform(raw, system), ground) | _inside(swapped, ground)).mean())


def prepare_outlines(
    wkb: NDArray[Any], rows: Sequence[int], to_lonlat: Reprojection, ground: Ground, shape: Shape
) -> OutlineSet:
    """Valid outlines in degrees with their areas. An absent outline stays None without a fault; the caller judges that."""
    raw = shapely.force_2d(shapely.from_wkb(wkb, on_invalid="ignore"))
    raw[shapely.is_empty(raw)] = None
    found = OutlineSet(raw, np.zeros(len(raw)))
    for index in np.flatnonzero([value is not None and raw[i] is None for i, value in enumerate(wkb)]):
        _lose(found, rows, int(index), Fault.NO_GEOMETRY, "empty outline")
    if shape is Shape.POLYGON:
        raw = _close_rings(raw)
    degrees = _place(found, raw, rows, to_lonlat, ground)
    _repair(found, degrees, rows)
    if shape is Shape.POLYGON:
        _keep_polygons(found, rows)
        mended = {fault.row for fault in found.faults}
        as_read = np.array([row not in mended for row in rows], dtype=bool)
        _measure(found, rows, ground, _Drawn(raw, as_read, to_lonlat.system))
    return found


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Outlines as they stood in the file, which of them were taken as they are, and the city system they are drawn in."""

    raw: Outlines
    as_read: NDArray[np.bool_]
    system: CitySystem | None


def _close_rings(raw: Outlines) -> Outlines:
    """A closed line is how drawings (DXF) keep an area."""
    lines = np.flatnonzero(shapely.get_type_id(raw) == 1)
    closed = lines[shapely.is_closed(raw[lines]) & (shapely.get_num_coordinates(raw[lines]) >= 4)]
    if len(closed):
        coordinates, line_of = shapely.get_coordinates(raw[closed], return_index=True)
        raw[closed] = shapely.polygons(shapely.linearrings(coordinates, indices=line_of))
    return raw


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
                _lose(found, rows, int(index), Fault.OUTSIDE_CITY, _say_bounds(degrees[index]), _middle(degrees[index]))
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


def _measure(found: OutlineSet, rows: Sequence[int], ground: Ground, drawn: _Drawn) -> None:
    """Areas in m2, each in the legal system of its place; the first system where none is (the city's rim).

    What is drawn in that system already is measured as it is drawn.
    """
    present = np.flatnonzero(found.outlines != None)  # noqa: E711
    chosen = _choose_systems(found.outlines[present], ground.systems)
    for number, system in enumerate(ground.systems):
        of_system = present[chosen == number]
        if drawn.system == system:
            as_drawn = of_system[drawn.as_read[of_system]]
            found.area_m2[as_drawn] = shapely.area(drawn.raw[as_drawn])
            of_system = of_system[~drawn.as_read[of_system]]
        found.area_m2[of_system] = shapely.area(shapely.transform(found.outlines[of_system], system.to_metric_array))
    for index in present[found.area_m2[present] < _SLIVER_M2]:
        _lose(found, rows, int(index), Fault.NO_GEOMETRY, "the outline has no area")
        found.outlines[index] = None


def _choose_systems(outlines: Outlines, systems: Sequence[CitySystem]) -> NDArray[np.intp]:
    """Number of the system in which each outline is measured, by a point inside it."""
    chosen = np.zeros(len(outlines), dtype=np.intp)
    if len(systems) < 2:
        return chosen
    middles = shapely.get_coordinates(shapely.point_on_surface(outlines))
    for number, system in reversed(list(enumerate(systems))):
        west, south, east, north = system.bounds
        holds = (middles[:, 0] >= west) & (middles[:, 0] <= east) & (middles[:, 1] >= south) & (middles[:, 1] <= north)
        chosen[holds] = number
    return chosen


def _note(found: OutlineSet, rows: Sequence[int], index: int, fault: Fault, detail: str, outline: Geometry) -> None:
    point = shapely.point_on_surface(outline)
    place = None if point.is_empty else (float(point.x), float(point.y))
    found.faults.append(RowFault(rows[index], fault, Remedy.REPAIRED, detail, place=place, names={}))


def _lose(
    found: OutlineSet,
    rows: Sequence[int],
    index: int,
    fault: Fault,
    detail: str,
    place: tuple[float, float] | None = None,
) -> None:
    names: dict[str, str] | None = None if fault is Fault.OUTSIDE_CITY else {}
    found.faults.append(RowFault(rows[index], fault, Remedy.LEFT_OUT, detail, place=place, names=names))
    found.lost.add(index)


def _middle(outline: Geometry | None) -> tuple[float, float] | None:
    """Where an outline lies that is not in the city, if that is a place on Earth at all."""
    if outline is None or outline.is_empty:
        return None
    west, south, east, north = outline.bounds
    lon, lat = (west + east) / 2, (south + north) / 2
    return (lon, lat) if abs(lon) <= 180 and abs(lat) <= 90 else None


def _say_bounds(outline: Geometry | None) -> str:
    if outline is None or outline.is_empty:
        return ""
    west, south, east, north = outline.bounds
    return f"{west:.5f}, {south:.5f} - {east:.5f}, {north:.5f}"
