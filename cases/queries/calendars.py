"""The calendar and clocks of a city, as loaded last; cities without one count with defaults, marked provisional."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from cases.calendar_pack import CalendarPack, parse_calendar
from cases.models import CalendarEdition
from geo.models import City


@dataclass(frozen=True, slots=True)
class CityCalendar:
    """A city's calendar with the number of the edition it comes from; 0 when none was loaded."""

    edition_id: int
    pack: CalendarPack


def get_calendar(city: City) -> CityCalendar:
    """The newest edition of a city."""
    newest = CalendarEdition.objects.filter(city=city).order_by("-id").values_list("pk", "sha256").first()
    return _read(*(newest or (0, "")), city.timezone)


@lru_cache(maxsize=32)
def _read(edition_id: int, _sha256: str, timezone: str) -> CityCalendar:
    """Editions never change, so each is read once; the hash tells apart numbers that a rolled-back load gave away."""
    content = CalendarEdition.objects.values_list("content", flat=True).get(pk=edition_id) if edition_id else {}
    return CityCalendar(edition_id, parse_calendar(content, timezone))
