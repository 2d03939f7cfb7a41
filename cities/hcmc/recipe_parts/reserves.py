"""Street reserves: roadways with rounded corners, the sidewalks beside them, and the blocks between.

Streets -> surfaces in metres that share their edges: roadway | sidewalk | block.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from cities.hcmc.recipe_parts.ground import Ground, polygons_of
from cities.hcmc.recipe_parts.sites import FORECOURT
from cities.hcmc.recipe_parts.streets import Street

CURB_RADIUS_M = 5.0
CORNER_CUT_M = 4.0  # vạt góc: the blocks' corners are cut
LEAST_BLOCK_M2 = 250.0
LONGEST_PIECE_M = 90.0


@dataclass(frozen=True, slots=True)
class SidewalkPiece:
    """A stretch of sidewalk along one street, on one side of one block."""

    street: Street
    block: int
    shape: Polygon
    width_m: float
    is_forecourt: bool = False


@dataclass(frozen=True, slots=True)
class Reserves:
    """The ward cut into roadway, sidewalks and blocks."""

    roadway: BaseGeometry
    roadways: tuple[tuple[Street, BaseGeometry], ...]
    sidewalks: tuple[SidewalkPiece, ...]
    blocks: tuple[Polygon, ...]


def cut_reserves(ground: Ground, streets: Iterable[Street]) -> Reserves:
    """Roadways, sidewalks and blocks of the ward."""
    ordered = tuple(streets)
    roadway = _surface(ordered, ground.ward, sidewalks=False)
    whole = unary_union([_surface(ordered, ground.ward, sidewalks=True), FORECOURT])
    blocks = tuple(
        sorted(
            (block for block in polygons_of(ground.ward.difference(whole), LEAST_BLOCK_M2)),
            key=lambda block: (-round(block.centroid.y), round(block.centroid.x)),
        )
    )
    walk = ground.ward.difference(roadway).difference(unary_union(blocks))
    pieces = tuple(_cut_sidewalks(walk, ordered, blocks, roadway))
    return Reserves(roadway, tuple(_by_street(roadway, ordered)), pieces, blocks)


def _surface(streets: tuple[Street, ...], ward: Polygon, *, sidewalks: bool) -> BaseGeometry:
    """All streets as one surface, its inner corners rounded (roadway) or cut (with sidewalks)."""
    strips = []
    for street in streets:
        half = street.roadway_m / 2 + (street.sidewalk_m if sidewalks else 0.0)
        strips.append(street.line.buffer(half, cap_style="square", join_style="mitre"))
    merged = unary_union(strips)
    if sidewalks:
        closed = merged.buffer(CORNER_CUT_M, join_style="bevel").buffer(-CORNER_CUT_M, join_style="mitre")
    else:
        closed = merged.buffer(CURB_RADIUS_M, quad_segs=4).buffer(-CURB_RADIUS_M, quad_segs=4)
    return closed.simplify(0.05).intersection(ward)


def _by_street(roadway: BaseGeometry, streets: tuple[Street, ...]) -> Iterator[tuple[Street, BaseGeometry]]:
    """The roadway shared out among the streets; crossings go to the wider one."""
    rest = roadway
    for street in streets:
        strip = street.line.buffer(street.roadway_m / 2 + CURB_RADIUS_M, cap_style="square", join_style="mitre")
        part = unary_union(polygons_of(rest.intersection(strip), 1.0))
        rest = rest.difference(strip)
        if not part.is_empty:
            yield street, part


def _cut_sidewalks(
    walk: BaseGeometry, streets: tuple[Street, ...], blocks: tuple[Polygon, ...], roadway: BaseGeometry
) -> Iterator[SidewalkPiece]:
    """Sidewalk pieces: per block, along one street each, at most ``LONGEST_PIECE_M`` long."""
    forecourt = FORECOURT.difference(roadway)
    tree = shapely.STRtree(blocks)
    rest = walk.difference(FORECOURT)
    for street in streets:
        strip = street.line.buffer(street.roadway_m / 2 + street.sidewalk_m + 2.0, cap_style="flat", join_style="mitre")
        mine = rest.intersection(strip)
        rest = rest.difference(strip)
        if street.key == "A3":
            yield SidewalkPiece(
                street, int(tree.nearest(forecourt)), max(polygons_of(forecourt), key=_area), 12.0, True
            )
        for side in polygons_of(mine, 3.0):
            for piece in _cut_across(side, street.line):
                yield SidewalkPiece(street, int(tree.nearest(piece.centroid)), piece, street.sidewalk_m)


def _area(polygon: Polygon) -> float:
    return float(polygon.area)


def _cut_across(side: Polygon, line: LineString) -> Iterator[Polygon]:
    """One side of a street cut into pieces of about equal length."""
    stations = [line.project(shapely.Point(xy)) for xy in side.exterior.coords]
    first, last = min(stations), max(stations)
    count = max(1, round((last - first) / LONGEST_PIECE_M + 0.3))
    rest: BaseGeometry = side
    for number in range(1, count):
        at = first + (last - first) * number / count
        a, b = line.interpolate(max(at - 0.5, 0)), line.interpolate(min(at + 0.5, line.length))
        along = ((b.x - a.x), (b.y - a.y))
        back = Polygon(
            [
                (a.x - along[1] * 40, a.y + along[0] * 40),
                (a.x + along[1] * 40, a.y - along[0] * 40),
                (a.x + along[1] * 40 - along[0] * 200, a.y - along[0] * 40 - along[1] * 200),
                (a.x - along[1] * 40 - along[0] * 200, a.y + along[0] * 40 - along[1] * 200),
            ]
        )
        yield from polygons_of(rest.intersection(back), 3.0)
        rest = rest.difference(back)
    yield from polygons_of(rest, 3.0)
