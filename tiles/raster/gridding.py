"""Which grid a raster is kept on: the web map's own, so that a tile is read without being bent again; at the dateline its own."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, cos, floor, log2, pi, radians, sqrt

from affine import Affine
from rasterio.crs import CRS
from rasterio.warp import transform as transform_points

from errors import MediaTooLarge
from tiles.raster.opening import MOST_PIXELS
from tiles.raster.placing import Placement

WORLD_M = 2 * pi * 6378137.0
TILE_PX = 256
ALIGN = 8  # tiles: coarser pictures of the file still begin at a tile's edge, three zooms down
HIGHEST_ZOOM = 23
COARSER = 0.35  # a zoom may be that much (of a doubling) coarser than the file before the next one is taken
MERCATOR_LAT = 85.05


@dataclass(frozen=True, slots=True)
class Grid:
    """System, six numbers, size in pixels; ``max_zoom`` is the zoom whose pixels are about as large as the source's."""

    crs: CRS
    transform: Affine
    width: int
    height: int
    max_zoom: int
    resolution_m: float


def choose_grid(placement: Placement, width: int, height: int, resolution_m: float = 0.0) -> Grid:
    """The grid for a raster of this size; MediaTooLarge when it would hold too many pixels."""
    stretch = 1 / cos(radians(min(abs(placement.footprint.centroid.y), MERCATOR_LAT)))  # web metres in a metre
    local = _local_crs(placement)
    ground_m = resolution_m or _pixel_m(placement, local, width, height)
    zoom = min(max(ceil(log2(WORLD_M / TILE_PX / (ground_m * stretch)) - COARSER), 0), HIGHEST_ZOOM)
    if placement.crosses_dateline or stretch > 10:
        return _own_grid(placement.bounds_in(local), local, zoom, ground_m)
    return _web_grid(placement.bounds_in(CRS.from_epsg(3857)), zoom, ground_m)


def _pixel_m(placement: Placement, local: CRS, width: int, height: int) -> float:
    """Size of the pixel in the middle, in metres on the ground."""
    a, b, c, d, e, f = placement.transform[:6]
    corners = [(width / 2 + right, height / 2 + down) for right, down in ((0, 0), (1, 0), (0, 1))]
    xs = [a * column + b * row + c for column, row in corners]
    ys = [d * column + e * row + f for column, row in corners]
    (x0, x1, x2), (y0, y1, y2) = transform_points(placement.crs, local, xs, ys)[:2]
    return sqrt(abs((x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)))


def _web_grid(bounds: tuple[float, float, float, float], zoom: int, ground_m: float) -> Grid:
    tile_m = WORLD_M / 2**zoom
    align = min(ALIGN, 2**zoom)
    first = [
        floor((bounds[0] + WORLD_M / 2) / tile_m / align) * align,
        floor((WORLD_M / 2 - bounds[3]) / tile_m / align) * align,
    ]
    last = [ceil((bounds[2] + WORLD_M / 2) / tile_m - 1e-6), ceil((WORLD_M / 2 - bounds[1]) / tile_m - 1e-6)]
    columns, rows = ((max(end - begin, 1)) * TILE_PX for begin, end in zip(first, last, strict=True))
    _refuse_large(columns, rows)
    pixel_m = tile_m / TILE_PX
    transform = Affine(pixel_m, 0, first[0] * tile_m - WORLD_M / 2, 0, -pixel_m, WORLD_M / 2 - first[1] * tile_m)
    return Grid(CRS.from_epsg(3857), transform, columns, rows, zoom, ground_m)


def _own_grid(bounds: tuple[float, float, float, float], local: CRS, zoom: int, ground_m: float) -> Grid:
    """A local system around the middle: longitudes run on over the dateline in it."""
    west, south, east, north = bounds
    columns, rows = ceil((east - west) / ground_m), ceil((north - south) / ground_m)
    _refuse_large(columns, rows)
    return Grid(local, Affine(ground_m, 0, west, 0, -ground_m, north), columns, rows, zoom, ground_m)


def _local_crs(placement: Placement) -> CRS:
    parts = placement.footprint.geoms
    turn = 360 if placement.crosses_dateline else 0
    lons = [part.centroid.x + (turn if part.centroid.x < 0 else 0) for part in parts]
    lat, lon = placement.footprint.centroid.y, sum(lons) / len(lons)
    return CRS.from_proj4(f"+proj=tmerc +lat_0={lat:.6f} +lon_0={lon:.6f} +k=1 +x_0=0 +y_0=0 +datum=WGS84 +units=m")


def _refuse_large(columns: int, rows: int) -> None:
    if columns * rows > MOST_PIXELS:
        raise MediaTooLarge(
            "The raster would have too many pixels on the map's grid.", field="resolution", value=f"{columns} x {rows}",
            cure="Give a coarser --resolution in metres.",
        )  # fmt: skip
