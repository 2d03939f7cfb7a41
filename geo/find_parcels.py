"""Parcels by key, or by sheet and number; what is wrong with a key that finds none is said part by part."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from geo.prepared import Row, fetch
from geo.search_hits import HitKind, NoteKind, SearchHit, SearchNote, Why, near_numbers
from geo.search_text import ParcelWords

MOST_PARCELS = 20
_FIELDS = """
    SELECT p.city_id, p.key, p.sheet, p.number, p.address, p.measured_area_m2, ST_X(c.point), ST_Y(c.point),
           coalesce(u.name, ''), s.is_generated
    FROM (SELECT p.* FROM {found} AND p.valid_from <= %(on)s AND (p.valid_to IS NULL OR p.valid_to > %(on)s)
          ORDER BY p.key LIMIT %(most)s) p
    JOIN geo_registersource s ON s.id = p.source_id
    CROSS JOIN LATERAL (SELECT ST_PointOnSurface(p.geom) AS point) c
    LEFT JOIN LATERAL (
        SELECT name FROM geo_adminunit v WHERE v.city_id = p.city_id AND v.valid_from <= %(on)s
           AND (v.valid_to IS NULL OR v.valid_to > %(on)s) AND ST_Covers(v.geom, c.point) ORDER BY v.level LIMIT 1
    ) u ON true
"""
# A doubled key is kept as "key#2": both are candidates.
_BY_KEY = _FIELDS.replace("{found}", "geo_parcel p WHERE p.city_id = ANY(%(cities)s) AND p.key = ANY(%(keys)s)")
_BY_SHEET = _FIELDS.replace(
    "{found}",
    "geo_parcel p WHERE p.city_id = ANY(%(cities)s) AND p.sheet = ANY(%(sheets)s) AND p.number = ANY(%(numbers)s)"
    " AND (%(wards)s::text[] IS NULL OR p.ward_code = ANY(%(wards)s))",
)
_SUCCESSORS = _FIELDS.replace(
    "{found}",
    "geo_parcelsuccession m JOIN geo_parcel p ON p.city_id = m.city_id AND p.key = m.new_key"
    " WHERE m.city_id = ANY(%(cities)s) AND m.old_key = %(key)s AND m.is_listed",
)
_NUMBERS_OF_SHEET = """
    SELECT DISTINCT p.number FROM geo_parcel p WHERE p.city_id = ANY(%(cities)s) AND p.sheet = ANY(%(sheets)s)
      AND (%(wards)s::text[] IS NULL OR p.ward_code = ANY(%(wards)s))
      AND p.valid_from <= %(on)s AND (p.valid_to IS NULL OR p.valid_to > %(on)s) LIMIT 20000
"""
_SHEETS = """
    SELECT p.sheet, bool_or(%(wards)s::text[] IS NULL OR p.ward_code = ANY(%(wards)s)) FROM geo_parcel p
    WHERE p.city_id = ANY(%(cities)s) AND p.valid_from <= %(on)s AND (p.valid_to IS NULL OR p.valid_to > %(on)s)
      AND (%(wards)s::text[] IS NULL OR p.ward_code = ANY(%(wards)s)) GROUP BY p.sheet LIMIT 5000
"""
_FIRST_DAY = "SELECT min(valid_from) FROM geo_parcel WHERE city_id = ANY(%(cities)s)"


def find_parcels(
    words: ParcelWords, wards: Sequence[str] | None, cities: Sequence[int], on: date, slugs: dict[int, str]
) -> tuple[list[SearchHit], list[SearchNote]]:
    """The parcels meant, or the parts of the key that name nothing. ``wards`` are codes of typed units; None: not said.

    At most five statements.
    """
    values = _values(words, wards, cities, on)
    if words.key:
        hits = [_hit(row, Why.KEY, slugs) for row in fetch(_BY_KEY, values)]
        hits = hits or [_hit(row, Why.SUCCESSOR, slugs, words.key) for row in fetch(_SUCCESSORS, values)]
    else:
        hits = []
    if not hits and words.sheet and words.number:
        why = Why.SHEET_AND_NUMBER
        hits = [_hit(row, why, slugs) for row in fetch(_BY_SHEET, values)]
    return hits, [] if hits else _explain(words, values)


def _values(words: ParcelWords, wards: Sequence[str] | None, cities: Sequence[int], on: date) -> dict[str, Any]:
    codes = [words.ward_code] if words.ward_code else list(wards) if wards is not None else None
    return {
        "cities": list(cities), "on": on, "key": words.key,
        "keys": [words.key, f"{words.key}#2", f"{words.key}#3"], "sheets": _forms(words.sheet), "numbers": _forms(words.number),
        "wards": codes, "most": MOST_PARCELS,
    }  # fmt: skip


def _forms(text: str) -> list[str]:
    """A number as it may stand in a register: '0016' is written '16' too."""
    return list(dict.fromkeys((text, text.lstrip("0") or text)))


def _hit(row: Row, why: Why, slugs: dict[int, str], detail: str = "") -> SearchHit:
    city, key, sheet, number, address, area_m2, lon, lat, unit, is_generated = row
    return SearchHit(
        kind=HitKind.PARCEL, title=f"{sheet} / {number}" if sheet and number else key, key=key, city=slugs[city], why=why,
        score=1.0 if why is Why.KEY else 0.95, detail=detail or address, unit=unit, lon=lon, lat=lat, area_m2=area_m2,
        is_generated=is_generated,
    )  # fmt: skip


def _explain(words: ParcelWords, values: dict[str, Any]) -> list[SearchNote]:
    """Which part is wrong: the day, the ward, the sheet or the number; with what there is instead."""
    sheet, number = words.sheet.lstrip("0") or words.sheet, words.number.lstrip("0") or words.number
    known = [row[0] for row in fetch(_NUMBERS_OF_SHEET, values)]
    if known:
        near = near_numbers(number, known)
        return [
            SearchNote(
                NoteKind.NO_NUMBER, {"sheet": sheet, "number": number, "numbers": ", ".join(near) or _span(known)}
            )
        ]
    sheets = [row[0] for row in fetch(_SHEETS, values) if any(sign.isalnum() for sign in row[0])]
    if sheets:
        near = near_numbers(sheet, sheets)
        return [SearchNote(NoteKind.NO_SHEET, {"sheet": sheet, "sheets": ", ".join(near) or _span(sheets)})]
    first = fetch(_FIRST_DAY, values)[0][0]
    if first is not None and values["on"] < first:
        return [SearchNote(NoteKind.BEFORE_DATA, {"day": first.isoformat()})]
    if words.ward_code:
        return [SearchNote(NoteKind.NO_WARD, {"ward_code": words.ward_code})]
    return [SearchNote(NoteKind.NO_PARCELS)] if values["wards"] else []


def _span(numbers: Sequence[str]) -> str:
    ordered = sorted(numbers, key=lambda text: (int("".join(c for c in text if c.isdigit()) or 0), text))
    return f"{ordered[0]} – {ordered[-1]}" if len(ordered) > 1 else ordered[0]
