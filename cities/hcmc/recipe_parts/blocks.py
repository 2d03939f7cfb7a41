"""What kind of place each block of the ward is, by hand, and the alleys cut into the dense ones.

Blocks are numbered from north to south by ``reserves``; the kinds make the mix of the real district: dense tube houses
with nested alleys, old villas, schools, hospitals and parks.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import hypot

import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from cities.hcmc.recipe_parts.ground import polygons_of


class BlockKind(StrEnum):
    """How a block is cut into lots."""

    HOUSES = "houses"  # tube houses on the streets and on alleys inside
    SHOPS = "shops"  # tube houses on the streets, large lots inside
    VILLAS = "villas"
    CAMPUS = "campus"  # a few large lots
    PARK = "park"  # one lot


_HOUSES = (40, 41, 45)
_SHOPS = (24, 28, 32, 36, 37, 43, 46, 48, 50, 54)
_CAMPUS = (9, 17, 44, 49, 5, 53, 57)
_PARK = (8, 11, 16, 55)

MAIN_ALLEY_M, INNER_ALLEY_M = 4.0, 3.0
FRONT_DEPTH_M, ALLEY_DEPTH_M = 18.0, 13.0


def kind_of(block: int) -> BlockKind:
    """The kind of a block by its number."""
    for numbers, kind in (
        (_HOUSES, BlockKind.HOUSES), (_SHOPS, BlockKind.SHOPS), (_CAMPUS, BlockKind.CAMPUS), (_PARK, BlockKind.PARK),
    ):  # fmt: skip
        if block in numbers:
            return kind
    return BlockKind.VILLAS


@dataclass(frozen=True, slots=True)
class Alley:
    """An alley in a block. ``parent`` is the alley it leaves, None when it leaves a street."""

    block: int
    number: int
    line: LineString  # from its mouth inwards
    width_m: float
    parent: int | None
    name: str = ""  # nested number and street, given by ``parcels``

    @property
    def surface(self) -> Polygon:
        """The ground of the alley, a little beyond its mouth."""
        return self.line.buffer(self.width_m / 2, cap_style="flat")


def cut_alleys(number: int, block: Polygon, taken: BaseGeometry) -> tuple[Alley, ...]:
    """Parallel alleys through the inner part of a dense block; every second one hangs on its neighbour (nested).

    ``taken`` (wanted lots) is left alone: an alley ends before it.
    """
    inner = _largest(block.buffer(-FRONT_DEPTH_M, join_style="mitre"))
    if inner is None:
        return ()
    origin, along, across, length, width = _axes(inner)
    count = max(1, round(width / (2 * ALLEY_DEPTH_M + MAIN_ALLEY_M)))
    alleys: list[Alley] = []
    for index in range(count):
        offset = (index + 0.5) * width / count
        if index % 2 == 1 and alleys:
            whole = _segment(origin, along, across, -1.0, length + 1.0, offset).intersection(inner)
            line = _free_part(whole, taken)
            alleys.extend(_nested(number, alleys, line, inner, taken) if line is not None else ())
            continue
        for first, last in ((-80.0, length + 1.0), (length + 80.0, -1.0)):  # from one street, or from the other
            whole = _segment(origin, along, across, first, last, offset).intersection(block)
            line = _free_part(whole, taken)
            if line is not None and block.exterior.distance(Point(line.coords[0])) < 0.1:
                alleys.append(Alley(number, len(alleys), _shorten(line, 9.0), MAIN_ALLEY_M, None))
                break
    return tuple(alleys)


def _nested(
    number: int, alleys: list[Alley], line: LineString, inner: Polygon, taken: BaseGeometry
) -> tuple[Alley, ...]:
    """A cross alley from the last main alley to ``line``, and the part of ``line`` it reaches."""
    parent = alleys[-1]
    mouth = parent.line.interpolate(0.55, normalized=True)
    foot = line.interpolate(line.project(mouth))
    cross = LineString([mouth, foot])
    if cross.length < 8.0 or cross.intersects(taken) or not inner.buffer(2.0).contains(cross):
        return ()
    first = Alley(number, len(alleys), cross, INNER_ALLEY_M, parent.number)
    at = line.project(foot)
    halves = (LineString([foot, line.interpolate(max(at - d, 0.0))]) for d in (at - 8.0,) if at > 30.0)
    ends = [LineString([foot, line.interpolate(line.length - 8.0)]), *halves]
    branches = [end for end in ends if end.length > 20.0]
    return (first, *(
        Alley(number, len(alleys) + 1 + order, branch, INNER_ALLEY_M, first.number)
        for order, branch in enumerate(branches)
    ))  # fmt: skip


def _axes(inner: Polygon) -> tuple[tuple[float, float], tuple[float, float], tuple[float, float], float, float]:
    """Corner, unit vector along the longer side, unit vector across, length and width of the tightest rectangle."""
    ring = list(shapely.minimum_rotated_rectangle(inner).exterior.coords)
    sides = [(ring[i], ring[i + 1]) for i in (0, 1)]
    lengths = [hypot(b[0] - a[0], b[1] - a[1]) for a, b in sides]
    long = 0 if lengths[0] >= lengths[1] else 1
    corner, (a, b) = ring[1], sides[long]
    far = b if a == corner else a
    other = ring[0] if long == 1 else ring[2]
    along = ((far[0] - corner[0]) / lengths[long], (far[1] - corner[1]) / lengths[long])
    across = ((other[0] - corner[0]) / lengths[1 - long], (other[1] - corner[1]) / lengths[1 - long])
    return (corner[0], corner[1]), along, across, lengths[long], lengths[1 - long]


def _segment(
    origin: tuple[float, float], along: tuple[float, float], across: tuple[float, float],
    first: float, last: float, offset: float,
) -> LineString:  # fmt: skip
    return LineString(
        [
            (origin[0] + along[0] * s + across[0] * offset, origin[1] + along[1] * s + across[1] * offset)
            for s in (first, last)
        ]
    )


def _free_part(line: BaseGeometry, taken: BaseGeometry) -> LineString | None:
    """The first stretch of a line that keeps away from ``taken``; None when too little is left."""
    free = line.difference(taken.buffer(6.0)) if not taken.is_empty else line
    parts = [part for part in getattr(free, "geoms", [free]) if isinstance(part, LineString) and part.length > 25.0]
    if not parts or line.is_empty:
        return None
    start = Point(getattr(line, "geoms", [line])[0].coords[0])
    return min(parts, key=start.distance)


def _shorten(line: LineString, by_m: float) -> LineString:
    return LineString([line.coords[0], line.interpolate(max(line.length - by_m, 10.0)).coords[0]])


def _largest(geometry: BaseGeometry) -> Polygon | None:
    found = polygons_of(geometry, 600.0)
    return max(found, key=lambda polygon: polygon.area) if found else None


def alley_ground(alleys: tuple[Alley, ...]) -> BaseGeometry:
    """All alleys of a block as one surface."""
    return unary_union([alley.surface for alley in alleys]) if alleys else Polygon()
