"""The city's street names of today, drawn from the registers that name streets. Rebuilt inside each load of one of them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from geo.facts import Register
from geo.plain_text import make_street_plain

NAMING_STREETS = frozenset((Register.ADDRESS, Register.ROAD, Register.SIDEWALK))
# One row for each way of writing a name: the name, how many addresses bear it, a point on it (degrees).
_NAMES = """
    SELECT street, count(*), ST_AsBinary(ST_PointOnSurface(ST_Collect(geom ORDER BY id)))
    FROM geo_address WHERE city_id = %(city)s AND is_listed AND street <> '' GROUP BY street
    UNION ALL
    SELECT name, 0, ST_AsBinary(ST_PointOnSurface((array_agg(geom ORDER BY id))[1]))
    FROM geo_roadsegment WHERE city_id = %(city)s AND is_listed AND name <> '' GROUP BY name
    UNION ALL
    SELECT street, 0, ST_AsBinary(ST_PointOnSurface((array_agg(geom ORDER BY id))[1]))
    FROM geo_sidewalksegment WHERE city_id = %(city)s AND is_listed AND street <> '' GROUP BY street
"""


def rebuild_street_names(city_id: int) -> int:
    """Read the names again; how many streets there are. One transaction with the load, by the caller."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, {"city": city_id})
        streets = _merge(cursor.fetchall())
        cursor.execute("DELETE FROM geo_streetname WHERE city_id = %s", [city_id])
        with cursor.copy("COPY geo_streetname (city_id, name, name_plain, addresses, point) FROM STDIN") as copy:
            for plain, (name, addresses, point) in streets.items():
                copy.write_row((city_id, name, plain, addresses, point))
        cursor.execute("UPDATE geo_streetname SET point = ST_SetSRID(point, 4326) WHERE city_id = %s", [city_id])
    return len(streets)


def _merge(rows: Iterable[tuple[str, int, bytes]]) -> dict[str, tuple[str, int, str]]:
    """By plain name; the way of writing with most addresses is the one shown."""
    merged: dict[str, tuple[str, int, str]] = {}
    for name, addresses, point in sorted(rows, key=lambda row: (-row[1], row[0])):
        plain = make_street_plain(name)[:200]
        if not plain:
            continue
        shown = merged.get(plain)
        merged[plain] = (shown[0], shown[1] + addresses, shown[2]) if shown else (name, addresses, bytes(point).hex())
    return merged
