"""Administrative units for the search field: what the book of units of each city says, as hits and remarks with a place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from geo.models import City
from geo.prepared import fetch
from geo.search_hits import HitKind, NoteKind, SearchHit, SearchNote, Why
from geo.search_text import UnitWords
from geo.unit_names import UnitPart, WrittenUnits
from geo.unit_queries import get_unit_book
from geo.unit_resolution import UnitCandidate

MOST_UNITS, MOST_NOTES, MOST_LETTERS = 12, 2, 60
_EXACT, _FORMER, _PART, _SPELLING = 0.85, 0.8, 0.78, 0.7  # scores; a part is one of several successors
_POINTS = """
    SELECT u.city_id, u.code, ST_X(c.point), ST_Y(c.point) FROM geo_adminunit u
    CROSS JOIN LATERAL (SELECT ST_PointOnSurface(ST_Envelope(u.geom)) AS point) c
    WHERE u.city_id = ANY(%(cities)s) AND u.code = ANY(%(codes)s)
      AND u.valid_from <= %(on)s AND (u.valid_to IS NULL OR u.valid_to > %(on)s)
"""
_Found = tuple[int, UnitCandidate]
_Points = Mapping[tuple[int, str], tuple[float, float]]


def find_units(
    words: Sequence[UnitWords], cities: Sequence[int], on: date, slugs: dict[int, str]
) -> tuple[list[SearchHit], list[SearchNote]]:
    """Units of the day that bear the name or took over one that bore it; a split one gives each part, and says so."""
    found = _resolve(words, cities, on)
    if not found:
        return [], []
    parts = _parts_of_split(found)
    best = found[:MOST_UNITS]
    values = {"cities": list(cities), "codes": [unit.code for _, unit in best], "on": on}
    points = {(row[0], row[1]): (row[2], row[3]) for row in fetch(_POINTS, values)}
    hits = [_hit(city, unit, index, parts, slugs, points) for index, (city, unit) in enumerate(best)]
    notes = [
        SearchNote(NoteKind.SPLIT_UNIT, {"name": name, "units": ", ".join(units)})
        for name, units in parts.values()
        if len(units) > 1
    ]
    return hits, notes[:MOST_NOTES]


def list_ward_codes(words: Sequence[UnitWords], cities: Sequence[int], on: date) -> list[str] | None:
    """Codes that parcels of the named units may bear: a former unit's own, or a unit's and those it was made of.
    None when no unit was named."""
    if _as_written(words).is_empty():
        return None
    codes: dict[str, None] = {}
    for _, unit in _resolve(words, cities, on):
        if unit.by_former is not None:
            codes[unit.by_former.code] = None
        else:
            codes |= dict.fromkeys((unit.code, *(former.code for former in unit.former)))
    return list(codes)


def _resolve(words: Sequence[UnitWords], cities: Sequence[int], on: date) -> list[_Found]:
    wanted = _as_written(words)
    if wanted.is_empty() or any(len(word.name) > MOST_LETTERS for word in words):
        return []
    return [
        (city.pk, unit)
        for city in City.objects.filter(pk__in=cities).order_by("-is_default", "slug")
        for unit in get_unit_book(city).find(wanted, on)
    ]


def _as_written(words: Iterable[UnitWords]) -> WrittenUnits:
    """The typed units for the book; the city itself tells nothing."""
    first: dict[str, UnitPart] = {}
    for word in words:
        first.setdefault(word.level, UnitPart("", word.name))
    bare = tuple(word.name for word in words if not word.level)
    return WrittenUnits(ward=first.get("ward"), district=first.get("district"), bare=bare)


def _parts_of_split(found: Iterable[_Found]) -> dict[tuple[int, str], tuple[str, list[str]]]:
    """Of each former unit: its name and the units of the day that it became."""
    parts: dict[tuple[int, str], tuple[str, list[str]]] = {}
    for city, unit in found:
        if unit.by_former is not None:
            parts.setdefault((city, unit.by_former.code), (unit.by_former.name, []))[1].append(unit.name)
    return parts


def _hit(
    city: int, unit: UnitCandidate, index: int, parts: Mapping[tuple[int, str], tuple[str, list[str]]],
    slugs: dict[int, str], points: _Points,
) -> SearchHit:  # fmt: skip
    former = unit.by_former
    why = Why.SPELLING if unit.is_spelt_otherwise else Why.FORMER_NAME if former else Why.EXACT
    is_part = former is not None and len(parts[city, former.code][1]) > 1
    score = {Why.SPELLING: _SPELLING, Why.EXACT: _EXACT}.get(why, _PART if is_part else _FORMER)
    lon, lat = points.get((city, unit.code), (None, None))
    return SearchHit(
        kind=HitKind.UNIT, title=unit.name, key=unit.code, city=slugs[city], why=why, score=score - 0.001 * index,
        detail=former.name if former else "", unit=unit.name,
        former_unit=former.name if former else " / ".join(sorted(old.name for old in unit.former)), lon=lon, lat=lat,
        share=former.share if former else None,
    )  # fmt: skip
