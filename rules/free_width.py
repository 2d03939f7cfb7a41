"""How much of a sidewalk stays free for people on foot beside what stands on it. Pure geometry in metres (shapely).

Stations every 0.25 m along the segment; at each, the sidewalk's cross-section less what stands in it: the profile. The free
width is the widest lane that stays open throughout a run of 1.0 m, and the least of all runs beside the thing: so two things
that stand staggered narrow the lane together. It is an upper bound: what no detector reports (a tree) is not subtracted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import atan2, ceil, cos, hypot, pi, sin, sqrt

from shapely import LineString, Point, Polygon, affinity, box
from shapely.geometry.base import BaseGeometry

from rules.finding import CLAIMED_SIGMAS
from rules.site_facts import FreeAt, FreeWidth

STEP_M = 0.25
RUN_M = 1.0
_LOOK_M = 8.0  # how far the curb's direction is read around the thing
_ACROSS_M = 60.0
_MOST_REACH = 16  # stations: 4 m; a place less sure than that proves nothing of a cross-section
Line = tuple[tuple[float, float], ...]


class Passage(StrEnum):
    """Whether the free width is below the least allowed one, at two sigma."""

    BLOCKED = "certain"
    SUSPECTED = "suspected"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """The ground a thing covers, in metres, and the one-sigma error of its edges: the same in all directions, or by a covariance.

    ``covariance_m2`` (ee, en, nn) holds the error of the place and of the shape together.
    """

    outline: Polygon
    sigma_m: float
    covariance_m2: tuple[float, float, float] | None = None

    def sigma_across(self, angle: float) -> float:
        """The error of an edge across a sidewalk that runs in this direction (radians)."""
        if self.covariance_m2 is None:
            return self.sigma_m
        ee, en, nn = self.covariance_m2
        x, y = -sin(angle), cos(angle)
        return sqrt(max(0.0, ee * x * x + 2 * en * x * y + nn * y * y))


@dataclass(frozen=True, slots=True)
class _Lane:
    """A free stretch of a cross-section, with the error of either end (0 at the sidewalk's own border)."""

    low: float
    high: float
    sigma_low: float = 0.0
    sigma_high: float = 0.0

    @property
    def width(self) -> float:
        return self.high - self.low


def judge_passage(free: FreeWidth, least_m: float) -> Passage:
    """certain: below the least width even 2 sigma wider; suspected: below it 2 sigma narrower; else free."""
    if free.width_m + CLAIMED_SIGMAS * free.sigma_m < least_m:
        return Passage.BLOCKED
    return Passage.SUSPECTED if free.width_m - CLAIMED_SIGMAS * free.sigma_m < least_m else Passage.FREE


def measure_free_width(sidewalk: BaseGeometry, thing: Polygon, obstacles: Sequence[Obstacle]) -> FreeWidth | None:
    """Least free width along ``thing``, which is one of ``obstacles``; None when it stands on no part of the sidewalk."""
    on_it = sidewalk.intersection(thing)
    if on_it.is_empty:
        return None
    origin = on_it.centroid
    angle = _direction(sidewalk, origin)

    def turned(shape: BaseGeometry) -> BaseGeometry:
        return affinity.rotate(shape, -angle, origin=origin, use_radians=True)

    ground, about = turned(sidewalk), turned(on_it)
    near = [o for o in obstacles if o.outline.distance(thing) < 2 * _LOOK_M]
    shadows = [(turned(o.outline), o.sigma_across(angle)) for o in near]
    stations = _stations(about)
    reach = min(_MOST_REACH, ceil(2 * max((o.sigma_across(angle + pi / 2) for o in near), default=0.0) / STEP_M))
    around = [stations[0] + STEP_M * n for n in range(-reach, len(stations) + reach)]
    wide = [_free_lanes(ground, shadows, about, u) for u in around]
    narrowest = min(_runs(wide[reach : reach + len(stations)]), key=lambda found: found[1].width, default=None)
    if narrowest is None:
        return None
    station, lane = narrowest
    edge = max((sigma for _, sigma in shadows), default=0.0)

    def ends(u: float, found: _Lane) -> tuple[tuple[float, float], ...]:
        line = affinity.rotate(LineString([(u, found.low), (u, found.high)]), angle, origin=origin, use_radians=True)
        return tuple((float(x), float(y)) for x, y in line.coords)

    return FreeWidth(
        width_m=lane.width,
        sigma_m=_sigma(lane, edge),
        gap=ends(stations[station], lane),
        profile=tuple(
            _at(
                [_widest([one]) for one in wide[n : n + 2 * reach + 1] if one],
                _widest([wide[n + reach]]),
                edge,
                u,
                ends,
            )
            for n, u in enumerate(stations)
            if wide[n + reach]
        ),
    )


def _at(around: Sequence[_Lane], lane: _Lane, edge: float, u: float, ends: Callable[[float, _Lane], Line]) -> FreeAt:
    """One cross-section. ``around`` are the widest lanes of all within 2 sigma along the segment, which may be this one's."""
    return FreeAt(
        width_m=lane.width,
        least_m=max(0.0, min(one.width - CLAIMED_SIGMAS * _sigma(one, edge) for one in around)),
        most_m=max(one.width + CLAIMED_SIGMAS * _sigma(one, edge) for one in around),
        ends=ends(u, lane),
    )


def _sigma(lane: _Lane, edge: float) -> float:
    """The error of a lane's width; of one that is shut, that of two edges which nobody saw apart."""
    return hypot(lane.sigma_low, lane.sigma_high) if lane.width > 0 else hypot(edge, edge)


def _direction(sidewalk: BaseGeometry, origin: Point) -> float:
    """Direction of the segment near the thing, in radians: the mean of its borders, each weighed by its length."""
    near = sidewalk.boundary.intersection(origin.buffer(_LOOK_M))
    lines = near if not near.is_empty else sidewalk.minimum_rotated_rectangle.boundary
    x = y = 0.0
    for line in getattr(lines, "geoms", [lines]):
        for (x0, y0), (x1, y1) in zip(line.coords[:-1], line.coords[1:], strict=True):
            length = hypot(x1 - x0, y1 - y0)
            if length > 0:  # doubled angles: a border there and back is one direction
                c, s = (x1 - x0) / length, (y1 - y0) / length
                x, y = x + length * (c * c - s * s), y + length * 2 * c * s
    return atan2(y, x) / 2


def _stations(about: BaseGeometry) -> list[float]:
    """Places along the segment: the thing's own length and a run before and after it."""
    west, _, east, _ = about.bounds
    first = west - RUN_M
    return [first + n * STEP_M for n in range(ceil((east + RUN_M - first) / STEP_M) + 1)]


def _free_lanes(
    ground: BaseGeometry, shadows: Iterable[tuple[BaseGeometry, float]], about: BaseGeometry, u: float
) -> tuple[_Lane, ...]:
    """What of one cross-section is free; empty beyond the end of the sidewalk."""
    middle = about.centroid.y
    section = _section(ground, u, middle)
    if section is None:
        return ()
    cell = box(u - STEP_M / 2, section.low, u + STEP_M / 2, section.high)
    lanes = [section]
    for shadow, sigma in shadows:
        part = shadow.intersection(cell)
        if part.area > 0 or (not part.is_empty and part.length > 0):
            _, low, _, high = part.bounds
            lanes = [piece for lane in lanes for piece in _cut(lane, low, high, sigma)]
    return tuple(lanes) or (_Lane(section.low, section.low),)


def _section(ground: BaseGeometry, u: float, middle: float) -> _Lane | None:
    """The stretch of sidewalk across ``u`` that the thing stands on, or the nearest one."""
    line = LineString([(u, middle - _ACROSS_M), (u, middle + _ACROSS_M)])
    parts = [p for p in getattr(ground.intersection(line), "geoms", [ground.intersection(line)]) if p.length > 0]
    if not parts:
        return None
    _, low, _, high = min(parts, key=lambda part: part.distance(Point(u, middle))).bounds
    return _Lane(low, high)


def _cut(lane: _Lane, low: float, high: float, sigma: float) -> list[_Lane]:
    """The lane less one obstacle."""
    if high <= lane.low or low >= lane.high:
        return [lane]
    below = _Lane(lane.low, low, lane.sigma_low, sigma)
    above = _Lane(high, lane.high, sigma, lane.sigma_high)
    return [piece for piece in (below, above) if piece.width > 0]


def _runs(sections: Sequence[tuple[_Lane, ...]]) -> list[tuple[int, _Lane]]:
    """For each run of 1.0 m: its middle station and the widest lane open through all of it."""
    length = round(RUN_M / STEP_M) + 1
    open_ones = [n for n, lanes in enumerate(sections) if lanes]
    if not open_ones:
        return []
    first, last = open_ones[0], open_ones[-1]
    starts = range(first, max(first, last - length + 1) + 1)
    return [(min(n + length // 2, last), _widest(sections[n : n + length])) for n in starts]


def _widest(run: Sequence[tuple[_Lane, ...]]) -> _Lane:
    lanes: list[_Lane] = list(run[0])
    for section in run[1:]:
        if section:  # a gap in the register is no obstacle
            lanes = [both for a in lanes for b in section if (both := _common(a, b)) is not None]
    return max(lanes, key=lambda lane: lane.width, default=_Lane(0.0, 0.0))


def _common(a: _Lane, b: _Lane) -> _Lane | None:
    low, sigma_low = max((a.low, a.sigma_low), (b.low, b.sigma_low))
    high, sigma_high = min((a.high, -a.sigma_high), (b.high, -b.sigma_high))
    return _Lane(low, high, sigma_low, -sigma_high) if high > low else None
