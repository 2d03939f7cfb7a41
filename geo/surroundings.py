"""Rows around a place -> facts with distances, shares and likelihoods, all measured in the city's own metres. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Geometry

from geo.allowed_uses import parse_allowed_uses
from geo.crs import Bounds, CitySystem
from geo.facts import (
    ASKED_BY_NAME,
    Coverage,
    OverlayFact,
    ParcelFact,
    PermitFact,
    PlaceFacts,
    PlanLineFact,
    Register,
    RegisterState,
    RoadFact,
    SidewalkFact,
    SourceRef,
    UnitFact,
    ZoneShare,
)
from geo.parcel_match import error_covariance_m2, match_parcels
from geo.permit_standing import judge_standing
from geo.position import Position

Row = tuple[Any, ...]
Sources = Mapping[int, SourceRef]
Outlines = NDArray[np.object_]
Fact = TypeVar("Fact")

LEAST_SHARE_M2 = 0.1  # smaller overlaps come from two drawings of one line
NEAREST_LISTED = 12


@dataclass(frozen=True, slots=True)
class Here:
    """A position with the metric system of its place; distances are counted from it."""

    position: Position
    system: CitySystem

    def box(self, radius_m: float) -> Bounds:
        """Degrees that hold everything within the radius."""
        east, north = self.system.to_metric(self.position.lon, self.position.lat)
        return self._degrees(east - radius_m, north - radius_m, east + radius_m, north + radius_m)

    def box_around(self, outlines: Sequence[Geometry]) -> Bounds:
        """Degrees that hold the position and these outlines (metres from here)."""
        west, south, east, north = shapely.total_bounds([shapely.Point(0, 0), *outlines])
        x, y = self.system.to_metric(self.position.lon, self.position.lat)
        return self._degrees(x + west - 1, y + south - 1, x + east + 1, y + north + 1)

    def metres(self, wkb: Sequence[bytes | None]) -> Outlines:
        """Outlines in metres, the position at 0, 0."""
        origin = np.array(self.system.to_metric(self.position.lon, self.position.lat))
        outlines = np.array(shapely.from_wkb(np.array(wkb, dtype=object)), dtype=object, ndmin=1)
        return np.asarray(shapely.transform(outlines, lambda lonlat: self.system.to_metric_array(lonlat) - origin))

    def distances_m(self, outlines: Outlines) -> NDArray[np.float64]:
        """From the position; 0 inside, NaN where there is no outline."""
        return np.asarray(shapely.distance(shapely.Point(0, 0), outlines), dtype=np.float64)

    def _degrees(self, west_m: float, south_m: float, east_m: float, north_m: float) -> Bounds:
        corners = np.array([(west_m, south_m), (west_m, north_m), (east_m, south_m), (east_m, north_m)])
        lonlat = self.system.to_lonlat_array(corners)
        (west, south), (east, north) = lonlat.min(axis=0), lonlat.max(axis=0)
        return float(west), float(south), float(east), float(north)


def make_units(rows: Sequence[Row], sources: Sources) -> tuple[UnitFact, ...]:
    """Units as they come."""
    return tuple(
        UnitFact(code, name, level, sources[source], tuple(former)) for source, code, name, level, former in rows
    )


def make_parcels(
    rows: Sequence[Row], here: Here, sources: Sources, radius_m: float
) -> tuple[list[ParcelFact], list[Geometry]]:
    """Candidates with their likelihood, nearest first, and their outlines in metres; zones are added later."""
    outlines = here.metres([row[-1] for row in rows])
    distances = here.distances_m(outlines)
    near = [index for index in np.argsort(distances, kind="stable") if distances[index] <= radius_m]
    likelihoods = match_parcels([outlines[index] for index in near], error_covariance_m2(here.position))
    chosen = [(index, likelihood) for index, likelihood in zip(near, likelihoods, strict=True) if likelihood > 0]
    chosen.sort(key=lambda pair: (distances[pair[0]], -pair[1]))
    facts = [_parcel(rows[index], float(distances[index]), likelihood, sources) for index, likelihood in chosen]
    return facts, [outlines[index] for index, _ in chosen]


def _parcel(row: Row, distance_m: float, likelihood: float, sources: Sources) -> ParcelFact:
    source, key, sheet, number, stated, measured, use_code, address, geometry, _ = row
    return ParcelFact(
        key=key,
        sheet=sheet,
        number=number,
        stated_area_m2=stated,
        measured_area_m2=measured,
        use_code=use_code,
        address=address,
        distance_m=distance_m,
        likelihood=likelihood,
        zones=(),
        geometry=geometry,
        source=sources[source],
    )


def add_zones(
    parcels: Sequence[ParcelFact], outlines: Sequence[Geometry], rows: Sequence[Row], here: Here, sources: Sources
) -> tuple[tuple[ParcelFact, ...], tuple[ZoneShare, ...]]:
    """The parcels with their shares of every district, and the districts at the position itself."""
    districts = here.metres([row[-1] for row in rows])
    shared = [
        replace(parcel, zones=_shares(rows, districts, outline, parcel.measured_area_m2, sources))
        for parcel, outline in zip(parcels, outlines, strict=True)
    ]
    at_point = [index for index, distance in enumerate(here.distances_m(districts)) if distance == 0]
    return tuple(shared), tuple(_in_order([_zone(rows[index], 0.0, 100.0, sources) for index in at_point]))


def _shares(
    rows: Sequence[Row], districts: Outlines, outline: Geometry, area_m2: float, sources: Sources
) -> tuple[ZoneShare, ...]:
    """Overlaps in m2 and % of the parcel; several pieces of one district code in one plan count together."""
    areas: dict[tuple[Any, ...], tuple[float, Row]] = {}
    for row, area in zip(rows, shapely.area(shapely.intersection(districts, outline)), strict=True):
        name = row[:4]  # source, plan kind, plan, code
        areas[name] = (areas.get(name, (0.0, row))[0] + float(area), areas.get(name, (0.0, row))[1])
    whole = area_m2 or float(outline.area)
    return tuple(
        _in_order([_zone(row, m2, 100 * m2 / whole, sources) for m2, row in areas.values() if m2 >= LEAST_SHARE_M2])
    )


def _in_order(zones: list[ZoneShare]) -> list[ZoneShare]:
    return sorted(zones, key=lambda zone: (zone.plan_kind, zone.plan, -zone.area_m2, zone.code))


def _zone(row: Row, area_m2: float, share_pct: float, sources: Sources) -> ZoneShare:
    (source, plan_kind, plan, code, name, status, decision, scale, storeys, density, ratio, setback, uses, _) = row
    told = sources[source]
    return ZoneShare(
        plan_kind=plan_kind,
        plan=plan,
        code=code,
        name=name,
        area_m2=area_m2,
        share_pct=min(share_pct, 100.0),
        status=status,
        source=replace(told, decision=decision or told.decision, scale=scale or told.scale),
        max_storeys=storeys,
        max_density_pct=density,
        max_floor_area_ratio=ratio,
        setback_m=setback,
        allowed_uses=tuple(str(use) for use in json.loads(uses)),
    )


def make_overlays(rows: Sequence[Row], sources: Sources) -> tuple[OverlayFact, ...]:
    """Overlay districts as they come."""
    return tuple(
        OverlayFact(name, kind, replace(sources[source], decision=decision or sources[source].decision))
        for source, name, kind, decision in rows
    )


def make_plan_lines(rows: Sequence[Row], here: Here, sources: Sources, radius_m: float) -> tuple[PlanLineFact, ...]:
    """Plan lines within the radius, nearest first."""

    def make(row: Row, distance_m: float) -> PlanLineFact:
        source, kind, name, width_m, _ = row
        return PlanLineFact(kind, name, width_m, distance_m, sources[source])

    return _nearest(rows, here, radius_m, make)


def make_roads(rows: Sequence[Row], here: Here, sources: Sources, radius_m: float) -> tuple[RoadFact, ...]:
    """Roads within the radius, nearest first; a centre line with a width counts from the carriageway's edge."""

    def make(row: Row, distance_m: float) -> RoadFact:
        source, name, road_class, width_m, wkb = row
        is_line = shapely.get_dimensions(shapely.from_wkb(wkb)) == 1
        to_edge = max(0.0, distance_m - width_m / 2) if is_line and width_m else distance_m
        return RoadFact(name, road_class, width_m, to_edge, sources[source])

    return tuple(sorted(_nearest(rows, here, radius_m, make), key=lambda road: road.distance_m))


