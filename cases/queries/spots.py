"""Spots: where a city's flags of one group of uses lie together over a period, most of them first. For leaders and planners."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db.models import F, FloatField, Func

from cases.joining import REACH_MIN_M, UseGroup, group_of
from cases.joining_bulk import cluster_places
from cases.permissions import Rights, scope_flags
from cases.roles import Role
from geo.crs import choose_system, parse_system
from geo.models import City
from rules.finding import Verdict

FIGURE_READERS = frozenset({Role.LEADER, Role.PLANNER})


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
    rows = (
        scope_flags(rights, FIGURE_READERS).filter(seen_at__gte=since, point__isnull=False, verdict=Verdict.FLAGGED.value)
        .order_by("seen_at").values_list("city_id", "use", x, y, "seen_at")
    )  # fmt: skip
    by_city: dict[int, list[tuple[str, float, float, datetime]]] = {}
    for city_id, use, lon, lat, seen_at in rows:
        by_city.setdefault(city_id, []).append((group_of(use).value, lon, lat, seen_at))
    found = [spot for city_id, flags in by_city.items() for spot in _spots_of(city_id, flags)]
    return tuple(sorted(found, key=lambda spot: (-spot.flags, spot.lon, spot.lat))[:limit])


def _spots_of(city_id: int, flags: list[tuple[str, float, float, datetime]]) -> list[SpotRow]:
    city = City.objects.get(pk=city_id)
    lonlat = np.array([[lon, lat] for _, lon, lat, _ in flags])
    system = choose_system([parse_system(raw) for raw in city.crs], *map(float, lonlat[0]))
    order = list(UseGroup)
    kinds = np.array([order.index(UseGroup(group)) for group, *_ in flags])
    labels = cluster_places(system.to_metric_array(lonlat), REACH_MIN_M, kinds)
    members: dict[int, list[int]] = {}
    for index, label in enumerate(labels):
        members.setdefault(int(label), []).append(index)
    return [_spot(flags, lonlat, rows) for rows in members.values() if len(rows) > 1]


def _spot(flags: list[tuple[str, float, float, datetime]], lonlat: np.ndarray, rows: list[int]) -> SpotRow:
    lon, lat = lonlat[rows].mean(axis=0)
    moments = [flags[row][3] for row in rows]
    return SpotRow(
        float(lon), float(lat), flags[rows[0]][0], len(rows), len({moment.date() for moment in moments}), moments[0],
        moments[-1], REACH_MIN_M,
    )  # fmt: skip
