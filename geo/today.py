"""Today, by the clock of a city: registers, law and roles turn at its midnight and not at the server's."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from django.utils import timezone

from geo.models import City
from geo.queries import find_city


def today_in(zone: str) -> date:
    """The day that it is in a time zone (an IANA name)."""
    return timezone.now().astimezone(ZoneInfo(zone)).date()


def find_today(slug: str = "") -> date:
    """The day in a city; in the default one where none is named or none bears the name, in UTC where none is loaded."""
    zones = dict(City.objects.order_by("is_default", "-pk").values_list("slug", "timezone"))
    return today_in(zones.get(slug) or next(reversed(zones.values()), "UTC"))


def find_today_at(lon: float, lat: float) -> date:
    """The day in the city that holds a point (degrees, EPSG:4326); in the default one where none does."""
    city = find_city(lon, lat)
    return today_in(city.timezone) if city else find_today()
