"""Streets by their spelling and houses on them: the same few statements however many addresses the city has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from geo.plain_text import make_plain
from geo.prepared import Row, fetch
from geo.search_hits import HitKind, SearchHit, Why
from geo.search_text import AddressWords, UnitWords

LEAST_LIKENESS = 0.42  # trigram likeness below which a street is another one
MOST_STREETS, MOST_HOUSES, MOST_NEAREST = 8, 24, 3
_LOSS_PER_WORD = 0.02

_STREETS = """
    SELECT s.city_id, s.name, s.name_plain, s.addresses, ST_X(s.point), ST_Y(s.point),
           similarity(s.name_plain, %(street)s) AS likeness
    FROM geo_streetname s
    WHERE s.city_id = ANY(%(cities)s) AND (s.name_plain %% %(street)s OR s.name_plain LIKE %(begins)s)
    ORDER BY s.name_plain = %(street)s DESC, likeness DESC, s.addresses DESC LIMIT %(most)s
"""
# Houses of these streets with the number asked for, or in the alley it names; each with the unit that holds it on the day.
_HOUSES = """
    WITH house AS (
        SELECT a.id, a.city_id, a.key, a.house_number, a.house_number_plain, a.street, a.street_plain, a.former_unit,
               a.parcel_key, a.geom, a.source_id
        FROM unnest(%(plains)s::text[]) named(plain)
        CROSS JOIN LATERAL (
            SELECT * FROM geo_address b
            WHERE b.city_id = ANY(%(cities)s) AND b.street_plain = named.plain
              AND b.house_number_plain LIKE %(begins)s
              AND (b.house_number_plain = %(house)s OR b.house_number_plain LIKE %(alley)s)
              AND b.valid_from <= %(on)s AND (b.valid_to IS NULL OR b.valid_to > %(on)s)
            ORDER BY b.house_number_plain <> %(house)s, length(b.house_number_plain), b.house_number_plain
            LIMIT %(most)s
        ) a
        ORDER BY a.house_number_plain <> %(house)s, length(a.house_number_plain), a.house_number_plain LIMIT %(most)s
    )
    SELECT house.city_id, house.key, house.house_number, house.house_number_plain, house.street, house.street_plain,
           house.former_unit, ST_X(house.geom), ST_Y(house.geom), coalesce(u.name, ''), s.is_generated,
           CASE WHEN house.former_unit <> '' THEN '' ELSE coalesce((
               SELECT string_agg(DISTINCT m.old_name, ' / ') FROM geo_adminunitsuccession m
               WHERE m.city_id = house.city_id AND m.new_code = u.code AND m.is_listed), '') END,
           coalesce((SELECT q.key FROM geo_parcel q WHERE house.parcel_key <> '' AND q.city_id = house.city_id
               AND q.key = house.parcel_key AND q.valid_from <= %(on)s AND (q.valid_to IS NULL OR q.valid_to > %(on)s)
               LIMIT 1), '')
    FROM house JOIN geo_registersource s ON s.id = house.source_id
    LEFT JOIN LATERAL (
        SELECT name, code FROM geo_adminunit v WHERE v.city_id = house.city_id AND v.valid_from <= %(on)s
           AND (v.valid_to IS NULL OR v.valid_to > %(on)s) AND ST_Covers(v.geom, house.geom) ORDER BY v.level LIMIT 1
    ) u ON true
"""
_NAMED = "SELECT name_plain FROM geo_streetname WHERE city_id = ANY(%(cities)s) AND name_plain = ANY(%(names)s)"
_NEAREST = """
    SELECT a.city_id, a.key, a.house_number, a.house_number_plain, a.street, a.street_plain, a.former_unit,
           ST_X(a.geom), ST_Y(a.geom), '', false, '', ''
    FROM geo_address a
    WHERE a.city_id = ANY(%(cities)s) AND a.street_plain = ANY(%(plains)s) AND a.house_number_plain ~ '^[0-9]{1,6}[a-z]?$'
      AND a.valid_from <= %(on)s AND (a.valid_to IS NULL OR a.valid_to > %(on)s)
    ORDER BY abs(substring(a.house_number_plain from '^[0-9]+')::int - %(number)s), a.house_number_plain LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Street:
    """A street that the typed words may mean."""

    city_id: int
    name: str
    plain: str
    addresses: int
    lon: float
    lat: float
    likeness: float


def find_streets(street: str, cities: Sequence[int]) -> list[Street]:
    """Streets by their plain name, the likest first; those begun by the words count as like too."""
    if len(street) < 2:
        return []
    values = {
        "street": street, "begins": _escape(street) + "%", "cities": list(cities), "most": MOST_STREETS,
    }  # fmt: skip
    found = [
        Street(city, name, plain, addresses, lon, lat, _judge_likeness(street, plain, float(trigrams)))
        for city, name, plain, addresses, lon, lat, trigrams in fetch(_STREETS, values)
    ]
    return [one for one in found if one.likeness >= LEAST_LIKENESS]


