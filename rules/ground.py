"""A thing's outline laid over the city's polygons: how much of it is on a sidewalk, how near private land, how much width
is left. Pure geometry in metres; called by ``rules.queries`` with everything already in the city's metric system.

The error of a place is a shift of the whole outline, the error of its shape makes it longer or shorter: shares are computed
at the measured place, at 16 points of the 2-sigma ellipse, and 2 sigma larger and smaller, and the extremes are kept, so that
a rule can ask whether an answer holds within the error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, hypot, pi, sin, sqrt

from shapely import Point, Polygon, affinity, unary_union
from shapely.geometry.base import BaseGeometry

from rules.free_width import Obstacle, measure_free_width
from rules.occupied import measure_occupied
from rules.outline_error import resize_outline
from rules.site_facts import GroundFacts, ParcelDistance, Share, SlotShare

FOOT_RADIUS_M = 0.3  # stands in for the outline where only the foot point is known
_PARCELS_WITHIN_M = 5.0
_MARGIN_M = 1.0
_DIRECTIONS = 16


@dataclass(frozen=True, slots=True)
class Placed:
    """One thing on the ground in metres: outline (None: only its foot), foot point and covariance (ee, en, nn) in m2.

    ``shape_m2`` is how far the outline's edges may be off though its foot is right (``rules.outline_error``).
    """

    foot: tuple[float, float]
    covariance_m2: tuple[float, float, float]
    outline: Polygon | None = None
    shape_m2: tuple[float, float, float] = (0.0, 0.0, 0.0)

    @property
    def as_obstacle(self) -> Obstacle:
        """What it takes from a sidewalk; edges err by the place and by the shape."""
        both = tuple(place + shape for place, shape in zip(self.covariance_m2, self.shape_m2, strict=True))
        return Obstacle(self.ground, self.sigma_m, (both[0], both[1], both[2]))

    @property
    def sigma_m(self) -> float:
        """Larger half axis of the one-sigma ellipse."""
        ee, en, nn = self.covariance_m2
        return sqrt(max(0.0, (ee + nn) / 2 + hypot((ee - nn) / 2, en)))

    @property
    def ground(self) -> Polygon:
        """The outline, or a small disc round the foot point."""
        return self.outline if self.outline is not None else Point(self.foot).buffer(FOOT_RADIUS_M)


@dataclass(frozen=True, slots=True)
class SidewalkArea:
    """One segment in metres, with its painted slots: (index into the segment's allowed uses, outline)."""

    key: str
    area: BaseGeometry
    slots: tuple[tuple[int, BaseGeometry], ...] = ()


@dataclass(frozen=True, slots=True)
class ParcelArea:
    """One parcel in metres."""

    key: str
    use_code: str
    area: BaseGeometry


def measure_ground(
    thing: Placed, *, sidewalks: Sequence[SidewalkArea], parcels: Sequence[ParcelArea], others: Sequence[Placed]
) -> GroundFacts:
    """Lay ``thing`` over the polygons. ``others`` are what else stands there: it narrows the free width too."""
    outline, shifts = thing.ground, ellipse_shifts(thing.covariance_m2)
    near = [s for s in sidewalks if s.area.distance(outline) <= 2 * thing.sigma_m + _MARGIN_M]
    areas = sorted(near, key=lambda s: -s.area.intersection(outline).area)
    touched = [s for s in areas if s.area.intersects(outline)]
    everywhere = unary_union([s.area for s in areas]) if areas else Polygon()
    free = None
    if touched and thing.outline is not None:
        obstacles = [o.as_obstacle for o in (thing, *others) if o.outline is not None]
        free = measure_free_width(everywhere, outline, obstacles)
    return GroundFacts(
        has_outline=thing.outline is not None,
        area_m2=outline.area,
        sigma_m=thing.sigma_m,
        sidewalk=measure_share(thing, everywhere),
        sidewalk_key=touched[0].key if touched else "",
        parcels=_near_parcels(outline, parcels),
        slots=tuple(
            SlotShare(s.key, index, measure_share(thing, slot), outline.distance(slot))
            for s in touched
            for index, slot in s.slots
        ),
        free_width=free,
        occupied=(
            measure_occupied(outline, everywhere, share_within(outline, everywhere, shifts), thing.shape_m2)
            if thing.outline is not None
            else None
        ),
    )


def ellipse_shifts(covariance_m2: tuple[float, float, float]) -> tuple[tuple[float, float], ...]:
    """(east, north) shifts along the 2-sigma ellipse of a covariance; all zero for a singular one of zero size."""
    ee, en, nn = covariance_m2
    a = sqrt(max(ee, 0.0))
    b = en / a if a > 0 else 0.0
    c = sqrt(max(nn - b * b, 0.0))
    turns = (2 * pi * n / _DIRECTIONS for n in range(_DIRECTIONS))
    return tuple((2 * a * cos(t), 2 * (b * cos(t) + c * sin(t))) for t in turns)


def measure_share(thing: Placed, area: BaseGeometry) -> Share:
    """Share of a thing on an area, with its extremes: the errors of place and of either axis of its shape, added as variances."""
    moved = share_within(thing.ground, area, ellipse_shifts(thing.covariance_m2))
    less, more = [moved.share - moved.least], [moved.most - moved.share]
    for pair in resize_outline(thing.ground, thing.foot, thing.shape_m2):
        shares = [_share_of(outline, area) for outline in pair]
        less.append(max(0.0, moved.share - min(shares)))
        more.append(max(0.0, max(shares) - moved.share))
    return Share(
        share=moved.share, least=max(0.0, moved.share - hypot(*less)), most=min(1.0, moved.share + hypot(*more))
    )


def share_within(outline: Polygon, area: BaseGeometry, shifts: Sequence[tuple[float, float]]) -> Share:
    """Share of an outline on an area, with its extremes over the shifts."""
    here = _share_of(outline, area)
    around = [here, *(_share_of(affinity.translate(outline, east, north), area) for east, north in shifts)]
    return Share(share=here, least=min(around), most=max(around))


def _share_of(outline: Polygon, area: BaseGeometry) -> float:
    return float(min(1.0, outline.intersection(area).area / outline.area))


def _near_parcels(outline: Polygon, parcels: Sequence[ParcelArea]) -> tuple[ParcelDistance, ...]:
    near = (ParcelDistance(p.key, p.use_code, outline.distance(p.area)) for p in parcels)
    return tuple(sorted((p for p in near if p.distance_m <= _PARCELS_WITHIN_M), key=lambda p: (p.distance_m, p.key)))
