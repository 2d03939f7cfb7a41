"""Coordinates typed by a person: two numbers in degrees or in metres of a city system, in either order.

Surveyors write north first, map programs east first. The order is found by trying all readings against the city and
is always said in the answer; two possible readings are told apart by the surveyors' custom, and that is said too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from errors import InputError, PlaceError
from geo.crs import AxisOrder, Bounds, CitySystem

_NUMBER = re.compile(r"-?\d[\d.,]*")
_CURE = "Type two numbers, such as 1191942.305, 603797.261 or 10.7769, 106.7009."
SWAPPED = "Longitude and latitude look swapped: ask for lon={lon}&lat={lat}."


class WrittenOrder(StrEnum):
    """How the two numbers were read."""

    EAST_NORTH = "east_north"
    NORTH_EAST = "north_east"
    LON_LAT = "lon_lat"
    LAT_LON = "lat_lon"


@dataclass(frozen=True, slots=True)
class TypedPlace:
    """A place (degrees) read from typed text. ``system`` is empty for degrees; ``is_assumed`` when two readings fit."""

    lon: float
    lat: float
    order: WrittenOrder
    system: str = ""
    is_assumed: bool = False


def parse_coordinates(text: str, systems: Sequence[CitySystem], bounds: Bounds) -> TypedPlace:
    """The place inside ``bounds`` that the text names. InputError: not two numbers; PlaceError: no reading fits."""
    first, second = _parse_pair(text)
    places = [*_degree_readings(first, second, bounds), *_metre_readings(first, second, systems, bounds)]
    if not places:
        raise PlaceError(
            "No reading of these coordinates lies in the city.", field="coordinates", value=text, cure=_CURE
        )
    chosen = places[0]
    if len(places) == 1:
        return chosen
    return TypedPlace(chosen.lon, chosen.lat, chosen.order, chosen.system, is_assumed=True)


def _parse_pair(text: str) -> tuple[float, float]:
    tokens = [token.rstrip(".,") for token in _NUMBER.findall(text)]
    if len(tokens) == 1 and tokens[0].count(",") == 1:
        tokens = tokens[0].split(",")
    if len(tokens) != 2:
        raise InputError("Two numbers are needed.", field="coordinates", value=text, cure=_CURE)
    try:
        return _parse_number(tokens[0]), _parse_number(tokens[1])
    except ValueError as error:
        raise InputError("This is not a number.", field="coordinates", value=text, cure=_CURE) from error


def _parse_number(token: str) -> float:
    """'1191942.305', '1.191.942,305', '1,191,942.305' and '603797,261' alike."""
    decimal = max(token.rfind("."), token.rfind(","))
    if decimal < 0:
        return float(token)
    mark = token[decimal]
    if token.count(mark) > 1:  # thousands only: 1.191.942
        return float(token.replace(mark, ""))
    other = "," if mark == "." else "."
    return float(token.replace(other, "").replace(mark, "."))


def _inside(lon: float, lat: float, bounds: Bounds) -> bool:
    west, south, east, north = bounds
    return west <= lon <= east and south <= lat <= north


def _degree_readings(first: float, second: float, bounds: Bounds) -> Iterator[TypedPlace]:
    if _inside(second, first, bounds):
        yield TypedPlace(second, first, WrittenOrder.LAT_LON)
    if _inside(first, second, bounds):
        yield TypedPlace(first, second, WrittenOrder.LON_LAT)


def _metre_readings(first: float, second: float, systems: Sequence[CitySystem], bounds: Bounds) -> Iterator[TypedPlace]:
    """Every system and order whose place is in the city and where that system is the legal one; custom order first."""
    for system in systems:
        orders = [WrittenOrder.EAST_NORTH, WrittenOrder.NORTH_EAST]
        if system.surveyors_write is AxisOrder.NORTH_EAST:
            orders.reverse()
        for order in orders:
            east_m, north_m = (first, second) if order is WrittenOrder.EAST_NORTH else (second, first)
            place = _place_in(system, east_m, north_m)
            if place and system.contains(*place) and _inside(*place, bounds):
                yield TypedPlace(*place, order, system.name)


def _place_in(system: CitySystem, east_m: float, north_m: float) -> tuple[float, float] | None:
    try:
        return system.to_lonlat(east_m, north_m)
    except PlaceError:
        return None


def refuse_swapped(lon: float, lat: float) -> None:
    """InputError for two numbers in degrees that can only be each other's, with the right order."""
    if abs(lat) > 90 >= abs(lon) and abs(lat) <= 180:
        names = {"lon": f"{lat:.10g}", "lat": f"{lon:.10g}"}
        raise InputError("This number is not a place on Earth.", field="lat", value=lat, cure=SWAPPED, names=names)
