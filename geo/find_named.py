"""Permits by their number and places by their name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from geo.prepared import Row, fetch
from geo.search_hits import HitKind, SearchHit, Why

MOST = 8
_PERMITS = """
    SELECT p.city_id, p.number, p.address, p.status, ST_X(c.point), ST_Y(c.point), s.is_generated,
           similarity(upper(p.number), %(number)s) AS likeness, upper(p.number) LIKE %(begins)s AS begins
    FROM geo_permit p JOIN geo_registersource s ON s.id = p.source_id
    CROSS JOIN LATERAL (SELECT ST_PointOnSurface(coalesce(p.geom, (
        SELECT q.geom FROM geo_parcel q WHERE q.city_id = p.city_id AND q.key = p.parcel_keys ->> 0 AND q.is_listed LIMIT 1
    ))) AS point) c
    WHERE p.city_id = ANY(%(cities)s) AND p.valid_from <= %(on)s AND (p.valid_to IS NULL OR p.valid_to > %(on)s)
      AND (upper(p.number) LIKE %(holds)s OR (%(is_long)s AND upper(p.number) %% %(number)s))
    ORDER BY upper(p.number) = %(number)s DESC, begins DESC, likeness DESC LIMIT %(most)s
"""
_PLACES = """
    SELECT p.city_id, p.key, p.name, p.kind, ST_X(p.geom), ST_Y(p.geom), s.is_generated,
           greatest(similarity(p.name_plain, %(name)s), word_similarity(%(name)s, p.name_plain) * 0.9)
    FROM geo_namedplace p JOIN geo_registersource s ON s.id = p.source_id
    WHERE p.city_id = ANY(%(cities)s) AND p.valid_from <= %(on)s AND (p.valid_to IS NULL OR p.valid_to > %(on)s)
      AND (p.name_plain %% %(name)s OR %(name)s <%% p.name_plain)
    ORDER BY 8 DESC, p.name LIMIT %(most)s
"""
_LEAST = 0.5


def find_permits(text: str, cities: Sequence[int], on: date, slugs: dict[int, str]) -> list[SearchHit]:
    """Permits whose number holds the text, or is spelt nearly so; texts without a digit name none."""
    number = " ".join(text.upper().split())
    if len(number) < 3 or not re.search(r"\d", number) or len(number) > 80:
        return []
    escaped = re.sub(r"([\\%_])", r"\\\1", number)
    values = {
        "number": number, "begins": f"{escaped}%", "holds": f"%{escaped}%", "is_long": len(number) >= 6,
        "cities": list(cities), "on": on, "most": MOST,
    }  # fmt: skip
    return [_permit(row, number, slugs) for row in fetch(_PERMITS, values)]


def find_places(plain: str, cities: Sequence[int], on: date, slugs: dict[int, str]) -> list[SearchHit]:
    """Named places by their plain name, however it is spelt."""
    if len(plain) < 3:
        return []
    rows = fetch(_PLACES, {"name": plain, "cities": list(cities), "on": on, "most": MOST})
    return [
        SearchHit(
            kind=HitKind.PLACE, title=name, key=key, city=slugs[city],
            why=Why.EXACT if likeness >= 1 else Why.SPELLING, score=0.8 * float(likeness), detail=kind, lon=lon, lat=lat,
            is_generated=is_generated,
        )
        for city, key, name, kind, lon, lat, is_generated, likeness in rows
        if likeness >= _LEAST
    ]  # fmt: skip


def _permit(row: Row, number: str, slugs: dict[int, str]) -> SearchHit:
    city, found, address, status, lon, lat, is_generated, likeness, begins = row
    is_same = found.upper() == number
    score = 1.0 if is_same else 0.92 if begins else 0.55 * float(likeness) + 0.2
    return SearchHit(
        kind=HitKind.PERMIT, title=found, key=found, city=slugs[city],
        why=Why.NUMBER if is_same or begins else Why.SPELLING, score=score, detail=status, former_unit="", unit=address,
        lon=lon, lat=lat, is_generated=is_generated,
    )  # fmt: skip
