"""How many square metres of sidewalk a thing takes, with their error. Pure geometry in metres (shapely)."""

from __future__ import annotations

from itertools import pairwise
from math import hypot, sqrt

from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from rules.site_facts import Occupied, Share

_EDGES = 1.0
_TWO_SIGMA_BOTH_WAYS = 4.0


def measure_occupied(
    outline: Polygon, sidewalk: BaseGeometry, share: Share, shape_m2: tuple[float, float, float]
) -> Occupied:
    """The outline's part on the sidewalk. ``share`` tells how much that changes within the error of the place (2 sigma),
    ``shape_m2`` (ee, en, nn) how far the outline's own edges may be off.
    """
    area_m2 = outline.intersection(sidewalk).area
    moved_m2 = (share.most - share.least) / _TWO_SIGMA_BOTH_WAYS * outline.area
    return Occupied(area_m2, hypot(moved_m2, share.share * _shape_sigma_m2(outline, shape_m2)))


def _shape_sigma_m2(outline: Polygon, shape_m2: tuple[float, float, float]) -> float:
    """One-sigma error of an area whose edges err by this covariance: each side's length times its neighbours' error."""
    ring = list(outline.minimum_rotated_rectangle.exterior.coords)
    sides = [(x1 - x0, y1 - y0) for (x0, y0), (x1, y1) in pairwise(ring[:3])]
    whole = hypot(*sides[0]) * hypot(*sides[1])
    filled = outline.area / whole if whole > 0 else 0.0
    variance = sum(
        _EDGES * (filled * hypot(*side)) ** 2 * _across(side, shape_m2) for side in sides if hypot(*side) > 0
    )
    return sqrt(variance)


def _across(side: tuple[float, float], shape_m2: tuple[float, float, float]) -> float:
    """Variance of a side's place across itself, in m2."""
    ee, en, nn = shape_m2
    length = hypot(*side)
    x, y = -side[1] / length, side[0] / length
    return max(0.0, ee * x * x + 2 * en * x * y + nn * y * y)
