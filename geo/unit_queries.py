"""Administrative units by date: what a name, an address or a point means on a day, from the registers of a city."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Max

from geo.crs import choose_system, parse_system
from geo.facts import Register
from geo.models import AdminUnit, AdminUnitSuccession, City, RegisterLoad
from geo.plain_text import make_plain
from geo.unit_names import parse_part
from geo.unit_resolution import Succession, UnitBook, UnitCandidate, UnitRecord

_AT_POINT = (
    "SELECT code FROM geo_adminunit WHERE city_id = %(city)s AND valid_from <= %(on)s"
    " AND (valid_to IS NULL OR valid_to > %(on)s) AND ST_Covers(geom, ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326))"
    " ORDER BY level, code"
)
_TODAY_AT_POINT = (
    "SELECT code FROM geo_adminunit WHERE city_id = %(city)s AND is_listed AND valid_from > %(on)s"
    " AND ST_Covers(geom, ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326)) ORDER BY valid_from, code"
)
# Measured in the city's own system: part of the old unit's ground that lies in the new one.
_SHARES = (
    "SELECT s.id, ST_Area(ST_Transform(ST_Intersection(o.geom, n.geom), %(srid)s))"
    " / nullif(ST_Area(ST_Transform(o.geom, %(srid)s)), 0) FROM geo_adminunitsuccession s"
    " JOIN geo_adminunit o ON o.city_id = s.city_id AND o.code = s.old_code AND o.valid_to = s.valid_from"
    " JOIN geo_adminunit n ON n.city_id = s.city_id AND n.code = s.new_code AND n.valid_from = s.valid_from AND n.is_listed"
    " WHERE s.city_id = %(city)s AND s.is_listed AND s.share IS NULL AND o.geom IS NOT NULL AND n.geom IS NOT NULL"
)


@dataclass(frozen=True, slots=True)
class UnitsAtPoint:
    """Units of a point on a day. Not ``is_certain`` when the outlines of that day are not on record: the candidates are
    then the units that led to the one of today."""

    candidates: tuple[UnitCandidate, ...]
    is_certain: bool


def resolve_units(city: City, text: str, on: date) -> list[UnitCandidate]:
    """The units of the day that a name or an address may mean, old or new, accents or none; none when nothing fits."""
    return get_unit_book(city).resolve(text, on)


def find_units_at(city: City, lon: float, lat: float, on: date) -> UnitsAtPoint:
    """The units that hold a point on a day, by their outlines; before the outlines begin, those that may have held it."""
    asked: dict[str, Any] = {"city": city.pk, "on": on, "lon": lon, "lat": lat}
    book = get_unit_book(city)
    with connection.cursor() as cursor:
        cursor.execute(_AT_POINT, asked)
        codes = [row[0] for row in cursor.fetchall()]
        if codes:
            return UnitsAtPoint(tuple(c for code in codes for c in book.of_code(code, on)), is_certain=True)
        cursor.execute(_TODAY_AT_POINT, asked)
        later = [row[0] for row in cursor.fetchall()]
    before = [candidate for code in later[:1] for candidate in book.before(code, on)]
    return UnitsAtPoint(tuple(before), is_certain=len(before) == 1)


def get_unit_book(city: City) -> UnitBook:
    """All units of a city; kept until a load changes one of its registers of units."""
    newest = RegisterLoad.objects.filter(
        source__city=city, source__register=Register.ADMIN_UNIT.value, state="done"
    ).aggregate(load=Max("pk"), finished_at=Max("finished_at"))
    return _read_book(city.pk, newest["load"], newest["finished_at"])


@lru_cache(maxsize=8)
def _read_book(city_id: int, _newest_load: int | None, _finished_at: datetime | None) -> UnitBook:
    city = City.objects.get(pk=city_id)
    # Rows that a correction took back begin and end on one day; they never answer.
    units = AdminUnit.objects.filter(city=city).order_by("code", "valid_from")
    moves = AdminUnitSuccession.objects.filter(city=city, is_listed=True).order_by("old_code", "new_code")
    measured = _measure_shares(city)
    return UnitBook(
        (
            UnitRecord(unit.code, unit.name, unit.level, unit.valid_from, unit.valid_to)
            for unit in units.defer("geom")
            if unit.valid_to is None or unit.valid_to > unit.valid_from
        ),
        (
            _tell_share(Succession(m.old_code, m.old_name, m.new_code, m.valid_from), m.share, measured.get(m.pk))
            for m in moves
        ),
        _province_names(city),
    )


def _tell_share(move: Succession, stated: float | None, measured: float | None) -> Succession:
    if stated is not None:
        return replace(move, share=stated, share_from="register")
    return move if measured is None else replace(move, share=round(measured, 4), share_from="outlines")


def _measure_shares(city: City) -> dict[int, float]:
    systems = [parse_system(table) for table in city.crs]
    system = choose_system(systems, *city.center)
    with connection.cursor() as cursor:
        cursor.execute(_SHARES, {"city": city.pk, "srid": system.srid})
        return {row[0]: float(row[1]) for row in cursor.fetchall() if row[1] is not None}


def _province_names(city: City) -> frozenset[str]:
    """How the city itself is written at the end of an address: its name, its initials, with and without 'TP'."""
    plain = make_plain(city.name_vi)
    named = parse_part(plain)
    name = named[0].name if named else plain
    initials = "".join(word[0] for word in name.split())
    return frozenset((name, plain, initials, f"tp{initials}", f"tp {initials}", f"tp.{initials}"))
