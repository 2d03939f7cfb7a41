"""The cities that are loaded: their clock, their bounds, what they call themselves."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import get_language

from geo.models import City


@dataclass(frozen=True, slots=True)
class Town:
    """What pages need of a city. ``bounds`` is west, south, east, north; ``center`` lon, lat."""

    id: int
    slug: str
    name: str
    timezone: str
    bounds: tuple[float, float, float, float]
    center: tuple[float, float]
    zoom: float


def find_default_town() -> Town | None:
    """The city of the pages when no place is known; None before any is loaded."""
    row = _light().filter(is_default=True).first() or _light().order_by("id").first()
    return _to_town(row) if row else None


def find_town(slug: str) -> Town | None:
    """A city by its slug."""
    row = _light().filter(slug=slug).first()
    return _to_town(row) if row else None


def _light() -> QuerySet[City]:
    """Cities without their outlines, which are large and drawn nowhere on a page."""
    return City.objects.defer("geometry")


def _to_town(row: City) -> Town:
    name = row.name_vi if get_language() == "vi" else row.name_en
    west, south, east, north = (float(value) for value in row.bounds)
    lon, lat = (float(value) for value in row.center)
    return Town(
        row.pk, row.slug, name or row.slug, row.timezone, (west, south, east, north), (lon, lat), row.default_zoom
    )
