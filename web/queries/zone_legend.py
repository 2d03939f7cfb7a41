"""Colours of zoning codes, from the legend of a city's pack."""

from __future__ import annotations

from geo.models import City
from tiles.legend import list_entries


def read_zone_fills(slug: str) -> dict[str, str]:
    """Fill by the first part of a zone's code, of every plan; empty when the city has no legend."""
    city = City.objects.filter(slug=slug).first()
    return {entry.code: entry.fill for entry in list_entries(city)} if city else {}
