"""Finds two calibration points whose ground places were interchanged: the commonest slip when points are typed. Pure numpy."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from geo.plane_camera import fit_homography

FloatArray = NDArray[np.float64]
_MOST_POINTS = 40
_FITS_TO = 0.02  # of the spread of the points in the picture
_BETTER_BY = 8.0


def find_swapped(pixels: FloatArray, ground_m: FloatArray) -> tuple[int, int] | None:
    """Indexes of the two points that fit a plane view once their places are interchanged; None when no such two exist."""
    count = len(pixels)
    if not 5 <= count <= _MOST_POINTS:
        return None
    spread_px = float(np.ptp(pixels, axis=0).max())
    before = _worst_miss(pixels, ground_m)
    found: tuple[float, tuple[int, int]] | None = None
    for first, second in combinations(range(count), 2):
        swapped = ground_m.copy()
        swapped[[first, second]] = swapped[[second, first]]
        miss = _worst_miss(pixels, swapped)
        if found is None or miss < found[0]:
            found = miss, (first, second)
    if found is None or found[0] > _FITS_TO * spread_px or found[0] * _BETTER_BY > before:
        return None
    return found[1]


def _worst_miss(pixels: FloatArray, ground_m: FloatArray) -> float:
    homography = fit_homography(pixels, ground_m)
    seen = np.column_stack([ground_m, np.ones(len(ground_m))]) @ homography.T
    with np.errstate(all="ignore"):
        misses = np.linalg.norm(seen[:, :2] / seen[:, 2:] - pixels, axis=1)
    return float(np.nan_to_num(misses, nan=1e9, posinf=1e9).max())
