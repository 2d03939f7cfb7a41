"""Which parcel a position may mean: the share of its error that falls on each nearby parcel. Pure.

The error is a two-dimensional normal distribution around the position. Its mass on a parcel is estimated with a fixed
set of 512 evenly spread points (Halton, so the same place always gives the same answer; error below 0.01); a parcel
that the points miss counts with the density at its nearest point, so that a near miss is told from a far one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from math import exp, hypot, pi, sqrt

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.special import ndtri
from shapely import Geometry

from geo.position import Position

FloatArray = NDArray[np.float64]
SAMPLES = 512
LEAST_LIKELIHOOD = 0.005
RADIUS_OF_68_PCT = 1.5096  # of a circular normal distribution, in sigmas: sqrt(-2 ln(1 - 0.68))
RADIUS_OF_95_PCT = 2.4477


def error_covariance_m2(position: Position) -> FloatArray:
    """The position's error as a 2x2 matrix (east, north), in m2."""
    if position.covariance_m2 is not None:
        east, both, north = position.covariance_m2
        return np.array([[east, both], [both, north]])
    return np.eye(2) * (position.accuracy_m / RADIUS_OF_68_PCT) ** 2


def search_radius_m(position: Position) -> float:
    """Radius around the position that holds the truth in 95 % of cases at least."""
    if position.covariance_m2 is None:
        return RADIUS_OF_95_PCT * position.accuracy_m / RADIUS_OF_68_PCT
    largest = float(np.linalg.eigvalsh(error_covariance_m2(position))[-1])
    return RADIUS_OF_95_PCT * sqrt(max(largest, 0.0))


def match_parcels(outlines: Sequence[Geometry], covariance_m2: FloatArray) -> list[float]:
    """Likelihood of each outline (metres, the position at 0, 0); they sum to 1, or are all 0 when none is near enough.

    Outlines below 0.5 % get 0: the caller leaves them out.
    """
    if not outlines:
        return []
    sigma = _lower_root(covariance_m2)
    points = _standard_points() @ sigma.T
    weights = np.array([_mass(outline, points, sigma) for outline in outlines])
    total = weights.sum()
    if total <= 0:
        return [0.0] * len(outlines)
    weights = np.where(weights / total < LEAST_LIKELIHOOD, 0.0, weights)
    return [float(weight) for weight in weights / weights.sum()]


def _mass(outline: Geometry, points: FloatArray, sigma: FloatArray) -> float:
    shapely.prepare(outline)
    inside = int(np.count_nonzero(shapely.contains_xy(outline, points[:, 0], points[:, 1])))
    if inside:
        return inside / len(points)
    return _density_mass(outline, sigma)


def _density_mass(outline: Geometry, sigma: FloatArray) -> float:
    """Density at the outline's nearest point times its area, at most the weight of half a sample point."""
    nearest = shapely.get_coordinates(shapely.shortest_line(shapely.Point(0, 0), outline))[1]
    distance = hypot(*np.linalg.solve(sigma, nearest))
    if distance > RADIUS_OF_95_PCT:
        return 0.0
    density = exp(-(distance**2) / 2) / (2 * pi * float(np.linalg.det(sigma)))
    return min(density * float(outline.area), 0.5 / SAMPLES)


def _lower_root(covariance_m2: FloatArray) -> FloatArray:
    """Cholesky factor; a hair is added so that an error of one direction only has one as well."""
    floor = max(float(np.trace(covariance_m2)), 1e-6) * 1e-9
    return np.asarray(np.linalg.cholesky(covariance_m2 + floor * np.eye(2)))


@cache
def _standard_points() -> FloatArray:
    """512 points spread as a standard normal distribution in two dimensions."""
    uniform = np.column_stack([_halton(2), _halton(3)])
    return np.asarray(ndtri(uniform))


def _halton(base: int) -> FloatArray:
    """The Halton sequence: radical inverses of 1, 2, 3, ..."""
    numbers = np.zeros(SAMPLES)
    rest, scale = np.arange(1, SAMPLES + 1), 1.0
    while rest.any():
        scale /= base
        numbers += scale * (rest % base)
        rest = rest // base
    return numbers
