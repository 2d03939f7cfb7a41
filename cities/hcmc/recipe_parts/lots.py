"""Cuts a block into lots: strips along its fronts, sliced across, street by street; what is left joins a neighbour.

Every cut takes from what remains, so lots never overlap; all work is on a grid of 1 mm.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import atan2, degrees, hypot, pi
from random import Random

import shapely
from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.geometry.polygon import orient

from cities.hcmc.recipe_parts.ground import polygons_of

GRID_M = 0.001
LEAST_LOT_M2 = 22.0
OWN_LOT_M2 = 420.0  # left-overs this large stand as lots of their own
STRAIGHT_DEG = 9.0
TOUCH_M = 0.05


@dataclass(frozen=True, slots=True)
class Front:
    """A straight side of a block that lots may front, and how they are cut: depth and range of widths in metres."""

    side: LineString
    order: int  # fronts of a lower order take the corners
    depth_m: float
    widths_m: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Lot:
    """A piece of a block; ``front`` is the side it was cut along, None where there is none."""

    shape: Polygon
    front: Front | None
    is_inner: bool = False  # mostly inside the block, with a way out


def straight_sides(face: Polygon) -> Iterator[LineString]:
    """The rings of a face in straight sides, the inside to their left. A curve comes in short straight ones."""
    turned_right_way = orient(face.simplify(0.1))
    for ring in (turned_right_way.exterior, *turned_right_way.interiors):
        yield from _straight_parts(list(ring.coords)[:-1])


def _straight_parts(ring: list[tuple[float, ...]]) -> Iterator[LineString]:
    turns = [_turn(ring[i - 1], ring[i], ring[(i + 1) % len(ring)]) for i in range(len(ring))]
    first = max(range(len(ring)), key=lambda i: abs(turns[i]))
    side, turned = [ring[first]], 0.0
    for step in range(1, len(ring) + 1):
        index = (first + step) % len(ring)
        side.append(ring[index])
        turned += turns[index]
        if abs(turned) > STRAIGHT_DEG or step == len(ring):
            yield LineString(side)
            side, turned = [ring[index]], 0.0


def _turn(a: tuple[float, ...], b: tuple[float, ...], c: tuple[float, ...]) -> float:
    """By how many degrees the way a-b-c turns at b, to the left above 0."""
    turn = atan2(c[1] - b[1], c[0] - b[0]) - atan2(b[1] - a[1], b[0] - a[0])
    return degrees((turn + pi) % (2 * pi) - pi)


def slice_face(face: Polygon, fronts: Iterable[Front], random: Random) -> list[Lot]:
    """All lots of one face, covering it whole."""
    rest = MultiPolygon(polygons_of(shapely.set_precision(face, GRID_M)))
    lots: list[Lot] = []
    scraps: list[Polygon] = []
    for front in sorted(fronts, key=lambda f: (f.order, -f.side.length)):
        for slab in _slabs(front, random):
            piece = shapely.intersection(rest, slab, grid_size=GRID_M)
            rest = MultiPolygon(polygons_of(shapely.difference(rest, slab, grid_size=GRID_M)))
            parts = sorted(polygons_of(piece), key=lambda part: -part.area)
            if parts and parts[0].area >= LEAST_LOT_M2:
                lots.append(Lot(parts[0], front))
                scraps.extend(parts[1:])
            else:
                scraps.extend(parts)
    scraps.extend(polygons_of(rest))
    return _join_scraps(lots, scraps)


def _slabs(front: Front, random: Random) -> Iterator[Polygon]:
    """Rectangles across a front, side by side, of random widths that fill it."""
    a, b = front.side.coords[0], front.side.coords[-1]
    length = hypot(b[0] - a[0], b[1] - a[1])
    if length < front.widths_m[0] * 0.8:
        return
    along = ((b[0] - a[0]) / length, (b[1] - a[1]) / length)
    inward = (-along[1], along[0])
    count = max(1, round(length / ((front.widths_m[0] + front.widths_m[1]) / 2)))
    shares = [random.uniform(*front.widths_m) for _ in range(count)]
    scale = length / sum(shares)
    begin = 0.0
    for share in shares:
        end = begin + share * scale
        outer = 3.0  # reaches over a side that is not quite straight
        corners = ((begin, -outer), (end, -outer), (end, front.depth_m), (begin, front.depth_m))
        yield Polygon(
            [
                (a[0] + along[0] * s + inward[0] * d, a[1] + along[1] * s + inward[1] * d)
                for s, d in corners
            ]
        )  # fmt: skip
        begin = end


def _join_scraps(lots: list[Lot], scraps: list[Polygon]) -> list[Lot]:
    """Give every small left-over to the neighbour it shares most border with; a large one takes a lot at the front.

    So that every lot has a way out, a large inner lot swallows one front lot.
    """
    if not lots:
        return [Lot(scrap, None) for scrap in scraps]
    for scrap in sorted(scraps, key=lambda s: -s.area):
        shared = _shared_borders(lots, scrap)
        best = max(range(len(lots)), key=shared.__getitem__)
        if shared[best] > 0.3:
            union = shapely.union(lots[best].shape, scrap, grid_size=GRID_M)
            is_inner = scrap.area >= OWN_LOT_M2
            lots[best] = Lot(max(polygons_of(union), key=lambda p: p.area), lots[best].front, is_inner)
        elif scrap.area >= LEAST_LOT_M2:
            lots.append(Lot(scrap, None))
    return lots


def _shared_borders(lots: list[Lot], scrap: Polygon) -> list[float]:
    """Length of the border of each lot with a left-over, in m."""
    near = shapely.dwithin([lot.shape for lot in lots], scrap, TOUCH_M)
    belt = scrap.buffer(TOUCH_M)
    return [
        float(lot.shape.boundary.intersection(belt).length) if is_near else 0.0
        for lot, is_near in zip(lots, near, strict=True)
    ]
