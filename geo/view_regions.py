"""What a calibrated camera sees of the ground: regions by the error of a place in them, a grid of errors, areas drawn into its
frame. Pure (numpy, shapely); rings in pixels and in the calibration's local metres. Used by the camera pages and interfaces.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from shapely import Polygon, make_valid, segmentize
from shapely.geometry.base import BaseGeometry

from errors import PlaceError
from geo.homography import Calibration

BANDS_M = (0.5, 1.0, 2.0)
DRAWN_TO_M = 5.0  # sidewalks are drawn into the frame as far as a place is known to this
_STEP_M = 0.5
_GRID = (32, 18)
Point = tuple[float, float]
Ring = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class ErrorBand:
    """Where in the view a place is known to ``error_m`` (larger half axis, one sigma); empty rings: nowhere."""

    error_m: float
    ring_px: Ring
    ring_m: Ring
    area_m2: float


@dataclass(frozen=True, slots=True)
class ErrorGrid:
    """Metres of error at evenly spaced pixels, row by row from the top; None at and above the horizon."""

    columns_px: tuple[float, ...]
    rows_px: tuple[float, ...]
    errors_m: tuple[tuple[float | None, ...], ...]


def list_bands(
    calibration: Calibration, size_px: tuple[int, int], errors_m: Sequence[float] = BANDS_M
) -> tuple[ErrorBand, ...]:
    """The region of each error, the most exact first."""
    return tuple(_band(calibration, size_px, error_m) for error_m in errors_m)


def measure_grid(calibration: Calibration, size_px: tuple[int, int]) -> ErrorGrid:
    """The error at every part of the frame."""
    columns = tuple(float(u) for u in np.linspace(0, size_px[0] - 1, _GRID[0]))
    rows = tuple(float(v) for v in np.linspace(0, size_px[1] - 1, _GRID[1]))
    table = tuple(
        tuple(round(error, 3) if np.isfinite(error := calibration.error_m(u, v)) else None for u in columns)
        for v in rows
    )
    return ErrorGrid(columns, rows, table)


def project_area(calibration: Calibration, area_m: BaseGeometry, size_px: tuple[int, int]) -> tuple[Ring, ...]:
    """The parts of a ground area that are in view, as closed rings of pixels; holes are left out."""
    seen_m = calibration.view_footprint(size_px, error_m=DRAWN_TO_M)
    if len(seen_m) < 4:
        return ()
    seen = make_valid(area_m).intersection(make_valid(Polygon(seen_m)))
    rings = (_to_pixels(calibration, segmentize(part, _STEP_M)) for part in _polygons(seen))
    return tuple(ring for ring in rings if len(ring) > 3)


def _band(calibration: Calibration, size_px: tuple[int, int], error_m: float) -> ErrorBand:
    ring_px = calibration.region_within(error_m, size_px)
    ring_m = calibration.view_footprint(size_px, error_m=error_m) if ring_px else ()
    area = make_valid(Polygon(ring_m)).area if len(ring_m) > 3 else 0.0
    return ErrorBand(error_m, ring_px, ring_m, float(area))


def _polygons(shape: BaseGeometry) -> Iterator[Polygon]:
    for part in getattr(shape, "geoms", [shape]):
        if isinstance(part, Polygon) and part.area > 0:
            yield part


def _to_pixels(calibration: Calibration, polygon: Polygon) -> Ring:
    pixels = []
    for east, north in polygon.exterior.coords:
        try:
            pixels.append(calibration.to_image(east, north))
        except PlaceError:
            continue
    return tuple((round(u, 1), round(v, 1)) for u, v in pixels)
