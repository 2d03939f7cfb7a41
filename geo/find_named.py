"""Permits by their number and places by their name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from geo.permit_number import find_running_number, make_permit_plain, names_a_permit
from geo.prepared import Row, fetch
from geo.search_hits import HitKind, SearchHit, Why

MOST = 8
LEAST_ALIKE = 0.3  # trigram likeness below which a permit's number is another one
_PERMITS = """
    SELECT p.city_id, p.number, p.number_plain, p.address, p.status, ST_X(c.point), ST_Y(c.point), s.is_generated,
           similarity(p.number_plain, %(plain)s)
    FROM geo_permit p JOIN geo_registersource s ON s.id = p.source_id
    CROSS JOIN LATERAL (SELECT ST_PointOnSurface(coalesce(p.geom, (
        SELECT q.geom FROM geo_parcel q WHERE q.city_id = p.city_id AND q.key = p.parcel_keys ->> 0 AND q.is_listed LIMIT 1
    ))) AS point) c
    WHERE p.city_id = ANY(%(cities)s) AND p.valid_from <= %(on)s AND (p.valid_to IS NULL OR p.valid_to > %(on)s)
      AND """
_MOST_ALIKE = """
    ORDER BY p.number_plain = %(plain)s DESC, p.number_plain LIKE %(begins)s DESC, 9 DESC LIMIT %(most)s
"""
_HOLDING = f"{_PERMITS} p.number_plain LIKE %(holds)s {_MOST_ALIKE}"
_SPELT_NEARLY_SO = f"""{_PERMITS} similarity(p.number_plain, %(plain)s) >= %(least)s
      AND (p.number_plain LIKE %(first)s OR p.number_plain LIKE %(middle)s OR p.number_plain LIKE %(last)s) {_MOST_ALIKE}"""
_OF_NUMBER = """
    SELECT p.city_id, p.number, p.number_plain, ARRAY(SELECT jsonb_array_elements_text(p.parcel_keys)), ST_AsBinary(p.geom)
    FROM geo_permit p
    WHERE p.city_id = ANY(%(cities)s) AND p.valid_from <= %(on)s AND (p.valid_to IS NULL OR p.valid_to > %(on)s)
      AND (p.number_plain = %(plain)s OR p.number_plain LIKE %(goes_on)s)
    ORDER BY upper(p.number) = upper(%(typed)s) DESC, p.number_plain = %(plain)s DESC,
        array_position(%(cities)s, p.city_id), p.number, p.id LIMIT %(most)s
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
    """Permits whose number holds the text; texts without a digit name none."""
    plain = make_permit_plain(text)
    if not names_a_permit(plain):
        return []
    return _list_permits(_HOLDING, plain, {"holds": f"%{plain}%", "cities": list(cities), "on": on}, slugs)


def find_misspelt_permits(text: str, cities: Sequence[int], on: date, slugs: dict[int, str]) -> list[SearchHit]:
    """Permits that share the text's running number and are spelt nearly so.

    Likeness alone would be no help: all permits of a year are alike.
    """
    plain = make_permit_plain(text)
    if not names_a_permit(plain):
        return []
    running = find_running_number(plain)
    places = {"first": f"{running} %", "middle": f"% {running} %", "last": f"% {running}"}
    values = {**places, "least": LEAST_ALIKE, "cities": list(cities), "on": on}
    return _list_permits(_SPELT_NEARLY_SO, plain, values, slugs)


@dataclass(frozen=True, slots=True)
class NamedPermit:
    """A permit as its number opens it. ``outline``: WKB in degrees, or None where the register draws none."""

    city_id: int
    number: str
    parcel_keys: tuple[str, ...]
    outline: bytes | None


def list_permits_of(typed: str, cities: Sequence[int], on: date) -> list[NamedPermit]:
    """The permit of this number, however it is written and also without its last parts; several when more than one fits alike."""
    plain, shown = make_permit_plain(typed), " ".join(typed.split())
    if not plain:
        return []
    goes_on = f"{plain} %" if names_a_permit(plain) else plain
    values = {"cities": list(cities), "on": on, "plain": plain, "goes_on": goes_on, "typed": shown, "most": MOST}
    rows = [(_distance(row, plain, shown), row) for row in fetch(_OF_NUMBER, values)]
    least = min((distance for distance, _ in rows), default=0)
    return [NamedPermit(row[0], row[1], tuple(row[3]), row[4]) for distance, row in rows if distance == least]


def _distance(row: Row, plain: str, shown: str) -> int:
    """0: written as typed, 1: the same parts, 2: it goes on."""
    return 0 if row[1].upper() == shown.upper() else 1 if row[2] == plain else 2


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


def _list_permits(statement: str, plain: str, values: dict[str, Any], slugs: dict[int, str]) -> list[SearchHit]:
    rows = fetch(statement, values | {"plain": plain, "begins": f"{plain}%", "most": MOST})
    return [_permit(row, plain, slugs) for row in rows]


def _permit(row: Row, plain: str, slugs: dict[int, str]) -> SearchHit:
    city, number, found, address, status, lon, lat, is_generated, likeness = row
    is_same, begins = found == plain, found.startswith(plain)
    score = 1.0 if is_same else 0.92 if begins else 0.55 * float(likeness) + 0.2
    return SearchHit(
        kind=HitKind.PERMIT, title=number, key=number, city=slugs[city],
        why=Why.NUMBER if is_same or begins else Why.SPELLING, score=score, detail=status, former_unit="", unit=address,
        lon=lon, lat=lat, is_generated=is_generated,
    )  # fmt: skip
