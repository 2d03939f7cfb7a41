"""Where a raster lies: by its own system, by control points, or not at all, which is said and never guessed.

The legal datum shift of a city's system replaces the one a library would choose for the same official number
(``geo.crs``: for VN-2000 the two are 0.8 m apart).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isfinite

import numpy as np
import shapely
import shapely.affinity
from affine import Affine
from rasterio.control import GroundControlPoint
from rasterio.crs import CRS
from rasterio.errors import CRSError, RasterioError
from rasterio.io import DatasetReader
from rasterio.warp import transform as transform_points
from shapely.geometry import MultiPolygon, Polygon, box

from errors import InputError, PlaceError
from geo.crs import CitySystem
from tiles.control_points import LEAST, ControlPoint, fit

EDGE_POINTS = 21
MOST_MISFIT_PX = 15.0
MOST_BEND_PX = 1.5
CURE_NOWHERE = "Give --crs (for example EPSG:9210 or a system of the city) or --gcps FILE with control points."
Edge = tuple[tuple[float, ...], tuple[float, ...]]  # x of all points, y of all points


@dataclass(frozen=True, slots=True)
class Placement:
    """System and the six numbers from pixels to it. ``footprint`` is the ground it covers, degrees, cut at the dateline."""

    crs: CRS
    transform: Affine
    ring: Edge  # its edge in the system
    footprint: MultiPolygon
    notes: list[str] = field(default_factory=list)

    @property
    def crosses_dateline(self) -> bool:
        """Whether it lies on both sides of 180 degrees."""
        west, _, east, _ = self.footprint.bounds
        return bool(east - west > 180)

    def bounds_in(self, crs: CRS) -> tuple[float, float, float, float]:
        """West, south, east, north in another system."""
        xs, ys = transform_points(self.crs, crs, *self.ring)[:2]
        return min(xs), min(ys), max(xs), max(ys)


def place(
    dataset: DatasetReader, systems: Sequence[CitySystem], *, crs: str = "", points: Sequence[ControlPoint] = ()
) -> Placement:
    """Where the raster lies. InputError or PlaceError says what is missing or wrong."""
    if points:
        return _by_points(dataset, systems, points)
    notes: list[str] = []
    gcps, gcps_crs = dataset.gcps
    system = _read_crs(crs) if crs and not _named(crs, systems) else None
    if crs and _named(crs, systems):
        system = CRS.from_proj4(_named(crs, systems).pinned_proj4)  # type: ignore[union-attr]
    stated = system or dataset.crs or gcps_crs
    if crs:
        notes.append(f"the coordinate system {crs} was given by hand")
    if stated is None or (not gcps and dataset.transform == Affine.identity()):
        raise InputError(
            "The file does not say where it lies.", field="crs", value=_tell_lack(dataset, stated), cure=CURE_NOWHERE
        )
    legal = _legal_twin(stated, systems)
    if legal is not None:
        notes.append(f"{legal.name}: the legal datum shift was used")
        stated = CRS.from_proj4(legal.pinned_proj4)
    if dataset.transform != Affine.identity():
        return _placed(dataset, stated, dataset.transform, [*notes, *_tell_shape(dataset.transform)])
    transform, told = _fit_own_points(gcps)
    return _placed(dataset, stated, transform, [*notes, told])


def _fit_own_points(gcps: Sequence[GroundControlPoint]) -> tuple[Affine, str]:
    """The file's own control points as one flat sheet; InputError when the picture is bent between them."""
    pixels = np.array([[point.col, point.row, 1.0] for point in gcps])
    ground = np.array([[point.x, point.y] for point in gcps])
    if len(gcps) < LEAST or np.linalg.matrix_rank(pixels) < LEAST:
        raise InputError("The file has too few control points.", field="gcps", value=len(gcps), cure=CURE_NOWHERE)
    solved, *_ = np.linalg.lstsq(pixels, ground, rcond=None)
    (a, d), (b, e), (c, f) = solved.tolist()
    transform = Affine(a, b, c, d, e, f)
    off = np.hypot(*(pixels @ solved - ground).T).max() / np.sqrt(abs(transform.determinant))
    if off > MOST_BEND_PX:
        raise InputError(
            "The picture is bent between its control points.", field="gcps", value=f"up to {off:.1f} pixels",
            cure="Straighten it first: gdalwarp -tps IN.tif OUT.tif.",
        )  # fmt: skip
    return transform, f"placed by the {len(gcps)} control points of the file, off by {off:.2f} pixels at most"


