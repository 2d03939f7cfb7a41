"""A place from typed coordinates, tried against each loaded city, the default one first."""

from __future__ import annotations

from errors import PlaceError
from geo.crs import parse_system
from geo.models import City
from geo.typed_coordinates import TypedPlace, parse_coordinates


def find_typed_place(text: str) -> TypedPlace:
    """Where the text points to. InputError: not two numbers; PlaceError: in no city."""
    fault: PlaceError | None = None
    for city in City.objects.order_by("-is_default", "slug"):
        west, south, east, north = city.bounds
        try:
            return parse_coordinates(text, [parse_system(s) for s in city.crs], (west, south, east, north))
        except PlaceError as error:
            fault = fault or error
    raise fault or PlaceError("No city is loaded.", field="at", value=text)
