"""Colours of zoning codes, from the legend of a city's pack."""

from __future__ import annotations

from geo.models import City


def read_zone_fills(slug: str) -> dict[str, str]:
    """Fill by zone code, or by the letters before its number; empty when the city has no legend."""
    settings = City.objects.filter(slug=slug).values_list("settings", flat=True).first() or {}
    zones = settings.get("legend", {}).get("zone", {})
    return {code: entry.get("fill", "") for code, entry in zones.items() if isinstance(entry, dict)}
