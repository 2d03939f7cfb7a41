"""The ground plan of the generated city: equal blocks of parcels along a turned grid, in the metres of VN-2000.

Nothing here is a real place. Parcels are as dense as in the inner city (tube houses of 5 by 16 m), so that tiles,
joins and look-ups meet realistic numbers. The same seed and number always give the same city.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, cos, radians, sin, sqrt

import numpy as np
from numpy.typing import NDArray

from geo.crs import CitySystem

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BLOCK_M = (100.0, 32.0)  # along the street, and two rows of houses deep
STREET_M = 14.0  # from parcels to parcels: a sidewalk, a roadway, a sidewalk
SIDEWALK_M = 3.0
PARCELS_A_ROW = 20
PARCELS_A_BLOCK = 2 * PARCELS_A_ROW
PITCH_M = (BLOCK_M[0] + STREET_M, BLOCK_M[1] + STREET_M)
OLD_WARD = (5, 12)  # blocks along, blocks deep: 2,400 parcels
TURN_DEG = 12.0
MIDDLE_M = (603_000.0, 1_192_000.0)

LEGAL_SHIFT = "+towgs84=-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278"
PROJ4 = f"+proj=tmerc +lat_0=0 +lon_0=105.75 +k=0.9999 +x_0=500000 +y_0=0 +ellps=WGS84 {LEGAL_SHIFT} +units=m +no_defs"
SYSTEM = CitySystem(name="vn2000_tm3_10545", srid=990105, proj4=PROJ4, like_epsg=9210)


@dataclass(frozen=True, slots=True)
class CityPlan:
    """How many parcels, and the seed of everything drawn at random."""

    parcels: int
    seed: int = 1

    @property
    def blocks(self) -> int:
        """Blocks needed for all parcels."""
        return ceil(self.parcels / PARCELS_A_BLOCK)

    @property
    def columns(self) -> int:
        """Blocks side by side, so that the city is about square; a whole number of old wards."""
        wanted = sqrt(self.blocks * PITCH_M[1] / PITCH_M[0])
        return max(ceil(wanted / OLD_WARD[0]), 1) * OLD_WARD[0]

    @property
    def rows(self) -> int:
        """Blocks one behind the other."""
        return ceil(self.blocks / self.columns)

    @property
    def size_m(self) -> tuple[float, float]:
        """Extent along and across the grid."""
        return self.columns * PITCH_M[0], self.rows * PITCH_M[1]

    def random(self, part: str) -> np.random.Generator:
        """A stream of its own for each part, so that one part's changes leave the others alone."""
        return np.random.default_rng([self.seed, self.parcels, *part.encode()])

    def block_corners(self) -> tuple[Ints, Ints]:
        """Column and row of every block."""
        numbers = np.arange(self.blocks)
        return numbers % self.columns, numbers // self.columns

    def to_metres(self, grid: Floats) -> Floats:
        """Points along the grid (n, 2) -> east and north."""
        width, depth = self.size_m
        across, up = grid[:, 0] - width / 2, grid[:, 1] - depth / 2
        turn = radians(TURN_DEG)
        east = MIDDLE_M[0] + across * cos(turn) - up * sin(turn)
        north = MIDDLE_M[1] + across * sin(turn) + up * cos(turn)
        return np.column_stack([east, north])

    def to_degrees(self, grid: Floats) -> Floats:
        """Points along the grid (n, 2) -> lon, lat."""
        return SYSTEM.to_lonlat_array(self.to_metres(grid))

    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees, with a rim of a kilometre."""
        width, depth = self.size_m
        rim = 1000.0
        corners = np.array([(x, y) for x in (-rim, width + rim) for y in (-rim, depth + rim)])
        west, south = self.to_degrees(corners).min(axis=0)
        east, north = self.to_degrees(corners).max(axis=0)
        return float(west), float(south), float(east), float(north)