def make_sidewalks(rows: Sequence[Row], here: Here, sources: Sources, radius_m: float) -> tuple[SidewalkFact, ...]:
    """Sidewalk segments within the radius, nearest first."""

    def make(row: Row, distance_m: float) -> SidewalkFact:
        source, key, street, width_m, uses, geometry, _ = row
        allowed = parse_allowed_uses(json.loads(uses))
        return SidewalkFact(key, street, width_m, distance_m, allowed, geometry, sources[source])

    return _nearest(rows, here, radius_m, make)


def _nearest(rows: Sequence[Row], here: Here, radius_m: float, make: Callable[[Row, float], Fact]) -> tuple[Fact, ...]:
    distances = here.distances_m(here.metres([row[-1] for row in rows]))
    near = [int(index) for index in np.argsort(distances, kind="stable") if distances[index] <= radius_m]
    return tuple(make(rows[index], float(distances[index])) for index in near[:NEAREST_LISTED])


def make_permits(
    rows: Sequence[Row], here: Here, sources: Sources, radius_m: float, parcels: Sequence[ParcelFact], on: date
) -> tuple[PermitFact, ...]:
    """Permits on a candidate parcel or within the radius, nearest first, with their standing on the day.

    A permit without a place of its own is as far as its nearest candidate parcel.
    """
    reach = {parcel.key: parcel.distance_m for parcel in parcels}
    distances = here.distances_m(here.metres([row[-2] for row in rows]))
    facts = []
    for row, own_m in zip(rows, distances, strict=True):
        source, number, kind, status, issued_on, expires_on, keys, storeys, floor_m2, conditions, _, current = row
        named = tuple(dict.fromkeys([*(str(key) for key in json.loads(keys)), *current]))
        linked = [reach[key] for key in named if key in reach]
        distance_m = min([*linked, *([] if np.isnan(own_m) else [float(own_m)])], default=float("inf"))
        if not linked and distance_m > radius_m:
            continue
        standing = judge_standing(status, issued_on, expires_on, on)
        facts.append(
            PermitFact(
                number=number,
                kind=kind,
                status=status,
                standing=standing.value,
                issued_on=issued_on,
                expires_on=expires_on,
                parcel_keys=named,
                storeys=storeys,
                floor_area_m2=floor_m2,
                distance_m=distance_m,
                source=sources[source],
                conditions=conditions,
            )
        )
    return tuple(sorted(facts, key=lambda permit: (permit.distance_m, permit.number)))


