"""Parcels held in memory for batch cross-checks: which of a million outlines hold each of many points. Pure.

A tree over all outlines (shapely's STRtree) answers 200,000 points in about a second, where a join in the database reads
every outline from its pages again. Coordinates are degrees; nothing is measured in them, only "lies in" is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree

Floats = NDArray[np.float64]
Indexes = NDArray[np.intp]
_CELLS = 1023


@dataclass(frozen=True, slots=True)
class PointMatches:
    """Pairs of a point and a parcel that holds it, in the order of the points; a point on a shared edge has several.

    ``points`` and ``parcels`` are indexes of what was given; a point in no parcel is in no pair.
    """

    points: Indexes
    parcels: Indexes

    def count_per_point(self, points: int) -> NDArray[np.intp]:
        """How many parcels hold each of ``points`` points: 0 where none does."""
        return np.bincount(self.points, minlength=points)


class ParcelIndex:
    """Keys and outlines of parcels on one day, ready to be asked. Made once, asked often; safe to ask from many threads."""

    def __init__(self, keys: Sequence[str], outlines: NDArray[np.object_]) -> None:
        if len(keys) != len(outlines):
            raise ValueError(f"{len(keys)} keys for {len(outlines)} outlines")
        self._keys = np.asarray(keys, dtype=object)
        self._tree = STRtree(outlines)

    def __len__(self) -> int:
        return len(self._keys)

    def match(self, lonlat: Floats) -> PointMatches:
        """The parcels that hold each point of an (n, 2) array of lon, lat; points on an edge count as inside."""
        order = _along_a_curve(lonlat)
        asked, parcels = self._tree.query(shapely.points(lonlat[order]), predicate="intersects")
        points = order[asked]
        back = np.argsort(points, kind="stable")
        return PointMatches(points[back], parcels[back])

    def keys_of(self, matches: PointMatches) -> NDArray[np.object_]:
        """The parcel's key of every pair."""
        return np.asarray(self._keys[matches.parcels])


def _along_a_curve(lonlat: Floats) -> Indexes:
    """Neighbours after each other (Morton's order): they meet the same branches of the tree while these are still at hand,
    which halves the time of points that come in no order."""
    placed = lonlat[np.isfinite(lonlat).all(axis=1)]
    if not len(placed):
        return np.arange(len(lonlat))
    low, high = placed.min(axis=0), placed.max(axis=0)
    cells = np.nan_to_num((lonlat - low) / np.where(high > low, high - low, 1.0) * _CELLS, posinf=0, neginf=0)
    column, row = cells.astype(np.int64).clip(0, _CELLS).T
    return np.argsort(_spread(column) | (_spread(row) << 1), kind="stable")


def _spread(number: Indexes) -> Indexes:
    """The ten bits of a number, each with a gap after it."""
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        number = (number | (number << shift)) & mask
    return number
