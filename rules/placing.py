"""From register facts and a placed sighting (degrees) to metres and the ground facts of one thing. Pure (shapely, pyproj).

All measuring is done in the city's metric system that holds the place; results go back to lon, lat where people look.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon, from_geojson
from shapely.geometry.base import BaseGeometry

from geo.crs import CitySystem
from geo.facts import PlaceFacts
from geo.parcel_match import error_covariance_m2
from rules.ground import ParcelArea, Placed, SidewalkArea, measure_ground
from rules.outline_error import shape_error_m2
from rules.site_facts import GroundFacts, SightingFacts


def place_thing(sighting: SightingFacts, system: CitySystem) -> Placed:
    """A sighting in metres. A ring that crosses itself or has no area is no outline: the foot point is left."""
    foot = system.to_metric(sighting.position.lon, sighting.position.lat)
    (ee, en), (_, nn) = error_covariance_m2(sighting.position)
    outline = _outline(sighting.footprint, system)
    shape = shape_error_m2(outline, sighting.label) if outline is not None else (0.0, 0.0, 0.0)
    return Placed(foot, (float(ee), float(en), float(nn)), outline, shape)


def lay_out(
    thing: Placed, place: PlaceFacts, parcels: Sequence[ParcelArea], others: Sequence[Placed], system: CitySystem
) -> GroundFacts:
    """The thing over the registers' polygons; ``others`` are what else stands there."""
    ground = measure_ground(thing, sidewalks=list_sidewalk_areas(place, system), parcels=parcels, others=others)
    if ground.free_width is None:
        return ground
    free = ground.free_width
    profile = tuple(replace(at, ends=_to_lonlat(at.ends, system)) for at in free.profile)
    return replace(ground, free_width=replace(free, gap=_to_lonlat(free.gap, system), profile=profile))


def _to_lonlat(line: Sequence[tuple[float, float]], system: CitySystem) -> tuple[tuple[float, float], ...]:
    return tuple(system.to_lonlat(x, y) for x, y in line)


def list_sidewalk_areas(place: PlaceFacts, system: CitySystem) -> list[SidewalkArea]:
    """The sidewalk segments of a place in metres, with their painted slots."""
    return [
        SidewalkArea(
            fact.key,
            to_metric(from_geojson(fact.geometry), system),
            tuple(
                (n, to_metric(from_geojson(use.slot), system)) for n, use in enumerate(fact.allowed_uses) if use.slot
            ),
        )
        for fact in place.sidewalks
    ]


def to_metric(shape: BaseGeometry, system: CitySystem) -> BaseGeometry:
    """An area in degrees to a valid area in metres."""

    def convert(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        return system.to_metric_array(lonlat)

    turned = shapely.transform(shape, convert)
    return turned if turned.is_valid else shapely.make_valid(turned)


def _outline(ring: Sequence[tuple[float, float]], system: CitySystem) -> Polygon | None:
    if len(ring) < 4:
        return None
    polygon = Polygon(system.to_metric_array(np.array(ring)))
    return polygon if polygon.is_valid and polygon.area > 0 else None
