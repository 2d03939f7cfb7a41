"""What the register tables hold around a place on a day: one statement per register, called by ``geo.queries``.

Outlines come as WKB in degrees, large ones clipped to the box asked for (it is larger than any distance measured).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.db import connection
from psycopg.sql import SQL, Composed

from geo.crs import Bounds

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A city, a day and a point in degrees."""

    city_id: int
    on: date
    lon: float
    lat: float


class PlaceRegisters(Protocol):
    """Who can tell what lies around a place on a day: this module, or ``geo.memory_registers``. Rows as documented here."""

    def list_sources(self, asked: Asked, /) -> list[Row]: ...
    def list_units(self, asked: Asked, /) -> list[Row]: ...
    def list_parcels(self, asked: Asked, box: Bounds, /) -> list[Row]: ...
    def list_districts(self, asked: Asked, box: Bounds, /) -> list[Row]: ...
    def list_overlays(self, asked: Asked, /) -> list[Row]: ...
    def list_plan_lines(self, asked: Asked, box: Bounds, /) -> list[Row]: ...
    def list_roads(self, asked: Asked, box: Bounds, /) -> list[Row]: ...
    def list_sidewalks(self, asked: Asked, box: Bounds, /) -> list[Row]: ...
    def list_permits(self, asked: Asked, box: Bounds, parcel_keys: Sequence[str], /) -> list[Row]: ...


_DATED = SQL("r.city_id = %(city)s AND r.valid_from <= %(on)s AND (r.valid_to IS NULL OR r.valid_to > %(on)s)")
_POINT = SQL("ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326)")
_BOX = SQL("ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326)")


def _state(text: str) -> Composed:
    return SQL(text).format(dated=_DATED, point=_POINT, box=_BOX)


_SOURCES = _state(
    "SELECT r.id, r.register, r.name, r.title_vi, r.title_en, r.source_on, r.decision, r.scale, r.licence,"
    " r.is_generated, r.register <> 'admin_unit' AND r.coverage IS NOT NULL AND ST_Covers(r.coverage, {point})"
    " FROM geo_registersource r WHERE {dated} ORDER BY r.id"
)
_UNITS = _state(
    "SELECT r.source_id, r.code, r.name, r.level, ARRAY(SELECT DISTINCT s.old_name FROM geo_adminunitsuccession s"
    " WHERE s.city_id = r.city_id AND s.new_code = r.code AND s.is_listed AND s.valid_from <= %(on)s ORDER BY 1)"
    " FROM geo_adminunit r WHERE {dated} AND ST_Covers(r.geom, {point}) ORDER BY r.level, r.code"
)
_PARCELS = _state(
    "SELECT r.source_id, r.key, r.sheet, r.number, r.stated_area_m2, r.measured_area_m2, r.use_code, r.address,"
    " ST_AsGeoJSON(r.geom, 8), ST_AsBinary(r.geom) FROM geo_parcel r WHERE {dated} AND r.geom && {box}"
)
_DISTRICTS = _state(
    "SELECT r.source_id, r.plan_kind, r.plan, r.code, r.name, r.status, r.decision, r.scale, r.max_storeys,"
    " r.max_density_pct, r.max_floor_area_ratio, r.setback_m, r.allowed_uses::text,"
    " ST_AsBinary(ST_ClipByBox2D(r.geom, {box})) FROM geo_zoningdistrict r WHERE {dated} AND r.geom && {box}"
)
_OVERLAYS = _state(
    "SELECT r.source_id, r.name, r.kind, r.decision FROM geo_overlaydistrict r"
    " WHERE {dated} AND ST_Covers(r.geom, {point}) ORDER BY r.name"
)
_PLAN_LINES = _state(
    "SELECT r.source_id, r.kind, r.name, r.width_m, ST_AsBinary(ST_ClipByBox2D(r.geom, {box}))"
    " FROM geo_planline r WHERE {dated} AND r.geom && {box}"
)
_ROADS = _state(
    "SELECT r.source_id, r.name, r.road_class, r.width_m, ST_AsBinary(ST_ClipByBox2D(r.geom, {box}))"
    " FROM geo_roadsegment r WHERE {dated} AND r.geom && {box}"
)
_SIDEWALKS = _state(
    "SELECT r.source_id, r.key, r.street, r.width_m, r.allowed_uses::text, ST_AsGeoJSON(r.geom, 8), ST_AsBinary(r.geom)"
    " FROM geo_sidewalksegment r WHERE {dated} AND r.geom && {box}"
)
_PERMITS = _state(
    "SELECT r.source_id, r.number, r.kind, r.status, r.issued_on, r.expires_on, r.parcel_keys::text, r.storeys,"
    " r.floor_area_m2, r.conditions, ST_AsBinary(r.geom),"
    " ARRAY(SELECT s.new_key FROM geo_parcelsuccession s WHERE s.city_id = r.city_id AND s.is_listed"
    " AND s.new_key = ANY(%(keys)s) AND r.parcel_keys ? s.old_key)"
    " FROM geo_permit r WHERE {dated} AND (r.geom && {box} OR r.parcel_keys ?| (%(keys)s::text[] || ARRAY("
    "SELECT s.old_key::text FROM geo_parcelsuccession s"
    " WHERE s.city_id = %(city)s AND s.is_listed AND s.new_key = ANY(%(keys)s))))"
)


def list_sources(asked: Asked) -> list[Row]:
    """Sources that can speak of the day: id, register, texts, date, generated, and whether their area holds the point."""
    return _fetch(_SOURCES, asked)


def list_units(asked: Asked) -> list[Row]:
    """Units that hold the point, with the names of the units they came from."""
    return _fetch(_UNITS, asked)


def list_parcels(asked: Asked, box: Bounds) -> list[Row]:
    """Parcels that touch the box, whole."""
    return _fetch(_PARCELS, asked, box)


def list_districts(asked: Asked, box: Bounds) -> list[Row]:
    """Zoning districts that touch the box, clipped to it."""
    return _fetch(_DISTRICTS, asked, box)


def list_overlays(asked: Asked) -> list[Row]:
    """Overlay districts that hold the point."""
    return _fetch(_OVERLAYS, asked)


def list_plan_lines(asked: Asked, box: Bounds) -> list[Row]:
    """Plan lines that touch the box, clipped to it."""
    return _fetch(_PLAN_LINES, asked, box)


def list_roads(asked: Asked, box: Bounds) -> list[Row]:
    """Roads that touch the box, clipped to it."""
    return _fetch(_ROADS, asked, box)


def list_sidewalks(asked: Asked, box: Bounds) -> list[Row]:
    """Sidewalk segments that touch the box, whole."""
    return _fetch(_SIDEWALKS, asked, box)


def list_permits(asked: Asked, box: Bounds, parcel_keys: Sequence[str]) -> list[Row]:
    """Permits in the box or on one of the parcels, also under a parcel's former key.

    The last column holds today's keys of parcels that the permit names by a former one.
    """
    return _fetch(_PERMITS, asked, box, parcel_keys)


def _fetch(
    statement: Composed, asked: Asked, box: Bounds = (0.0, 0.0, 0.0, 0.0), parcel_keys: Sequence[str] = ()
) -> list[Row]:
    west, south, east, north = box
    values: dict[str, Any] = {
        "city": asked.city_id,
        "on": asked.on,
        "lon": asked.lon,
        "lat": asked.lat,
        "west": west,
        "south": south,
        "east": east,
        "north": north,
        "keys": list(parcel_keys),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
