"""Places that the demonstration needs at known spots: the forecourt a camera looks at, lots of a wanted size.

A camera's own ground metres (those of its published calibration, or of its made-up one) are turned and moved onto a
street here; ``demo`` and the calibration files use the same placement.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, cos, sin

from shapely.geometry import Polygon

from cities.hcmc.recipe_parts.streets import EAST_0, NORTH_0


@dataclass(frozen=True, slots=True)
class Placement:
    """Turns local metres into the ward's: the local origin's place, and the direction of the local x axis in radians."""

    east_m: float
    north_m: float
    turn_rad: float
    local_east_m: float = 0.0
    local_north_m: float = 0.0

    def place(self, x_m: float, y_m: float) -> tuple[float, float]:
        """A local point in the ward's metres."""
        x, y = x_m - self.local_east_m, y_m - self.local_north_m
        return (
            self.east_m + x * cos(self.turn_rad) - y * sin(self.turn_rad),
            self.north_m + x * sin(self.turn_rad) + y * cos(self.turn_rad),
        )

    def box(self, west: float, south: float, east: float, north: float) -> Polygon:
        """A rectangle of local metres, placed."""
        return Polygon([self.place(x, y) for x, y in ((west, south), (east, south), (east, north), (west, north))])


def along(a: tuple[float, float], b: tuple[float, float], share: float, **local: float) -> Placement:
    """A placement on the way from waypoint a to b; the local x axis runs from a to b."""
    east, north = EAST_0 + a[0] + share * (b[0] - a[0]), NORTH_0 + a[1] + share * (b[1] - a[1])
    return Placement(east, north, atan2(b[1] - a[1], b[0] - a[0]), **local)


# MEVA camera G424: in its published metres three cars stand in a row at east 72-80, north 114; the lane before them is
# at north 96.5-108.5. The row is put on a forecourt left of street A3, the lane on its roadway of 12 m.
PARKING_CAMERA = along((2287, 2284), (2430, 2417), 0.47, local_east_m=76.0, local_north_m=102.5)
FORECOURT = PARKING_CAMERA.box(63.0, 107.5, 90.0, 120.5)  # reaches 1 m into the roadway, which is cut off
MARKET_LOT = PARKING_CAMERA.box(56.0, 120.5, 97.0, 160.0)

# The clip of moving cars: its ground covers 11 m across, on the roadway of B2 (12 m).
ROADWAY_CAMERA = along((2347, 2500), (2440, 2414), 0.5)
# The clip of a turning car and a bicycle: the crossing of A3 and B1.
CROSSING_CAMERA = along((2570, 2543), (2690, 2675), 1.0)


@dataclass(frozen=True, slots=True)
class WantedLot:
    """A lot of a known outline and standing that sample evidence is placed on."""

    key: str
    outline: Polygon
    land_use: str
    has_permit: bool


WANTED_LOTS = (
    WantedLot("market", MARKET_LOT, "DCH", has_permit=True),
    WantedLot("no-permit", along((2549, 2311), (2684, 2436), 0.5).box(-27.0, 8.5, 27.0, 56.0), "ODT", has_permit=False),
    WantedLot(
        "with-permit", along((2395, 1962), (2527, 2097), 0.55).box(-28.0, 9.0, 28.0, 58.0), "TMD", has_permit=True
    ),
)
