"""From register facts and a placed sighting (degrees) to metres and the ground facts of one thing. Pure (shapely, pyproj).

All measuring is done in the city's metric system that holds the place; results go back to lon, lat where people look.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import hypot

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Point, Polygon, affinity
from shapely.geometry.base import BaseGeometry

from geo.crs import CitySystem
from geo.facts import PlaceFacts
from geo.parcel_match import error_covariance_m2, match_parcels
from geo.position import Position
from rules.ground import ParcelArea, Placed, SidewalkArea, measure_ground
from rules.site_facts import GroundFacts, SightingFacts

PARCELS_WITHIN_M = 10.0  # of one thing: what its sketch shows


def place_thing(sighting: SightingFacts, system: CitySystem) -> Placed:
    """A sighting in metres. A ring that crosses itself or has no area is no outline: the foot point is left."""
    foot = system.to_metric(sighting.position.lon, sighting.position.lat)
    (ee, en), (_, nn) = error_covariance_m2(sighting.position)
    return Placed(foot, (float(ee), float(en), float(nn)), _outline(sighting.footprint, system))


def lay_out(
    thing: Placed, place: PlaceFacts, parcels: Sequence[ParcelArea], others: Sequence[Placed], system: CitySystem
) -> GroundFacts:
    """The thing over the registers' polygons; ``others`` are what else stands there."""
    ground = measure_ground(thing, sidewalks=list_sidewalk_areas(place, system), parcels=parcels, others=others)
    if ground.free_width is None:
        return ground
    gap = tuple(system.to_lonlat(x, y) for x, y in ground.free_width.gap)
    return replace(ground, free_width=replace(ground.free_width, gap=gap))


def list_sidewalk_areas(place: PlaceFacts, system: CitySystem) -> list[SidewalkArea]:
    """The sidewalk segments of a place in metres, with their painted slots."""
    return [
        SidewalkArea(
            fact.key,
            to_metric(fact.geometry, system),
            tuple((n, to_metric(use.slot, system)) for n, use in enumerate(fact.allowed_uses) if use.slot),
        )
        for fact in place.sidewalks
    ]


def anchor(place: PlaceFacts, position: Position, system: CitySystem) -> PlaceFacts:
    """The facts of a spot, told from one thing on it: distances to sidewalks, distances and likelihoods of the parcels
    near it (0 for one that its error does not reach). Everything else is the spot's.
    """
    east, north = system.to_metric(position.lon, position.lat)
    outlines = [affinity.translate(to_metric(p.geometry, system), -east, -north) for p in place.parcels]
    likelihoods = match_parcels(outlines, error_covariance_m2(position))
    parcels = [
        replace(fact, distance_m=_distance_m(outline), likelihood=likelihood)
        for fact, outline, likelihood in zip(place.parcels, outlines, likelihoods, strict=True)
    ]
    foot = Point(east, north)
    walks = [replace(w, distance_m=float(foot.distance(to_metric(w.geometry, system)))) for w in place.sidewalks]
    return replace(
        place,
        position=position,
        parcels=tuple(sorted((p for p in parcels if p.distance_m <= PARCELS_WITHIN_M), key=lambda p: p.distance_m)),
        sidewalks=tuple(sorted(walks, key=lambda w: w.distance_m)),
    )


def group_spots(positions: Sequence[tuple[float, float]], reach_m: float) -> list[list[int]]:
    """Indexes of positions (metres) by spot: each lies within ``reach_m`` of the first of its spot."""
    spots: list[list[int]] = []
    for index, (x, y) in enumerate(positions):
        near = (s for s in spots if hypot(x - positions[s[0]][0], y - positions[s[0]][1]) <= reach_m)
        spot = next(near, None)
        if spot is None:
            spots.append([index])
        else:
            spot.append(index)
    return spots


def _distance_m(outline: BaseGeometry) -> float:
    return float(outline.distance(Point(0.0, 0.0)))


def to_metric(geojson: str, system: CitySystem) -> BaseGeometry:
    """GeoJSON in degrees to a valid area in metres."""

    def convert(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        return system.to_metric_array(lonlat)

    shape = shapely.transform(shapely.from_geojson(geojson), convert)
    return shapely.make_valid(shape, method="structure", keep_collapsed=False)


def _outline(ring: Sequence[tuple[float, float]], system: CitySystem) -> Polygon | None:
    if len(ring) < 4:
        return None
    polygon = Polygon(system.to_metric_array(np.array(ring)))
    return polygon if polygon.is_valid and polygon.area > 0 else None
