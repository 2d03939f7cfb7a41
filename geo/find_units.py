"""Administrative units by their own or a former name, as people write them: "P.15, Tân Bình", "phường Tân Sơn", "sai gon"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from geo.prepared import Row, fetch
from geo.search_hits import HitKind, NoteKind, SearchHit, SearchNote, Why
from geo.search_text import UnitWords

MOST_UNITS = 12
LEAST_LIKENESS = 0.5
_TODAY = """
    SELECT u.city_id, u.code, u.name, ST_X(c.point), ST_Y(c.point), greatest(
               similarity(u.name_plain, %(name)s), CASE WHEN u.name_plain ~ %(pattern)s THEN 1 ELSE 0 END), coalesce((
               SELECT string_agg(DISTINCT m.old_name, ' / ') FROM geo_adminunitsuccession m
               WHERE m.city_id = u.city_id AND m.new_code = u.code AND m.is_listed), '')
    FROM geo_adminunit u CROSS JOIN LATERAL (SELECT ST_PointOnSurface(ST_Envelope(u.geom)) AS point) c
    WHERE u.city_id = ANY(%(cities)s) AND u.valid_from <= %(on)s AND (u.valid_to IS NULL OR u.valid_to > %(on)s)
      AND (u.name_plain ~ %(pattern)s OR similarity(u.name_plain, %(name)s) >= %(least)s)
    ORDER BY 6 DESC, u.name LIMIT %(most)s
"""
# Of a split unit the part with the largest share stands first; where no share is known, the one that kept its code.
_FORMER = """
    SELECT m.city_id, m.old_name, m.share, u.code, u.name, ST_X(c.point), ST_Y(c.point), m.old_code
    FROM geo_adminunitsuccession m
    JOIN geo_adminunit u ON u.city_id = m.city_id AND u.code = m.new_code
     AND u.valid_from <= %(on)s AND (u.valid_to IS NULL OR u.valid_to > %(on)s)
    CROSS JOIN LATERAL (SELECT ST_PointOnSurface(ST_Envelope(u.geom)) AS point) c
    WHERE m.city_id = ANY(%(cities)s) AND m.is_listed AND m.valid_from <= %(on)s AND m.old_name_plain ~ %(pattern)s
    ORDER BY m.old_code, m.share DESC NULLS LAST, m.new_code <> m.old_code, m.key LIMIT %(most)s
"""
_FORMER_CODES = """
    SELECT DISTINCT m.old_code FROM geo_adminunitsuccession m
    WHERE m.city_id = ANY(%(cities)s) AND m.is_listed AND m.old_name_plain ~ %(pattern)s LIMIT 500
"""
_KINDS = {
    "": "(phuong|xa|thi tran|dac khu|quan|huyen|thi xa|thanh pho|tinh)",
    "ward": "(phuong|xa|thi tran|dac khu)",
    "district": "(quan|huyen|thi xa|thanh pho)",
}


def find_units(
    words: Sequence[UnitWords], cities: Sequence[int], on: date, slugs: dict[int, str]
) -> tuple[list[SearchHit], list[SearchNote]]:
    """Units of the day that bear the name or took over a unit that bore it; a split one gives each part, and says so."""
    wanted = [word for word in words if word.level != "city"]
    if not wanted or len(wanted[0].name) > 60:
        return [], []
    values = {
        "cities": list(cities), "on": on, "most": MOST_UNITS, "least": LEAST_LIKENESS, "name": wanted[0].name,
        "pattern": rf"^({_KINDS[wanted[0].level]} )?{_literal(wanted[0].name)}$",
    }  # fmt: skip
    hits = [] if wanted[0].name.isdigit() else [_today(row, slugs) for row in fetch(_TODAY, values)]
    former = fetch(_FORMER, {**values, "pattern": former_pattern(wanted)})
    by_old: dict[tuple[int, str], list[str]] = {}
    for row in former:
        by_old.setdefault((row[0], row[7]), []).append(row[4])
    hits += [_former(row, len(by_old[row[0], row[7]]), index, slugs) for index, row in enumerate(former)]
    notes = [
        SearchNote(NoteKind.SPLIT_UNIT, {"name": row[1], "units": ", ".join(by_old[row[0], row[7]])})
        for row in _first_of_each(former)
        if len(by_old[row[0], row[7]]) > 1
    ]
    return hits, notes[:2]


def list_former_codes(words: Sequence[UnitWords], cities: Sequence[int]) -> list[str] | None:
    """Codes of the former units that the words name; None when no unit was named."""
    wanted = [word for word in words if word.level != "city"]
    if not wanted:
        return None
    return [row[0] for row in fetch(_FORMER_CODES, {"cities": list(cities), "pattern": former_pattern(wanted)})]


def former_pattern(words: Sequence[UnitWords]) -> str:
    """For names such as 'phuong 15, quan tan binh, thanh pho x': each word stands in a part of its own, in this order."""
    parts = ".*, ".join(rf"{_KINDS[word.level]} 0*{_literal(word.name)}" for word in words[:3])
    begins = "^(.*, )?" if words[0].level == "district" or (len(words) == 1 and not words[0].level) else "^"
    return f"{begins}{parts}(,|$)"


def _literal(text: str) -> str:
    return re.sub(r"([^\w ])", r"\\\1", text)


def _first_of_each(rows: Sequence[Row]) -> list[Row]:
    first: dict[tuple[int, str], Row] = {}
    for row in rows:
        first.setdefault((row[0], row[7]), row)
    return list(first.values())


def _today(row: Row, slugs: dict[int, str]) -> SearchHit:
    city, code, name, lon, lat, likeness, formers = row
    return SearchHit(
        kind=HitKind.UNIT, title=name, key=code, city=slugs[city], why=Why.EXACT if likeness >= 1 else Why.SPELLING,
        score=0.85 * float(likeness), unit=name, former_unit=formers, lon=lon, lat=lat,
    )  # fmt: skip


def _former(row: Row, parts: int, index: int, slugs: dict[int, str]) -> SearchHit:
    city, old_name, share, code, name, lon, lat, _ = row
    return SearchHit(
        kind=HitKind.UNIT, title=name, key=code, city=slugs[city], why=Why.FORMER_NAME,
        score=(0.8 if parts == 1 else 0.78) - 0.001 * index, detail=old_name, unit=name, former_unit=old_name, lon=lon, lat=lat,
        share=share,
    )  # fmt: skip