def _by_points(dataset: DatasetReader, systems: Sequence[CitySystem], points: Sequence[ControlPoint]) -> Placement:
    """A flat sheet through the control points, in the city's own metres."""
    first = points[0]
    system = next((one for one in systems if one.contains(first.lon, first.lat)), systems[0])
    placed = fit(points, system)
    transform = Affine(*placed.transform)
    pixel_m = float(np.sqrt(abs(transform.determinant)))
    if placed.worst_m > MOST_MISFIT_PX * pixel_m:
        raise PlaceError(
            f"The control points do not fit one flat sheet: number {placed.worst} is {placed.worst_m:.1f} m off.",
            field="gcps", value=f"root mean square {placed.rms_m:.2f} m, a pixel is {pixel_m:.2f} m",
            cure="Check that point (swapped coordinates, wrong pixel), or leave it out.",
        )  # fmt: skip
    crs = CRS.from_proj4(system.pinned_proj4)
    note = (
        f"placed by {len(points)} control points, root mean square {placed.rms_m:.2f} m, worst {placed.worst_m:.2f} m"
    )
    return _placed(dataset, crs, transform, [note])


def _named(crs: str, systems: Sequence[CitySystem]) -> CitySystem | None:
    """A system of the city by its name or its official number."""
    wanted = crs.strip().lower()
    return next((one for one in systems if wanted in (one.name.lower(), f"epsg:{one.like_epsg}")), None)


def _read_crs(text: str) -> CRS:
    try:
        return CRS.from_user_input(text)
    except CRSError as error:
        raise InputError("No such coordinate system.", field="crs", value=text, cure="Write EPSG:n.") from error


def _legal_twin(crs: CRS, systems: Sequence[CitySystem]) -> CitySystem | None:
    number = crs.to_epsg()
    return next((one for one in systems if number and one.like_epsg == number), None)


def _tell_lack(dataset: DatasetReader, crs: CRS | None) -> str:
    if crs is None:
        return (
            "no coordinate system" if dataset.transform != Affine.identity() else "no coordinate system, no placement"
        )
    return "a coordinate system, but no placement in it"


def _tell_shape(transform: Affine) -> list[str]:
    if not transform.is_rectilinear:
        return ["the picture is rotated and was turned"]
    if transform.a < 0:
        return ["the picture is stored from east to west and was turned"]
    return ["the picture is stored from south to north and was turned"] if transform.e > 0 else []


def _placed(dataset: DatasetReader, crs: CRS, transform: Affine, notes: list[str]) -> Placement:
    """With the outline on the ground, its edges in many points since a straight edge may be bent."""
    along = np.linspace(0, 1, EDGE_POINTS)
    ring = [*zip(along, 0 * along, strict=True), *zip(0 * along + 1, along, strict=True)]
    ring += [*zip(along[::-1], 0 * along + 1, strict=True), *zip(0 * along, along[::-1], strict=True)]
    columns, rows = np.array(ring).T * [[dataset.width], [dataset.height]]
    a, b, c, d, e, f = transform[:6]
    edge = tuple((a * columns + b * rows + c).tolist()), tuple((d * columns + e * rows + f).tolist())
    try:
        lons, lats = transform_points(crs, "EPSG:4326", *edge)[:2]
    except (RasterioError, CRSError) as error:
        raise PlaceError(
            "The corners have no place in this system.", field="crs", value=crs.to_string()[:80]
        ) from error
    if not all(map(isfinite, [*lons, *lats])) or max(map(abs, lats)) > 90 or max(map(abs, lons)) > 540:
        raise PlaceError(
            "The raster's corners lie nowhere on earth.", field="crs", value=crs.to_string()[:80],
            cure="The coordinate system of the file is wrong: give the right one with --crs.",
        )  # fmt: skip
    footprint = _cut_at_dateline(lons, lats)
    if crs.is_geographic:
        crs, transform, edge = _turn_to_middle(crs, transform, edge)
    return Placement(crs, transform, edge, footprint, notes)


def _turn_to_middle(crs: CRS, transform: Affine, edge: Edge) -> tuple[CRS, Affine, Edge]:
    """Longitudes of 0 to 360, or run past 180, as longitudes around a meridian that is not far: nothing wraps then."""
    west, east = min(edge[0]), max(edge[0])
    turn = -360.0 * round((west + east) / 720)
    if west + turn < -180 or east + turn > 180:
        turn = -180.0 if west > 0 else 180.0
        crs = CRS.from_dict(crs.to_dict() | {"pm": 180})
    a, b, c, d, e, f = transform[:6]
    return crs, Affine(a, b, c + turn, d, e, f), (tuple(x + turn for x in edge[0]), edge[1])


def _cut_at_dateline(lons: Sequence[float], lats: Sequence[float]) -> MultiPolygon:
    """The ring as polygons between -180 and 180: longitudes are made to run on, then cut."""
    running = np.unwrap(np.asarray(lons), period=360)
    shape = shapely.make_valid(Polygon(zip(running, lats, strict=True)))
    parts = []
    for turn in (-360, 0, 360):
        inside = shapely.intersection(shapely.affinity.translate(shape, turn), box(-180, -90, 180, 90))
        parts += [part for part in getattr(inside, "geoms", [inside]) if isinstance(part, Polygon) and part.area > 0]
    return MultiPolygon(parts)
