"""Ground control points of a scanned plan: where some of its pixels lie on the ground. Text -> checked values. Pure.

Two forms are read: a table with a header that names ``column``/``row`` (pixels from the upper left corner) and ``x``/``y``
(or lon/lat, east/north), and QGIS's ``.points`` file (mapX, mapY, sourceX, sourceY; its rows are counted downwards as
negative numbers). Coordinates are degrees or metres of a city's system, in either order (``geo.typed_coordinates``).
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

import numpy as np

from errors import InputError
from geo.crs import Bounds, CitySystem
from geo.typed_coordinates import TypedPlace, WrittenOrder, parse_coordinates

LEAST = 3
CURE = "Give at least three points, not on one line: column,row,x,y in pixels and in degrees or metres."
_NAMES = {
    "column": ("column", "col", "px", "pixel_x", "pixelx", "sourcex"),
    "row": ("row", "py", "pixel_y", "pixely", "sourcey"),
    "x": ("x", "lon", "longitude", "east", "easting", "e", "mapx"),
    "y": ("y", "lat", "latitude", "north", "northing", "n", "mapy"),
}


@dataclass(frozen=True, slots=True)
class ControlPoint:
    """A pixel (from the upper left corner, 0.5 is the middle of the first) and its place in degrees, EPSG:4326."""

    column: float
    row: float
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Placed:
    """A plan's six numbers in metres of ``system`` (x = a column + b row + c, y = d column + e row + f) and how well they fit.

    ``worst`` is the number of the worst point, counted from 1.
    """

    system: CitySystem
    transform: tuple[float, float, float, float, float, float]
    rms_m: float
    worst_m: float
    worst: int


def parse_points(text: str, systems: Sequence[CitySystem], bounds: Bounds) -> tuple[list[ControlPoint], str]:
    """The points of a file and in which words their coordinates were read. InputError names the line."""
    lines = [line for line in text.lstrip("\ufeff").splitlines() if line.strip() and not line.startswith("#")]
    if not lines:
        raise InputError("The file of control points is empty.", field="gcps", cure=CURE)
    mark = max(",;\t", key=lines[0].count)
    header, *rows = csv.reader(lines, delimiter=mark)
    columns = _find_columns(header)
    is_qgis = "sourcey" in [name.strip().lower() for name in header]
    found = [
        _parse_row(row, columns, number, systems, bounds, turned=is_qgis)
        for number, row in enumerate(rows, start=2)
        if not _is_switched_off(header, row)
    ]
    if len(found) < LEAST:
        raise InputError("Too few control points.", field="gcps", value=len(found), cure=CURE)
    readings = {(place.system or "degrees", place.order.value) for _, place in found}
    if len(readings) > 1:
        raise InputError(
            "The control points are written in several ways.", field="gcps", value=sorted(readings),
            cure="Write all of them in one system and one order.",
        )  # fmt: skip
    system, order = readings.pop()
    return [point for point, _ in found], f"control points read as {system}, {order.replace('_', ' before ')}"


def fit(points: Sequence[ControlPoint], system: CitySystem) -> Placed:
    """The flat sheet through the points by least squares, with the distance of each from its place in metres."""
    metres = np.array([system.to_metric(point.lon, point.lat) for point in points])
    pixels = np.array([[point.column, point.row, 1.0] for point in points])
    if np.linalg.matrix_rank(pixels - pixels.mean(axis=0) * [1, 1, 0], tol=1e-6) < LEAST:
        raise InputError("The control points lie on one line.", field="gcps", value=len(points), cure=CURE)
    solved, *_ = np.linalg.lstsq(pixels, metres, rcond=None)
    left = [hypot(*difference) for difference in pixels @ solved - metres]
    worst = int(np.argmax(left))
    (a, d), (b, e), (c, f) = solved.tolist()
    return Placed(system, (a, b, c, d, e, f), float(np.sqrt(np.mean(np.square(left)))), float(left[worst]), worst + 1)


def _find_columns(header: Sequence[str]) -> dict[str, int]:
    names = [name.strip().lower() for name in header]
    columns = {
        wanted: next((at for at, name in enumerate(names) if name in known), -1) for wanted, known in _NAMES.items()
    }
    missing = [wanted for wanted, at in columns.items() if at < 0]
    if missing:
        raise InputError(
            "The header does not name all columns.", field="gcps", value=", ".join(header),
            cure=f"Missing: {', '.join(missing)}. Write column,row,x,y.",
        )  # fmt: skip
    return columns


def _is_switched_off(header: Sequence[str], row: Sequence[str]) -> bool:
    names = [name.strip().lower() for name in header]
    return "enable" in names and len(row) > names.index("enable") and row[names.index("enable")].strip() == "0"


def _parse_row(
    row: Sequence[str],
    columns: dict[str, int],
    line: int,
    systems: Sequence[CitySystem],
    bounds: Bounds,
    *,
    turned: bool,
) -> tuple[ControlPoint, TypedPlace]:
    try:
        column, down, x, y = (float(row[columns[name]]) for name in ("column", "row", "x", "y"))
    except (ValueError, IndexError) as error:
        raise InputError(
            "A control point is not four numbers.", field=f"gcps line {line}", value=row, cure=CURE
        ) from error
    place = _read_place(x, y, line, systems, bounds)
    return ControlPoint(column, -down if turned else down, place.lon, place.lat), place


def _read_place(x: float, y: float, line: int, systems: Sequence[CitySystem], bounds: Bounds) -> TypedPlace:
    """The file says which is x and which is y, so east before north is tried first; a surveyor's y, x is found all the same."""
    try:
        place = parse_coordinates(f"{x!r}, {y!r}", systems, bounds)
    except InputError as error:
        raise InputError(error.message, field=f"gcps line {line}", value=f"{x}, {y}", cure=error.cure) from error
    if place.is_assumed and place.order is WrittenOrder.NORTH_EAST:
        system = next(one for one in systems if one.name == place.system)
        lon, lat = system.to_lonlat(x, y)
        west, south, east, north = bounds
        if west <= lon <= east and south <= lat <= north and system.contains(lon, lat):
            return TypedPlace(lon, lat, WrittenOrder.EAST_NORTH, system.name, is_assumed=True)
    return place
