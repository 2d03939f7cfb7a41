"""Magnetic declination of a place and day (World Magnetic Model). The one door to pygeomag."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from pygeomag import GeoMag


def get_declination_deg(lon: float, lat: float, on: date) -> float:
    """Degrees from true to magnetic north, east positive; good to about half a degree away from iron."""
    year = on.year + (on.timetuple().tm_yday - 1) / 365.25
    return _declination(round(lon, 2), round(lat, 2), round(year, 1))


@lru_cache(maxsize=256)
def _declination(lon: float, lat: float, year: float) -> float:
    found = GeoMag().calculate(glat=lat, glon=lon, alt=0, time=year, allow_date_outside_lifespan=True)
    return float(found.d)