def with_registers(facts: PlaceFacts, covering: Mapping[Register, Sequence[SourceRef]]) -> PlaceFacts:
    """The facts with the state of every register: found, checked (its area holds the place) or no data."""
    found: dict[Register, tuple[Any, ...]] = {
        Register.ADMIN_UNIT: facts.units,
        Register.PARCEL: facts.parcels,
        Register.ZONING: facts.zones or tuple(zone for parcel in facts.parcels for zone in parcel.zones),
        Register.OVERLAY: facts.overlays,
        Register.PLAN_LINE: facts.plan_lines,
        Register.ROAD: facts.roads,
        Register.SIDEWALK: facts.sidewalks,
        Register.PERMIT: facts.permits,
    }
    asked = (register for register in Register if register not in ASKED_BY_NAME)
    states = tuple(_state(register, found.get(register, ()), covering[register]) for register in asked)
    return replace(facts, registers=states)


def _state(register: Register, found: Sequence[Any], covering: Sequence[SourceRef]) -> RegisterState:
    if found:
        named: dict[str, SourceRef] = {}
        for source in (*covering, *(fact.source for fact in found)):
            named.setdefault(source.name, source)
        return RegisterState(register, Coverage.FOUND, tuple(named.values()))
    return RegisterState(register, Coverage.CHECKED if covering else Coverage.NO_DATA, tuple(covering))
