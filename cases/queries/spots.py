"""Spots: where a city's flags of one group of uses lie together over a period, most of them first. For leaders and planners."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, IntegerField, QuerySet, Value, When
from numpy.typing import NDArray

from cases.joining import REACH_MIN_M, UseGroup, group_of, uses_of
from cases.joining_bulk import cluster_places
from cases.permissions import Rights, scope_flags
from cases.roles import Role
from geo.crs import choose_system, parse_system
from geo.models import City
from rules.finding import Verdict
from rules.models import Flag

FIGURE_READERS = frozenset({Role.LEADER, Role.PLANNER})
DAY_S = 86_400
Flags = NDArray[np.void]
# As the database sends it: big-endian degrees (EPSG:4326), seconds since 1970, number of the group of uses.
_PACKED_ROW = np.dtype([("lon", ">f8"), ("lat", ">f8"), ("seen_s", ">f8"), ("kind", ">i4")])
_PACKED = """
SELECT city_id, string_agg(float8send(ST_X(point)) || float8send(ST_Y(point))
                           || float8send(extract(epoch FROM seen_at)::float8) || int4send(kind), '')
FROM ({flags}) asked GROUP BY city_id ORDER BY city_id
"""


@dataclass(frozen=True, slots=True)
class SpotRow:
    """One spot. ``lon``, ``lat``: the middle of its flags (EPSG:4326); ``days``: on how many days it was flagged."""

    lon: float
    lat: float
    group: str
    flags: int
    days: int
    first_at: datetime
    last_at: datetime
    reach_m: float


def list_spots(rights: Rights, *, since: datetime, limit: int = 100) -> tuple[SpotRow, ...]:
    """Spots with two flags or more within the rights since a moment; joined within 15 m, chain by chain."""
    wanted = scope_flags(rights, FIGURE_READERS).filter(
        seen_at__gte=since, point__isnull=False, verdict=Verdict.FLAGGED.value
    )
    found = [spot for city_id, flags in _read_flags(wanted) for spot in _spots_of(city_id, flags, limit)]
    return tuple(sorted(found, key=lambda spot: (-spot.flags, spot.lon, spot.lat))[:limit])


def _read_flags(wanted: QuerySet[Flag]) -> list[tuple[int, Flags]]:
    """Per city its flags as one array: tens of thousands of rows would take longer to read than to put together."""
    named = {use: number for number, group in enumerate(UseGroup) for use in uses_of(group)}
    kind = Case(
        *(When(use=use, then=Value(number)) for use, number in named.items()),
        default=Value(list(UseGroup).index(group_of(""))), output_field=IntegerField(),
    )  # fmt: skip
    asked = wanted.order_by().annotate(kind=kind).values("city_id", "point", "seen_at", "kind")
    try:
        sql, values = asked.query.sql_with_params()
    except EmptyResultSet:  # none of the asker's roles reads figures
        return []
    with connection.cursor() as cursor:
        cursor.execute(_PACKED.format(flags=sql), values)
        return [(city_id, np.frombuffer(packed, dtype=_PACKED_ROW)) for city_id, packed in cursor.fetchall()]


def _spots_of(city_id: int, flags: Flags, limit: int) -> list[SpotRow]:
    """The largest spots of one city: at least ``limit`` of them, where there are as many."""
    city = City.objects.get(pk=city_id)
    lonlat = np.column_stack([flags["lon"], flags["lat"]]).astype(float)
    system = choose_system([parse_system(raw) for raw in city.crs], *map(float, lonlat[0]))
    labels = cluster_places(system.to_metric_array(lonlat), REACH_MIN_M, flags["kind"].astype(np.int64))
    sizes = np.bincount(labels)
    least = max(2, int(np.sort(sizes)[-min(limit, len(sizes))]))
    order = np.argsort(labels, kind="stable")
    ends = np.cumsum(sizes)
    return [
        _spot(flags, lonlat, order[ends[label] - sizes[label] : ends[label]])
        for label in np.flatnonzero(sizes >= least)
    ]


def _spot(flags: Flags, lonlat: np.ndarray, rows: np.ndarray) -> SpotRow:
    lon, lat = lonlat[rows].mean(axis=0)
    seen_s = flags["seen_s"][rows].astype(float)
    first, last = datetime.fromtimestamp(seen_s.min(), UTC), datetime.fromtimestamp(seen_s.max(), UTC)
    days = len(np.unique(seen_s // DAY_S))
    group = list(UseGroup)[int(flags["kind"][rows[0]])]
    return SpotRow(float(lon), float(lat), group.value, len(rows), days, first, last, REACH_MIN_M)
