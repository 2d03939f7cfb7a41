"""Reads of the registers: which city, what is on record at a place on a day, which unit bears a name, what was faulty."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils.translation import get_language

from errors import PlaceError
from geo import place_rows, surroundings
from geo.crs import Bounds, CitySystem, choose_system, parse_system
from geo.facts import PlaceFacts, Register, SourceRef
from geo.models import City
from geo.parcel_match import search_radius_m
from geo.place_rows import Asked, PlaceRegisters
from geo.position import Position
from geo.typed_coordinates import TypedPlace, parse_coordinates

LEAST_RADIUS_M = 1.0
MOST_RADIUS_M = 60.0  # a vaguer position names no parcel: the list would be a street
SIDEWALKS_WITHIN_M = 20.0
PERMITS_WITHIN_M = 30.0
LINES_WITHIN_M = 40.0


@dataclass(frozen=True, slots=True)
class CityRef:
    """A loaded city as other rooms need it."""

    id: int
    slug: str
    timezone: str
    systems: tuple[CitySystem, ...]


def find_city(lon: float, lat: float) -> CityRef | None:
    """The city whose units hold the point (whose bounds do, before its units are loaded), or none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id, c.slug, c.timezone, c.crs::text, c.bounds::text, c.geometry IS NULL, EXISTS ("
            "SELECT 1 FROM geo_adminunit u WHERE u.city_id = c.id AND u.is_listed"
            " AND ST_Covers(u.geom, ST_SetSRID(ST_MakePoint(%s, %s), 4326))) FROM geo_city c ORDER BY c.id",
            [lon, lat],
        )
        rows = cursor.fetchall()
    for city_id, slug, timezone, crs, bounds, has_no_outline, is_in_unit in rows:
        west, south, east, north = json.loads(bounds)
        in_bounds = west <= lon <= east and south <= lat <= north
        if in_bounds and (is_in_unit or has_no_outline):
            return CityRef(city_id, slug, timezone, _parse_systems(json.loads(crs)))
    return None


def get_metric_system(lon: float, lat: float) -> CitySystem:
    """The city system in which a place is measured; PlaceError outside every city."""
    city = find_city(lon, lat)
    if city is None:
        raise PlaceError("No loaded city holds this place.", field="place", value=f"{lon}, {lat}")
    return choose_system(city.systems, lon, lat)


def gather_facts(position: Position, at: datetime) -> PlaceFacts:
    """All that the registers say of a position on the city's local day of ``at``; ten statements at most.

    Parcels are those that the position's error may mean, 95 % of it and 60 m at most. Outside every city the facts
    are empty and ``city`` is "".
    """
    city = find_city(position.lon, position.lat)
    if city is None:
        return PlaceFacts(position=position, on=at.date(), city="")
    on = at.astimezone(ZoneInfo(city.timezone)).date()
    asked = Asked(city.id, on, position.lon, position.lat)
    here = surroundings.Here(position, choose_system(city.systems, position.lon, position.lat))
    return gather_from(place_rows, asked, here, city.slug)


def gather_from(registers: PlaceRegisters, asked: Asked, here: surroundings.Here, slug: str) -> PlaceFacts:
    """The facts of one position from registers that answer like ``geo.place_rows``: the database, or a pack in memory."""
    source_rows = registers.list_sources(asked)
    sources = refer_to_sources(source_rows)
    radius_m = min(max(search_radius_m(here.position), LEAST_RADIUS_M), MOST_RADIUS_M)
    candidates, outlines = surroundings.make_parcels(
        registers.list_parcels(asked, here.box(radius_m)), here, sources, radius_m
    )
    parcels, zones = surroundings.add_zones(
        candidates, outlines, registers.list_districts(asked, here.box_around(outlines)), here, sources
    )
    keys = [parcel.key for parcel in parcels]
    permit_rows = registers.list_permits(asked, here.box(PERMITS_WITHIN_M), keys)
    line_box = here.box(LINES_WITHIN_M)
    walk_m = max(SIDEWALKS_WITHIN_M, radius_m)
    facts = PlaceFacts(
        position=here.position,
        on=asked.on,
        city=slug,
        units=surroundings.make_units(registers.list_units(asked), sources),
        parcels=parcels,
        zones=zones,
        overlays=surroundings.make_overlays(registers.list_overlays(asked), sources),
        plan_lines=surroundings.make_plan_lines(
            registers.list_plan_lines(asked, line_box), here, sources, LINES_WITHIN_M
        ),
        roads=surroundings.make_roads(registers.list_roads(asked, line_box), here, sources, LINES_WITHIN_M),
        sidewalks=surroundings.make_sidewalks(registers.list_sidewalks(asked, here.box(walk_m)), here, sources, walk_m),
        permits=surroundings.make_permits(permit_rows, here, sources, PERMITS_WITHIN_M, parcels, asked.on),
    )
    return surroundings.with_registers(facts, sort_covering(source_rows, sources))


def sort_covering(rows: Iterable[place_rows.Row], sources: dict[int, SourceRef]) -> dict[Register, list[SourceRef]]:
    """The sources whose area holds the place, by register."""
    covering: dict[Register, list[SourceRef]] = {register: [] for register in Register}
    for row in rows:
        if row[10]:
            covering[Register(row[1])].append(sources[row[0]])
    return covering


def refer_to_sources(rows: Iterable[place_rows.Row]) -> dict[int, SourceRef]:
    """Sources by their id, titled in the reader's language."""
    in_vietnamese = (get_language() or "vi").startswith("vi")
    return {
        row[0]: SourceRef(
            name=row[2],
            title=(row[3] if in_vietnamese else row[4]) or row[3],
            source_on=row[5],
            decision=row[6],
            scale=row[7],
            licence=row[8],
            is_generated=row[9],
        )
        for row in rows
    }


def read_typed_place(text: str, city_slug: str) -> TypedPlace:
    """Coordinates typed by a person, in degrees or in the city's metres. InputError or PlaceError when they name no place."""
    city = City.objects.get(slug=city_slug)
    west, south, east, north = city.bounds
    bounds: Bounds = (float(west), float(south), float(east), float(north))
    return parse_coordinates(text, _parse_systems(city.crs), bounds)


def _parse_systems(tables: Sequence[dict[str, Any]]) -> tuple[CitySystem, ...]:
    return tuple(parse_system(table) for table in tables)
