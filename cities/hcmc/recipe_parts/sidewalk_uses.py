"""What is allowed on which stretch of sidewalk, with hours and dates: painted slots, old trading licences, building works.

Invented, after the guidance of the end of February 2026: parking where slots are painted, no trading any more.
"""

from __future__ import annotations

import json
from random import Random

import shapely
import shapely.ops
from shapely.geometry import Polygon, mapping

from cities.hcmc.recipe_parts.ground import DEGREE_DIGITS, polygons_of, to_degrees
from cities.hcmc.recipe_parts.reserves import SidewalkPiece
from geo.crs import CitySystem

SLOT_DEPTH_M = 1.9  # a row of motorbikes, leaving at least 1.5 m on a sidewalk of 3.5 m
LEAST_WIDTH_FOR_SLOTS_M = 3.5


def allowed_uses(piece: SidewalkPiece, index: int, system: CitySystem) -> list[dict[str, object]]:
    """The uses of one piece, as the sidewalk register lists them; most pieces allow none."""
    random = Random(f"{piece.street.key}-{index}")
    uses: list[dict[str, object]] = []
    if piece.is_forecourt:
        return uses
    slot = _painted_slot(piece, random)
    if slot is not None:
        uses.append(
            {
                "use": "parking", "from_on": "2026-03-02", "to_on": None, "from_time": "06:00", "to_time": "22:00",
                "slot": _geojson_text(slot, system),
            }
        )  # fmt: skip
    if piece.width_m >= 4.0 and random.random() < 0.12:
        uses.append(
            {
                "use": "trading", "from_on": "2024-01-01", "to_on": random.choice(("2025-11-28", "2026-01-31")),
                "from_time": "06:00", "to_time": "22:00", "slot": "",
            }
        )  # fmt: skip
    if random.random() < 0.03:
        uses.append(
            {
                "use": "material", "from_on": "2026-10-01", "to_on": "2026-12-31", "from_time": "22:00",
                "to_time": "05:00", "slot": "",
            }
        )  # fmt: skip
    return uses


def _painted_slot(piece: SidewalkPiece, random: Random) -> Polygon | None:
    """A painted row beside the curb, in the middle of the piece; None on narrow, short and most other pieces."""
    if piece.width_m < LEAST_WIDTH_FOR_SLOTS_M or random.random() > 0.3:
        return None
    street = piece.street
    row = piece.shape.intersection(street.line.buffer(street.roadway_m / 2 + SLOT_DEPTH_M, cap_style="flat"))
    stations = [street.line.project(shapely.Point(xy)) for xy in piece.shape.exterior.coords]
    first, last = min(stations), max(stations)
    if last - first < 30.0:
        return None
    length = random.uniform(8.0, min(24.0, (last - first) * 0.5))
    middle = (first + last) / 2
    window = shapely.ops.substring(street.line, middle - length / 2, middle + length / 2)
    parts = polygons_of(row.intersection(window.buffer(street.roadway_m, cap_style="flat")), 8.0)
    return max(parts, key=lambda part: part.area) if parts else None


def _geojson_text(shape: Polygon, system: CitySystem) -> str:
    placed = shapely.set_precision(to_degrees(shape, system), 10**-DEGREE_DIGITS)
    return json.dumps(mapping(placed), separators=(",", ":"))
