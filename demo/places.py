"""Where the sample evidence is put: spots of the generated ward, found by what the registers say there.

Uses the recipe of the default city's pack, so places move with it. Longitudes and latitudes are EPSG:4326.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from math import atan2, degrees

from shapely.geometry import Point, shape

from cities.hcmc.recipe_parts.blocks import BlockKind
from cities.hcmc.recipe_parts.buildings import roomy_point
from cities.hcmc.recipe_parts.ground import PACK, polygons_of
from cities.hcmc.recipe_parts.parcels import Parcel
from cities.hcmc.recipe_parts.reserves import SidewalkPiece
from cities.hcmc.recipe_parts.sidewalk_uses import allowed_uses
from cities.hcmc.recipe_parts.ward import Ward, make_ward

NO_DATA_WARD = "Tân Định"  # in the city; no register of the pack covers it


@dataclass(frozen=True, slots=True)
class Spot:
    """A place for one picture, and the bearing from there to what it shows (degrees from true north)."""

    lon: float
    lat: float
    bearing_deg: float


def site_spot(wanted: str) -> Spot:
    """The roomiest point of a wanted lot: farther from its border than a phone errs."""
    ward = make_ward()
    parcel = next(p for p in ward.cadastre.parcels if p.wanted == wanted)
    point, _ = roomy_point(parcel)
    return _spot(ward, point, 40.0)


def crowded_spot() -> Spot:
    """On the border of small parcels along an alley: several are within a phone's error."""
    ward = make_ward()
    houses = [p for p in ward.cadastre.parcels if p.kind is BlockKind.HOUSES and 40 < p.shape.area < 70]
    parcel = min(houses, key=lambda p: (-_neighbours(p, ward.cadastre.parcels), p.key))
    return _spot(ward, Point(parcel.shape.exterior.coords[0]), 215.0)


def _neighbours(parcel: Parcel, parcels: tuple[Parcel, ...]) -> int:
    corner = Point(parcel.shape.exterior.coords[0])
    return sum(p.block == parcel.block and p.shape.dwithin(corner, 5.0) for p in parcels)


def unknown_spot() -> Spot:
    """In the city, in a ward of which the registers hold nothing."""
    wards = json.loads((PACK / "data" / "wards_2025.geojson").read_text(encoding="utf-8"))["features"]
    outline = next(shape(f["geometry"]) for f in wards if f["properties"]["name"] == NO_DATA_WARD)
    inside = max(polygons_of(outline), key=lambda part: part.area).representative_point()
    return Spot(round(inside.x, 7), round(inside.y, 7), 120.0)


def sidewalk_spot(street_key: str, use: str = "") -> Spot:
    """The middle of a sidewalk on a street: one whose register lists ``use``, or lists nothing when that is empty."""
    ward = make_ward()
    pieces = [
        (index, piece)
        for index, piece in enumerate(ward.reserves.sidewalks)
        if piece.street.key == street_key and piece.shape.area > 150 and not piece.is_forecourt
    ]
    chosen = next(piece for index, piece in pieces if _lists(piece, index, ward) == use)
    point = chosen.shape.representative_point()
    return _spot(ward, point, _bearing_to_houses(chosen, point))


def _lists(piece: SidewalkPiece, index: int, ward: Ward) -> str:
    uses = [str(use["use"]) for use in allowed_uses(piece, index, ward.ground.system)]
    return uses[0] if uses else ""


def _bearing_to_houses(piece: SidewalkPiece, point: Point) -> float:
    """From the street's middle towards the houses."""
    foot = piece.street.line.interpolate(piece.street.line.project(point))
    return round(degrees(atan2(point.x - foot.x, point.y - foot.y)) % 360, 1)


def _spot(ward: Ward, point: Point, bearing_deg: float) -> Spot:
    lon, lat = ward.ground.system.to_lonlat(point.x, point.y)
    return Spot(round(lon, 7), round(lat, 7), bearing_deg)
