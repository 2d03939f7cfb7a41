"""Whether two things are about one place and one use, and which open case a new one belongs to. Pure.

Distances are metres on the ground, measured by the database; here is only the judgement.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from math import cos, floor, hypot, radians
from uuid import UUID

from geo.box import METRES_PER_DEG
from intake.kinds import Category

REACH_MIN_M = 15.0
# A photo without GPS worth the name (hundreds of metres of error) must not swallow a whole block's cases.
REACH_MAX_M = 100.0
RECURRENCE_PERIOD = timedelta(days=30)
_CELL_DEG = 0.002


class UseGroup(StrEnum):
    """Uses that one visit settles together."""

    VEHICLES = "vehicles"
    GOODS = "goods"
    MATERIAL = "material"
    EVENT = "event"
    CONSTRUCTION = "construction"
    OTHER = "other"
    UNSTATED = "unstated"


_GROUP_OF: dict[str, UseGroup] = {
    Category.PARKING: UseGroup.VEHICLES,
    Category.PARKING_SERVICE: UseGroup.VEHICLES,
    Category.TRADING: UseGroup.GOODS,
    Category.SIGNBOARD: UseGroup.GOODS,
    Category.BARRIER: UseGroup.GOODS,
    Category.MATERIAL: UseGroup.MATERIAL,
    Category.EVENT: UseGroup.EVENT,
    Category.CONSTRUCTION: UseGroup.CONSTRUCTION,
    Category.UNSTATED: UseGroup.UNSTATED,
}


def group_of(use: str) -> UseGroup:
    """The group of a use; a use this file does not know stands with the other ones."""
    return _GROUP_OF.get(use, UseGroup.OTHER)


def uses_of(group: UseGroup) -> tuple[str, ...]:
    """All categories of one group, for a query."""
    return tuple(category.value for category in Category if group_of(category) is group)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a flag or request stands: degrees (EPSG:4326) with its error, and the registers' keys when they are certain."""

    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None
    parcel_key: str = ""
    sidewalk_key: str = ""

    @property
    def is_known(self) -> bool:
        """Whether anything can be joined here at all."""
        return self.lon is not None or bool(self.parcel_key or self.sidewalk_key)


@dataclass(frozen=True, slots=True)
class NearCase:
    """A case that may be about the same place. ``distance_m`` is None when one of the two has no point."""

    id: UUID
    code: str
    distance_m: float | None
    accuracy_m: float | None
    parcel_key: str
    sidewalk_key: str
    closed_at: datetime | None = None


def reach_m(accuracy_m: float | None, other_accuracy_m: float | None) -> float:
    """How far apart two points may lie and still be one place: two sigma of both errors, at least 15 m."""
    combined = hypot(accuracy_m or 0.0, other_accuracy_m or 0.0)
    return min(max(REACH_MIN_M, 2 * combined), REACH_MAX_M)


def is_same_place(place: Place, case: NearCase) -> bool:
    """Same parcel, same stretch of sidewalk, or within reach."""
    if place.parcel_key and place.parcel_key == case.parcel_key:
        return True
    if place.sidewalk_key and place.sidewalk_key == case.sidewalk_key:
        return True
    return case.distance_m is not None and case.distance_m <= reach_m(place.accuracy_m, case.accuracy_m)


def choose_case(place: Place, cases: Iterable[NearCase]) -> NearCase | None:
    """The nearest case of the same place; None when there is none. Ties go to the older code."""
    same = [case for case in cases if is_same_place(place, case)]
    return min(same, key=lambda c: (c.distance_m if c.distance_m is not None else REACH_MAX_M, c.code), default=None)


def choose_recurrence(place: Place, closed: Iterable[NearCase], *, at: datetime) -> NearCase | None:
    """The case closed here within the last 30 days that has come back; the latest one."""
    recent = [c for c in closed if c.closed_at and timedelta(0) <= at - c.closed_at <= RECURRENCE_PERIOD]
    same = [case for case in recent if is_same_place(place, case)]
    return max(same, key=lambda c: c.closed_at or at, default=None)


def lock_keys(city_slug: str, group: UseGroup, place: Place, *, fallback: str) -> tuple[int, ...]:
    """Numbers to lock, sorted, so that two openings at one place wait for each other and never for ever.

    Circles of half the largest reach around two points that may join always share a grid cell. A thing without a place
    is only locked against itself (``fallback``).
    """
    names = {f"{city_slug}/{group}/parcel/{place.parcel_key}"} if place.parcel_key else set()
    if place.sidewalk_key:
        names.add(f"{city_slug}/{group}/sidewalk/{place.sidewalk_key}")
    if place.lon is not None and place.lat is not None:
        names |= {f"{city_slug}/{group}/{column}/{row}" for column, row in _cells(place.lon, place.lat)}
    names.add(fallback)
    return tuple(sorted(int.from_bytes(sha256(name.encode()).digest()[:8], "big", signed=True) for name in names))


def _cells(lon: float, lat: float) -> set[tuple[int, int]]:
    half_lat = REACH_MAX_M / 2 / METRES_PER_DEG
    half_lon = half_lat / max(cos(radians(lat)), 0.01)
    columns = range(floor((lon - half_lon) / _CELL_DEG), floor((lon + half_lon) / _CELL_DEG) + 1)
    rows = range(floor((lat - half_lat) / _CELL_DEG), floor((lat + half_lat) / _CELL_DEG) + 1)
    return {(column, row) for column in columns for row in rows}


def case_code(prefix: str, opened_at_local: datetime, number: int) -> str:
    """``VH-2611-0417``: prefix, year and month of opening by the city's clock, running number of that month."""
    return f"{prefix}-{opened_at_local:%y%m}-{number:04d}"
