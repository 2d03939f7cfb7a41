"""How far the edges of a thing's outline may be off though its foot is well placed. Pure.

A camera sees the near side of a thing; how deep it is, and how it is turned, is known only by its kind. The spreads were measured
on rendered streets (``python -m bench.free_width``), on other scenes than those that test them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from shapely import Polygon

from detection.ground_sighting import guess_depth_m
from geo.ground_path import CUT_SHARE, INSET_SHARE

ALONG_LARGER = 1.05  # times the error of the guessed depth
ACROSS_SHARE = 0.16  # of the breadth seen
LEAST_M = 0.11
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


def _sides(corners: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """The near side and the one along the line of sight, and what share of breadth and depth they are."""
    if len(corners) == _OF_EIGHT:
        return corners[1] - corners[0], corners[3] - corners[2], (1 - 2 * INSET_SHARE) * (1 - 2 * CUT_SHARE)
    return corners[1] - corners[0], corners[2] - corners[1], 1.0
