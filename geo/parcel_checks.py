"""Which parcels hold each of many points on a day: in the database for few, in memory for many; both say the same."""

from __future__ import annotations

from datetime import date

from django.db import connection

from geo.parcel_index import Floats
from geo.resident_parcels import check_points

# Reading the parcels of a large city into memory takes half a minute: it pays from some thousand points on.
RESIDENT_FROM = 5_000
_HOLDING = """
    SELECT p.n - 1, r.key FROM unnest(%s::float[], %s::float[]) WITH ORDINALITY AS p (lon, lat, n)
    JOIN geo_parcel r ON r.city_id = %s AND ST_Intersects(r.geom, ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4326))
     AND r.valid_from <= %s AND (r.valid_to IS NULL OR r.valid_to > %s) ORDER BY p.n, r.id
"""


def list_holding_parcels(
    city_id: int, lonlat: Floats, on: date, *, resident_from: int = RESIDENT_FROM
) -> tuple[tuple[str, ...], ...]:
    """For each point (n, 2) of lon, lat the keys of the parcels of the day that hold it; none for a point in no parcel."""
    if len(lonlat) >= resident_from:
        return tuple(tuple(sorted(keys)) for keys in check_points(city_id, lonlat, on).keys)
    found: list[list[str]] = [[] for _ in range(len(lonlat))]
    with connection.cursor() as cursor:
        cursor.execute(_HOLDING, [lonlat[:, 0].tolist(), lonlat[:, 1].tolist(), city_id, on, on])
        for point, key in cursor.fetchall():
            found[point].append(key)
    return tuple(tuple(sorted(keys)) for keys in found)