def part_units(words: AddressWords, cities: Sequence[int]) -> AddressWords:
    """'nguyen thai son go vap' without a comma: the longest beginning that is a street; the rest reads as a unit."""
    spoken = words.street.split()
    beginnings = [" ".join(spoken[:count]) for count in range(len(spoken) - 1, max(len(spoken) - 5, 0), -1)]
    if not beginnings:
        return words
    known = {row[0] for row in fetch(_NAMED, {"cities": list(cities), "names": beginnings})}
    for street in beginnings:
        if street in known:
            rest = words.street[len(street) :].strip()
            return AddressWords(words.house, street, (UnitWords("", rest), *words.units))
    return words


def find_houses(
    words: AddressWords, streets: Sequence[Street], cities: Sequence[int], on: date, slugs: dict[int, str]
) -> list[SearchHit]:
    """Houses with the number on one of the streets, and those in the alley that the number names."""
    if not words.house or not streets:
        return []
    values = {
        "plains": [street.plain for street in streets], "cities": list(cities), "house": words.house,
        "begins": _escape(words.house) + "%", "alley": _escape(words.house) + "/%", "on": on, "most": MOST_HOUSES,
    }  # fmt: skip
    likeness = {(street.city_id, street.plain): street.likeness for street in streets}
    return [_house(row, words, likeness, slugs) for row in fetch(_HOUSES, values)]


def find_nearest_houses(
    words: AddressWords, streets: Sequence[Street], cities: Sequence[int], on: date, slugs: dict[int, str]
) -> list[SearchHit]:
    """Where the number is not on record: the nearest numbers of the likest street."""
    number = re.match(r"^[a-z]*(\d{1,6})", words.house)
    sure = [street for street in streets if street.likeness > 0.75][:1]
    if not number or not sure:
        return []
    values = {
        "plains": [sure[0].plain],
        "cities": list(cities),
        "on": on,
        "number": int(number[1]),
        "most": MOST_NEAREST,
    }
    likeness = {(street.city_id, street.plain): street.likeness for street in sure}
    return [_house(row, words, likeness, slugs, nearest=True) for row in fetch(_NEAREST, values)]


def street_hits(streets: Iterable[Street], words: AddressWords, slugs: dict[int, str]) -> list[SearchHit]:
    """The streets themselves; below their houses where a number was typed."""
    ceiling = 0.6 if words.house else 0.9
    return [
        SearchHit(
            kind=HitKind.STREET, title=street.name, key=street.name, city=slugs[street.city_id],
            why=Why.EXACT if street.likeness >= 1 else Why.SPELLING, score=ceiling * street.likeness,
            detail=str(street.addresses), lon=street.lon, lat=street.lat,
        )
        for street in streets
    ]  # fmt: skip


def _house(
    row: Row,
    words: AddressWords,
    likeness: dict[tuple[int, str], float],
    slugs: dict[int, str],
    *,
    nearest: bool = False,
) -> SearchHit:
    city, key, number, plain, street, street_plain, former, lon, lat, unit, is_generated, formers, parcel = row
    alike = likeness.get((city, street_plain), 0.0)
    former = former or formers
    if nearest:
        why, number_score = Why.NEAREST_NUMBER, 0.05
    elif plain != words.house:
        why, number_score = Why.IN_ALLEY, 0.2
    else:
        why, number_score = (Why.EXACT if alike >= 1 else Why.SPELLING), 0.3
    score = 0.5 * alike + number_score + 0.2 * judge_units(words.units, unit, former)
    return SearchHit(
        kind=HitKind.ADDRESS, title=f"{number} {street}", key=key, city=slugs[city], why=why, score=score, detail=street,
        unit=unit, former_unit=former, lon=lon, lat=lat, is_generated=is_generated, parcel_key=parcel,
    )  # fmt: skip


def judge_units(typed: Sequence[UnitWords], unit: str, former: str) -> float:
    """Share of the typed units that the address lies in, by today's or the former name; half when none was typed."""
    wanted = [word for word in typed if word.level != "city"]
    if not wanted:
        return 0.5
    text = " ".join(re.split(r"[,/\s]+", make_plain(f"{unit} , {former}")))
    return sum(_stands_in(word, text) for word in wanted) / len(wanted)


def _stands_in(word: UnitWords, text: str) -> bool:
    if word.name.isdigit():
        before = "(?:phuong|quan)" if not word.level else "phuong" if word.level == "ward" else "quan"
        return bool(re.search(rf"\b{before} 0*{word.name}\b", text))
    return bool(re.search(rf"\b{re.escape(word.name)}\b", text))


def _judge_likeness(typed: str, name: str, trigrams: float) -> float:
    """Trigram likeness; a name begun by the typed words counts as nearly the same, the longer the less."""
    if typed == name:
        return 1.0
    if name.startswith(typed + " "):
        return max(trigrams, 0.9 - _LOSS_PER_WORD * len(name[len(typed) :].split()))
    return min(trigrams, 0.97)


def _escape(text: str) -> str:
    """For LIKE: what stands for itself."""
    return re.sub(r"([\\%_])", r"\\\1", text)
