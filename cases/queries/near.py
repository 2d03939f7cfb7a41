"""Cases near a place, with their distance in metres on the ellipsoid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from cases.joining import REACH_MAX_M, RECURRENCE_PERIOD, NearCase, Place, UseGroup, uses_of
from cases.lifecycle import OPEN_CASES, CaseState

# The bounding box (degrees) lets the point index answer; the distance is then measured in metres.
_NEAR = """
SELECT id, code, CASE WHEN point IS NULL OR %(point)s::text IS NULL THEN NULL
                      ELSE ST_Distance(point::geography, ST_GeomFromText(%(point)s, 4326)::geography) END,
       accuracy_m, parcel_key, sidewalk_key, closed_at
FROM cases_case
WHERE city_id = %(city)s AND use = ANY(%(uses)s) AND state = ANY(%(states)s)
  AND (%(since)s::timestamptz IS NULL OR closed_at >= %(since)s)
  AND ((%(point)s::text IS NOT NULL AND point && ST_Envelope(
          ST_Buffer(ST_GeomFromText(%(point)s, 4326)::geography, %(reach_m)s, 2)::geometry))
       OR (%(parcel)s <> '' AND parcel_key = %(parcel)s)
       OR (%(sidewalk)s <> '' AND sidewalk_key = %(sidewalk)s))
"""


def list_near_cases(city_id: int, group: UseGroup, place: Place) -> list[NearCase]:
    """Open cases of the group of uses that may be of this place."""
    return _list(city_id, group, place, states=sorted(OPEN_CASES), since=None)


def list_recently_closed(city_id: int, group: UseGroup, place: Place, *, since: datetime) -> list[NearCase]:
    """Cases closed within the recurrence period before ``since`` that may be of this place."""
    return _list(city_id, group, place, states=[CaseState.CLOSED.value], since=since - RECURRENCE_PERIOD)


def _list(
    city_id: int, group: UseGroup, place: Place, *, states: Sequence[str], since: datetime | None
) -> list[NearCase]:
    values: dict[str, Any] = {
        "city": city_id,
        "uses": list(uses_of(group)),
        "states": list(states),
        "since": since,
        "point": f"POINT({place.lon:.9f} {place.lat:.9f})" if place.lon is not None and place.lat is not None else None,
        "reach_m": REACH_MAX_M,
        "parcel": place.parcel_key,
        "sidewalk": place.sidewalk_key,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NEAR, values)
        return [NearCase(*row) for row in cursor.fetchall()]
