"""A GeoTIFF or a scanned plan -> a cloud-optimised GeoTIFF on the map's grid. The file as given is not changed.

Steps: open, say where it lies, flatten its bands, warp onto the grid, write. What cannot be placed or read is refused in words
and leaves nothing behind.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import rasterio
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.shutil import copy as copy_raster
from rasterio.vrt import WarpedVRT
from shapely.geometry import MultiPolygon

from errors import PlaceError, UnreadableMedia
from geo.crs import Bounds, CitySystem
from tiles.control_points import ControlPoint
from tiles.raster.flattening import Plan, choose_plan, flatten
from tiles.raster.gridding import Grid, choose_grid
from tiles.raster.opening import open_given
from tiles.raster.placing import Placement, place

LOSSLESS = frozenset({"plan", "elevation"})
JPEG_QUALITY = 88


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person who gives the file says of it. ``bounds`` and ``systems`` are the city's."""

    kind: str
    systems: tuple[CitySystem, ...]
    bounds: Bounds
    crs: str = ""
    points: tuple[ControlPoint, ...] = ()
    bands: tuple[int, ...] = ()
    nodata: float | None = None
    resolution_m: float = 0.0


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What was written: the ground it covers (degrees), the zooms it is good for, how to draw it, what was assumed."""

    footprint: MultiPolygon
    resolution_m: float
    min_zoom: int
    max_zoom: int
    rescale: list[list[float]]
    is_nearest: bool
    notes: list[str] = field(default_factory=list)


def take_in(source: Path, target: Path, asked: Asked) -> TakenIn:
    """Write ``target`` whole or not at all. Raises InputError, UnreadableMedia, MediaTooLarge or PlaceError."""
    fresh = target.with_name(f".{target.stem}.{os.getpid()}.tif")
    plain = target.with_name(f".{target.stem}.{os.getpid()}.plain.tif")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with open_given(source) as given:
            placement = place(given, asked.systems, crs=asked.crs, points=asked.points)
            _refuse_elsewhere(placement, asked.bounds)
            plan = choose_plan(given, asked.bands, asked.nodata)
            grid = choose_grid(placement, given.width, given.height, asked.resolution_m)
            flatten(given, plan, placement, plain)
        _warp(plain, fresh, grid, plan, asked.kind)
        rescale = _find_rescale(fresh) if plan.way == "numbers" else []
        fresh.replace(target)
    finally:
        for left in (fresh, plain, *target.parent.glob(f".{target.stem}.{os.getpid()}.*")):
            left.unlink(missing_ok=True)
    steps = int(np.ceil(np.log2(max(grid.width, grid.height) / 256))) if max(grid.width, grid.height) > 256 else 0
    return TakenIn(
        placement.footprint, grid.resolution_m, max(grid.max_zoom - steps, 0), grid.max_zoom, rescale, plan.is_nearest,
        [*placement.notes, *plan.notes],
    )  # fmt: skip


def _refuse_elsewhere(placement: Placement, bounds: Bounds) -> None:
    """A raster that touches nothing of the city is a raster in the wrong place."""
    parts = [part.bounds for part in placement.footprint.geoms]
    west, south, east, north = bounds
    if not any(w <= east and e >= west and s <= north and n >= south for w, s, e, n in parts):
        told = "; ".join(", ".join(f"{corner:.4f}" for corner in part) for part in parts)
        raise PlaceError(
            "The raster does not lie in the city.", field="place", value=f"west, south, east, north: {told}",
            cure="Check its coordinate system (--crs), the control points and the city.",
        )  # fmt: skip


def _warp(plain: Path, target: Path, grid: Grid, plan: Plan, kind: str) -> None:
    resampling = Resampling.nearest if plan.is_nearest else Resampling.bilinear
    options = {"crs": grid.crs, "transform": grid.transform, "width": grid.width, "height": grid.height}
    try:
        with (
            rasterio.Env(GDAL_NUM_THREADS="ALL_CPUS"),
            rasterio.open(plain) as flat,
            WarpedVRT(flat, resampling=resampling, **options) as warped,
        ):
            copy_raster(warped, target, driver="COG", **_compression(plan, kind))
    except RasterioError as error:
        raise UnreadableMedia(
            f"The raster could not be written: {error}", field="file", value=target.name, cure="Free disk space."
        ) from error


def _compression(plan: Plan, kind: str) -> dict[str, str]:
    """Drawings and numbers keep every value; photographs are kept as JPEG with a mask, a tenth of the size."""
    average = "NEAREST" if plan.is_nearest else "AVERAGE"
    always = {"BLOCKSIZE": "256", "OVERVIEW_RESAMPLING": average, "BIGTIFF": "IF_SAFER", "SPARSE_OK": "TRUE"}
    if plan.way == "colours" and kind not in LOSSLESS:
        return always | {"COMPRESS": "JPEG", "QUALITY": str(JPEG_QUALITY), "OVERVIEW_QUALITY": str(JPEG_QUALITY)}
    return always | {"COMPRESS": "DEFLATE", "PREDICTOR": "YES"}


def _find_rescale(path: Path) -> list[list[float]]:
    """The 2nd and 98th of a hundred of each band, from a coarse picture: what becomes black and white."""
    with rasterio.open(path) as written:
        shape = (written.count, min(written.height, 1024), min(written.width, 1024))
        values = written.read(out_shape=shape)
    ranges = []
    for band in values:
        seen = band[np.isfinite(band)]
        low, high = np.percentile(seen, (2, 98)).tolist() if seen.size else (0.0, 1.0)
        ranges.append([low, high if high > low else low + 1.0])
    return ranges


def read_pixel(path: Path, lon: float, lat: float) -> Sequence[float]:
    """The values at a place (degrees), all bands: for tests and for a look by hand."""
    from rasterio.warp import transform

    with rasterio.open(path) as dataset:
        xs, ys = transform("EPSG:4326", dataset.crs, [lon], [lat])[:2]
        return [float(value) for value in next(dataset.sample([(xs[0], ys[0])]))]
