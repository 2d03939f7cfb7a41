"""Lines of the zoning plan: red lines along the parcels' fronts, building lines behind them, the canal corridor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry
from shapely.ops import linemerge, unary_union

from cities.hcmc.recipe_parts.ground import Ground, lines_of
from cities.hcmc.recipe_parts.streets import Street, canal_bank

CANAL_CORRIDOR_M = 20.0
BUILDING_LINE_M = 3.0  # behind the red line, along streets of the first two ranks


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A line or corridor with the street it belongs to and the width it reserves."""

    key: str
    kind: str
    name: str
    width_m: float
    shape: BaseGeometry


def canal_corridor(ground: Ground) -> BaseGeometry:
    """The strip along the bank that stays free of building."""
    return canal_bank().buffer(CANAL_CORRIDOR_M, cap_style="flat").intersection(ground.ward)


def plan_lines(ground: Ground, streets: tuple[Street, ...], reserve: BaseGeometry) -> Iterator[PlanLine]:
    """All lines of the plan. A red line is the edge of a street's reserve; ``width_m`` is the distance to the other."""
    yield PlanLine("CANAL", "canal_corridor", "Hành lang bảo vệ bờ kênh", CANAL_CORRIDOR_M, canal_corridor(ground))
    inside = ground.ward.buffer(-0.5)
    red = unary_union(reserve.boundary).intersection(inside)
    back = unary_union(reserve.buffer(BUILDING_LINE_M, join_style="mitre").boundary).intersection(inside)
    for street in streets:
        belt = street.line.buffer(street.reserve_m / 2 + 14.0 * (street.key == "A3") + 1.5, join_style="mitre")
        yield from _street_lines(street, "red_line", "Chỉ giới đường đỏ", red.intersection(belt))
        red = red.difference(belt)
        if street.rank <= 2:
            wider = street.line.buffer(street.reserve_m / 2 + BUILDING_LINE_M + 1.5, join_style="mitre")
            yield from _street_lines(street, "building_line", "Chỉ giới xây dựng", back.intersection(wider))
            back = back.difference(wider)


def _street_lines(street: Street, kind: str, title: str, shape: BaseGeometry) -> Iterator[PlanLine]:
    merged = linemerge(lines_of(shape)) if len(lines_of(shape)) > 1 else shape
    for number, line in enumerate(lines_of(merged, 2.0), start=1):
        name = f"{title} đường {street.name}, lộ giới {street.reserve_m:g} m"
        yield PlanLine(f"{kind}-{street.key}-{number:02d}", kind, name, street.reserve_m, line)
