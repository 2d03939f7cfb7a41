"""``/places/``: what the registers say of one point at one date, every fact with its source, nothing left out silently."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from errors import InputError, ProjectError
from geo.facts import PlaceFacts
from geo.position import Position, PositionMethod
from geo.queries import find_city, gather_facts
from web.answers import answer_page
from web.fault_words import FaultWords, say_fault
from web.middleware import status_of
from web.place_sketch import Frame, draw_place
from web.place_summary import PlaceSummary, summarise
from web.queries.surroundings import list_surroundings
from web.queries.towns import find_default_town, find_town
from web.queries.typed_places import find_typed_place
from web.queries.zone_legend import read_zone_fills
from web.surroundings import Mark, MarkKind

POINT_ACCURACY_M = 0.2
HALF_WIDTH_M = 60.0


@require_safe
def show_place(request: HttpRequest) -> HttpResponse:
    """The page of one place; without one, the field to ask by. Bad coordinates come back beside the field."""
    typed = {name: request.GET.get(name, "").strip() for name in ("lon", "lat", "on", "at")}
    if not any(typed[name] for name in ("lon", "lat", "at")):
        return _answer(request, typed, None, 200)
    try:
        lon, lat = _read_point(typed)
        on = _read_day(typed["on"])
        return _answer_place(request, typed, lon, lat, on)
    except ProjectError as error:
        return _answer(request, typed, say_fault(error), status_of(error))


def _answer_place(request: HttpRequest, typed: dict[str, str], lon: float, lat: float, on: date) -> HttpResponse:
    city = find_city(lon, lat)
    town = find_town(city.slug) if city else None
    if town is None:
        return _answer(
            request, typed, FaultWords("at", _("This place lies in no city we serve."), _("Try another one.")), 404
        )
    position = Position(lon, lat, POINT_ACCURACY_M, PositionMethod.SENDER_PIN)
    facts = gather_facts(position, datetime.combine(on, time(12), tzinfo=ZoneInfo(town.timezone)))
    summary, fills = summarise(facts), read_zone_fills(town.slug)
    context = {
        "typed": typed, "fault": None, "facts": facts, "summary": summary, "on": on, "town": town, "lon": lon, "lat": lat,
        "sketch": _draw(facts, summary, fills, on), "fills": fills,
    }  # fmt: skip
    return answer_page(request, "web/places.html", context, here="places", zone=town.timezone)


def _draw(facts: PlaceFacts, summary: PlaceSummary, fills: dict[str, str], on: date) -> str:
    lon, lat = facts.position.lon, facts.position.lat
    frame = Frame(lon, lat, HALF_WIDTH_M, 480, 240)
    shapes = list_surroundings(lon, lat, HALF_WIDTH_M, on, zone_fills=fills)
    key = summary.parcel.key if summary.parcel else ""
    return draw_place(shapes, [Mark(MarkKind.CHOSEN, lon, lat)], frame, title=_("Map of the place"), chosen_key=key)


def _answer(request: HttpRequest, typed: dict[str, str], fault: FaultWords | None, status: int) -> HttpResponse:
    town = find_default_town()
    return answer_page(
        request, "web/places.html", {"typed": typed, "fault": fault, "town": town}, here="places", status=status
    )


def _read_point(typed: dict[str, str]) -> tuple[float, float]:
    if typed["at"]:
        place = find_typed_place(typed["at"])
        return place.lon, place.lat
    try:
        lon, lat = float(typed["lon"].replace(",", ".")), float(typed["lat"].replace(",", "."))
    except ValueError as error:
        cure = "Write degrees, for example 106.6897 and 10.7834."
        raise InputError("This is not a number.", field="at", value=typed["lon"] or typed["lat"], cure=cure) from error
    Position(lon, lat, POINT_ACCURACY_M, PositionMethod.SENDER_PIN)
    return lon, lat


def _read_day(text: str) -> date:
    if not text:
        return timezone.localdate()
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007
        except ValueError:
            continue
    raise InputError(
        "This is not a date.", field="on", value=text, cure="Write day, month, year, for example 22/11/2026."
    )
