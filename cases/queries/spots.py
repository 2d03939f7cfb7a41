"""Spots: where a city's flags of one group of uses lie together over a period, most of them first. For leaders and planners."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from django.db.models import F, FloatField, Func
from django.db.models.functions import Cast, Extract

from cases.joining import REACH_MIN_M, UseGroup, group_of
from cases.joining_bulk import cluster_places
from cases.permissions import Rights, scope_flags
from cases.roles import Role
from geo.crs import choose_system, parse_system
from geo.models import City
from rules.finding import Verdict

FIGURE_READERS = frozenset({Role.LEADER, Role.PLANNER})
DAY_S = 86_400
Seen = tuple[str, float, float, float]  # use, lon, lat, seconds since 1970


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
    x, y = (Func(F("point"), function=name, output_field=FloatField()) for name in ("ST_X", "ST_Y"))
    at_s = Cast(Extract("seen_at", "epoch"), FloatField())
    rows = (
        scope_flags(rights, FIGURE_READERS).filter(seen_at__gte=since, point__isnull=False, verdict=Verdict.FLAGGED.value)
        .order_by("seen_at").values_list("city_id", "use", x, y, at_s)
    )  # fmt: skip
    by_city: dict[int, list[Seen]] = {}
    for city_id, use, lon, lat, seen_s in rows:
        by_city.setdefault(city_id, []).append((use, lon, lat, seen_s))
    found = [spot for city_id, flags in by_city.items() for spot in _spots_of(city_id, flags, limit)]
    return tuple(sorted(found, key=lambda spot: (-spot.flags, spot.lon, spot.lat))[:limit])


def _spots_of(city_id: int, flags: list[Seen], limit: int) -> list[SpotRow]:
    """The largest spots of one city: at least ``limit`` of them, where there are as many."""
    city = City.objects.get(pk=city_id)
    lonlat = np.array([(lon, lat) for _, lon, lat, _ in flags])
    system = choose_system([parse_system(raw) for raw in city.crs], *map(float, lonlat[0]))
    order = list(UseGroup)
    kind_of = {use: order.index(group_of(use)) for use in {use for use, *_ in flags}}
    kinds = np.array([kind_of[use] for use, *_ in flags])
    labels = cluster_places(system.to_metric_array(lonlat), REACH_MIN_M, kinds)
    sizes = np.bincount(labels)
    least = max(2, int(np.sort(sizes)[-min(limit, len(sizes))]))
    return [_spot(flags, lonlat, np.flatnonzero(labels == label)) for label in np.flatnonzero(sizes >= least)]


def _spot(flags: list[Seen], lonlat: np.ndarray, rows: np.ndarray) -> SpotRow:
    lon, lat = lonlat[rows].mean(axis=0)
    moments = [flags[row][3] for row in rows]
    first, last = datetime.fromtimestamp(moments[0], UTC), datetime.fromtimestamp(moments[-1], UTC)
    days = len({int(moment // DAY_S) for moment in moments})
    return SpotRow(float(lon), float(lat), group_of(flags[rows[0]][0]).value, len(rows), days, first, last, REACH_MIN_M)
