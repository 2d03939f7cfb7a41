"""What is on record at many places of one view (the things a camera sees): as many statements as for one place.

The registers are read once for the whole view; distances, likelihoods and shares are then worked out for each position.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection

from geo import place_rows, surroundings
from geo.crs import Bounds, CitySystem, choose_system
from geo.facts import PlaceFacts, Register, SourceRef
from geo.parcel_match import search_radius_m
from geo.place_rows import Asked
from geo.position import Position
from geo.queries import (
    LEAST_RADIUS_M,
    LINES_WITHIN_M,
    MOST_RADIUS_M,
    PERMITS_WITHIN_M,
    SIDEWALKS_WITHIN_M,
    CityRef,
    gather_facts,
    refer_to_sources,
    sort_covering,
)
from geo.surroundings import Here

_SHAPES_OF_ONE_ANSWER = """
    SELECT NOT EXISTS (
        SELECT 1 FROM (
            SELECT geom FROM geo_adminunit WHERE city_id = %(city)s AND is_listed
            UNION ALL SELECT geom FROM geo_overlaydistrict WHERE city_id = %(city)s AND is_listed
            UNION ALL SELECT coverage FROM geo_registersource WHERE city_id = %(city)s
        ) shape (geom)
        WHERE geom && ST_GeomFromEWKT(%(points)s) AND ST_Intersects(geom, ST_GeomFromEWKT(%(points)s))
          AND NOT ST_Covers(geom, ST_GeomFromEWKT(%(points)s))
    )
"""


def gather_facts_of_view(city: CityRef, positions: Sequence[Position], at: datetime) -> list[PlaceFacts]:
    """As ``gather_facts`` for each position, in their order; they lie within a few hundred metres of each other.

    Where a unit, an overlay district or a register ends between them, each is read by itself, and the number of statements
    grows.
    """
    if not positions:
        return []
    on = at.astimezone(ZoneInfo(city.timezone)).date()
    west, east = min(p.lon for p in positions), max(p.lon for p in positions)
    south, north = min(p.lat for p in positions), max(p.lat for p in positions)
    asked = Asked(city.id, on, (west + east) / 2, (south + north) / 2)
    if not _is_one_answer(city, positions):
        return [gather_facts(position, at) for position in positions]
    system = choose_system(city.systems, asked.lon, asked.lat)
    view = _View(asked, city.slug, _widen((west, south, east, north), system, _reach_m(positions)))
    return [view.tell(Here(position, system)) for position in positions]


def _is_one_answer(city: CityRef, positions: Sequence[Position]) -> bool:
    """Whether units, overlay districts and the areas of the registers are the same at all positions."""
    points = ", ".join(f"{p.lon!r} {p.lat!r}" for p in positions)
    with connection.cursor() as cursor:
        cursor.execute(_SHAPES_OF_ONE_ANSWER, {"city": city.id, "points": f"SRID=4326;MULTIPOINT({points})"})
        return bool(cursor.fetchone()[0])


def _reach_m(positions: Sequence[Position]) -> float:
    """How far around the positions the registers are read."""
    return max(LINES_WITHIN_M, *(_radius_m(position) for position in positions))


def _radius_m(position: Position) -> float:
    return min(max(search_radius_m(position), LEAST_RADIUS_M), MOST_RADIUS_M)


def _widen(bounds: Bounds, system: CitySystem, by_m: float) -> Bounds:
    west, south, east, north = bounds
    corners = [system.to_metric(lon, lat) for lon in (west, east) for lat in (south, north)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    ends = [system.to_lonlat(x, y) for x in (min(xs) - by_m, max(xs) + by_m) for y in (min(ys) - by_m, max(ys) + by_m)]
    return min(e[0] for e in ends), min(e[1] for e in ends), max(e[0] for e in ends), max(e[1] for e in ends)


class _View:
    """The registers' rows around all positions, read once."""

    def __init__(self, asked: Asked, slug: str, box: Bounds) -> None:
        self._asked, self._slug = asked, slug
        source_rows = place_rows.list_sources(asked)
        self._sources: dict[int, SourceRef] = refer_to_sources(source_rows)
        self._covering: dict[Register, list[SourceRef]] = sort_covering(source_rows, self._sources)
        self._units, self._overlays = place_rows.list_units(asked), place_rows.list_overlays(asked)
        self._parcels = place_rows.list_parcels(asked, box)
        self._districts = place_rows.list_districts(asked, box)
        self._lines, self._roads = place_rows.list_plan_lines(asked, box), place_rows.list_roads(asked, box)
        self._sidewalks = place_rows.list_sidewalks(asked, box)
        self._permits = place_rows.list_permits(asked, box, [row[1] for row in self._parcels])

    def tell(self, here: Here) -> PlaceFacts:
        """The facts of one position."""
        sources, radius_m = self._sources, _radius_m(here.position)
        walk_m = max(SIDEWALKS_WITHIN_M, radius_m)
        candidates, outlines = surroundings.make_parcels(self._parcels, here, sources, radius_m)
        parcels, zones = surroundings.add_zones(candidates, outlines, self._districts, here, sources)
        facts = PlaceFacts(
            position=here.position,
            on=self._asked.on,
            city=self._slug,
            units=surroundings.make_units(self._units, sources),
            parcels=parcels,
            zones=zones,
            overlays=surroundings.make_overlays(self._overlays, sources),
            plan_lines=surroundings.make_plan_lines(self._lines, here, sources, LINES_WITHIN_M),
            roads=surroundings.make_roads(self._roads, here, sources, LINES_WITHIN_M),
            sidewalks=surroundings.make_sidewalks(self._sidewalks, here, sources, walk_m),
            permits=surroundings.make_permits(self._permits, here, sources, PERMITS_WITHIN_M, parcels, self._asked.on),
        )
        return surroundings.with_registers(facts, self._covering)
