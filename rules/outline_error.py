"""How far the edges of a thing's outline may be off though its foot is well placed. Pure.

A camera sees the near side of a thing; how deep it is, and how it is turned, is known only by its kind. The spreads were measured
on rendered streets (``python -m bench.free_width``), on other scenes than those that test them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from shapely import Polygon, affinity

from detection.ground_sighting import guess_depth_m
from geo.ground_path import CUT_SHARE, INSET_SHARE
from rules.finding import CLAIMED_SIGMAS

ALONG_LARGER = 1.05  # times the error of the guessed depth
ACROSS_SHARE = 0.16  # of the breadth seen
LEAST_M = 0.11
_LEAST_SHARE = 0.1  # of its length along an axis: an outline never shrinks to nothing
_OF_EIGHT = 9  # points of a closed ring with eight sides


def shape_error_m2(outline: Polygon, label: str) -> tuple[float, float, float]:
    """Covariance (ee, en, nn) of the edges of an outline whose ring begins with its near edge, left to right."""
    corners = np.array(outline.exterior.coords)
    near, depth, whole = _sides(corners)
    breadth_m, length = float(np.hypot(*near)) / whole, float(np.hypot(*depth))
    along = depth / length if length > 0 else np.array([0.0, 1.0])
    across = np.array([-along[1], along[0]])
    _, sigma_m = guess_depth_m(label, breadth_m)
    spread = (ALONG_LARGER * sigma_m) ** 2 * np.outer(along, along)
    spread += (ACROSS_SHARE * breadth_m) ** 2 * np.outer(across, across)
    spread += LEAST_M**2 * np.eye(2)
    return float(spread[0, 0]), float(spread[0, 1]), float(spread[1, 1])


def resize_outline(
    outline: Polygon, foot: tuple[float, float], shape_m2: tuple[float, float, float]
) -> tuple[tuple[Polygon, Polygon], ...]:
    """The outline 2 sigma shorter and longer, about its foot, along each axis of the error of its shape; empty without error."""
    ee, en, nn = shape_m2
    variances, axes = np.linalg.eigh(np.array([[ee, en], [en, nn]]))
    found = []
    for variance, (x, y) in zip(variances, axes.T, strict=True):
        if variance <= 0:
            continue
        length = float(np.ptp(np.array(outline.exterior.coords) @ (x, y)))
        off = CLAIMED_SIGMAS * float(np.sqrt(variance)) / length
        shorter, longer = (_stretch(outline, foot, (x, y), share) for share in (max(1 - off, _LEAST_SHARE), 1 + off))
        found.append((shorter, longer))
    return tuple(found)


def _stretch(outline: Polygon, foot: tuple[float, float], axis: tuple[float, float], share: float) -> Polygon:
    """Along one axis (a unit vector) by a share of 1, the foot where it is."""
    (x, y), more = axis, share - 1
    a, b, d = 1 + more * x * x, more * x * y, 1 + more * y * y
    east, north = foot
    return affinity.affine_transform(outline, [a, b, b, d, east - a * east - b * north, north - b * east - d * north])


def _sides(corners: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """The near side and the one along the line of sight, and what share of breadth and depth they are."""
    if len(corners) == _OF_EIGHT:
        return corners[1] - corners[0], corners[3] - corners[2], (1 - 2 * INSET_SHARE) * (1 - 2 * CUT_SHARE)
    return corners[1] - corners[0], corners[2] - corners[1], 1.0
