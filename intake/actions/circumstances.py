"""What the settings and the city say of a file that arrives: limits, timezone, the error of an unsaid fix."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from geo.models import City
from geo.position import Position
from geo.queries import find_city
from intake.geotag import PHONE_ACCURACY_M
from intake.media import MediaLimits
from intake.uploads import Clock


def limits_of(*, video_seconds: float | None = None) -> MediaLimits:
    """The operator's limits; a fixed camera's clips may be longer than a sender's."""
    env = settings.ENV.storage
    return MediaLimits(
        photo_bytes=env.photo_max_bytes,
        photo_pixels=env.photo_max_pixels,
        video_bytes=env.video_max_bytes,
        video_seconds=video_seconds or env.video_max_seconds,
        files=env.files_max,
    )


def clock_of(city: City | None, now: datetime) -> Clock:
    """How this city's (or the default city's) files are read; without any city, times without a zone stay unknown."""
    city = city or City.objects.filter(is_default=True).first()
    stated = city.settings.get("gps_default_accuracy_m") if city else None
    accuracy_m = float(stated) if isinstance(stated, int | float) and stated > 0 else PHONE_ACCURACY_M
    return Clock(now, ZoneInfo(city.timezone) if city else None, accuracy_m)


def timezone_of(city: City | None) -> ZoneInfo:
    """The timezone of a city, else of the default one."""
    city = city or City.objects.filter(is_default=True).first()
    return ZoneInfo(city.timezone if city else "UTC")


def city_at(position: Position) -> City | None:
    """The loaded city that holds a place, none outside all of them."""
    found = find_city(position.lon, position.lat)
    return City.objects.filter(slug=found.slug).first() if found is not None else None
