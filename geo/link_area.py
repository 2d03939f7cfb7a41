"""An area as a link carries it -> one valid outline in degrees, or a refusal that says the cure. Pure.

The text is a flexible polyline (https://github.com/heremaps/flexible-polyline): differences of rounded degrees in an alphabet
that no address escapes. Its format writes latitude first; everywhere else longitude is. The last corner is joined to the first.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import shapely
from pyproj import Geod

from errors import InputError
from geo.drawn_area import DrawnArea, parse_area

MOST_CORNERS = 100
MOST_CHARACTERS = 2_000
MOST_KM2 = 10_000  # more than any city is large: beyond it nothing is narrowed
MOST_LATITUDE_DEG = 85  # where maps of the web end
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_PLACE_OF = {letter: place for place, letter in enumerate(_ALPHABET)}
_VERSION = 1
_CURE = "Draw the area again on the map and copy the link anew."
_EARTH = Geod(ellps="WGS84")


@lru_cache(maxsize=256)  # one map asks for some twenty tiles of one area
def parse_link_area(text: str, *, field: str = "area") -> DrawnArea:
    """The area of a link. InputError: not written so, fewer than three corners or too many, crossing itself, too large."""
    corners = _decode(text, field)
    if len(corners) < 3:
        raise InputError("An area needs three corners.", field=field, value=f"{len(corners)} corners", cure=_CURE)
    if len(corners) > MOST_CORNERS:
        cure = f"Draw it with at most {MOST_CORNERS} corners; the planner's query takes finer outlines."
        raise InputError("This area has too many corners.", field=field, value=f"{len(corners)} corners", cure=cure)
    area = parse_area({"type": "Polygon", "coordinates": [[*corners, corners[0]]]}, field=field)
    if max(abs(area.outline.bounds[1]), abs(area.outline.bounds[3])) > MOST_LATITUDE_DEG:
        raise InputError("This area lies off the map.", field=field, value=f"{area.lat:.1f}", cure=_CURE)
    size_km2 = abs(_EARTH.geometry_area_perimeter(area.outline)[0]) / 1e6
    if size_km2 > MOST_KM2:
        cure = f"Draw an area of at most {MOST_KM2} km²."
        raise InputError("This area is larger than a city.", field=field, value=f"{size_km2:.0f} km²", cure=cure)
    return area


def write_link_area(outline: shapely.Polygon, *, decimals: int = 6) -> str:
    """The outer ring as a link carries it; six decimals of a degree are a decimetre."""
    unit = 10**decimals
    steps, before = [_VERSION, decimals], (0, 0)
    for east, north in shapely.get_coordinates(outline.exterior)[:-1]:
        here = (round(north * unit), round(east * unit))
        steps += [_zigzag(now - then) for now, then in zip(here, before, strict=True)]
        before = here
    return "".join(_write_number(step) for step in steps)


def _decode(text: str, field: str) -> list[tuple[float, float]]:
    """Corners, longitude first."""
    if len(text) > MOST_CHARACTERS:
        raise InputError("This area is too large a text.", field=field, value=f"{len(text)} characters", cure=_CURE)
    numbers = _read_numbers(text)
    if numbers is None or len(numbers) < 2 or numbers[0] != _VERSION or numbers[1] > 15 or len(numbers) % 2:
        raise InputError("The area of this link cannot be read.", field=field, value=text[:60], cure=_CURE)
    unit, north, east = 10 ** numbers[1], 0, 0
    corners: list[Any] = []
    for up, right in zip(numbers[2::2], numbers[3::2], strict=True):
        north, east = north + _unzigzag(up), east + _unzigzag(right)
        corners.append((east / unit, north / unit))
    return corners


def _read_numbers(text: str) -> list[int] | None:
    """Unsigned numbers, five bits a letter, the lowest first; None: a foreign letter, a number without end or too long."""
    numbers, number, shift = [], 0, 0
    for letter in text:
        place = _PLACE_OF.get(letter)
        if place is None or shift > 60:
            return None
        number |= (place & 31) << shift
        shift += 5
        if not place & 32:
            numbers.append(number)
            number = shift = 0
    return None if shift else numbers


def _write_number(number: int) -> str:
    letters = ""
    while number > 31:
        letters += _ALPHABET[number & 31 | 32]
        number >>= 5
    return letters + _ALPHABET[number]


def _zigzag(step: int) -> int:
    return step << 1 if step >= 0 else ~(step << 1)


def _unzigzag(number: int) -> int:
    return ~(number >> 1) if number & 1 else number >> 1
