"""What is said of a place that lies in no city: perhaps its two numbers stand in each other's place."""

from __future__ import annotations

from errors import PlaceError
from geo.models import City
from geo.typed_coordinates import SWAPPED


def describe_outside(lon: float, lat: float) -> PlaceError:
    """The error to raise for degrees (EPSG:4326) in no loaded city; with the other order where that lies in one."""
    words, value = "This place lies in no city we serve.", f"{lon}, {lat}"
    for west, south, east, north in City.objects.values_list("bounds", flat=True):
        if west <= lat <= east and south <= lon <= north:
            names = {"lon": f"{lat:.10g}", "lat": f"{lon:.10g}"}
            return PlaceError(words, field="lon, lat", value=value, cure=SWAPPED, names=names)
    cure = "Try another place, or choose a city from the list."
    return PlaceError(words, field="lon, lat", value=value, cure=cure)
