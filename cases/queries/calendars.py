"""The calendar and clocks of a city, as loaded last; cities without one count with defaults, marked provisional."""

from __future__ import annotations

from dataclasses import dataclass

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
    edition = CalendarEdition.objects.filter(city=city).order_by("-id").first()
    if edition is None:
        return CityCalendar(0, parse_calendar({}, city.timezone))
    return CityCalendar(edition.pk, parse_calendar(edition.content, city.timezone))
