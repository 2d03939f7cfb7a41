"""Settled cases as anybody may see them, read through the publication gate of ``tiles``."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from geo.models import AdminUnit, City
from geo.today import find_today_at
from tiles.queries import PublicCase, find_public_case, list_public_cases_of
from web.answers import answer_page
from web.fault_words import FaultWords
from web.place_sketch import Frame, draw_place
from web.queries.surroundings import list_surroundings
from web.surroundings import Mark, MarkKind

MAP_HALF_M = 2_500.0
RADII_M = ("250", "500", "1000", "2000")  # how far around a place news may be asked for
ROUNDED_M = 10.0  # the gate rounds a published place to about ten metres


def answer_public_list(
    request: HttpRequest, *, fault: FaultWords | None = None, typed: Mapping[str, str] | None = None, status: int = 200
) -> HttpResponse:
    """The newest published cases of the city or of one ward, and the form for news by e-mail."""
    city = City.objects.defer("geometry").filter(is_default=True).first()
    ward = request.GET.get("ward", "")[:20]
    wards = list_wards(city.pk) if city else ()
    context = {
        "cases": list_public_cases_of(city_id=city.pk, ward=ward, limit=60) if city else (), "wards": wards, "ward": ward,
        "ward_name": next((name for code, name in wards if code == ward), ""), "fault": fault, "typed": typed or {},
        "radii_m": RADII_M, "frame": _frame(city),
        "is_mail_on": bool(settings.ENV.notices.mail_from and settings.ENV.notices.public_url),
    }  # fmt: skip
    return answer_page(request, "web/public_cases.html", context, here="settled", status=status)


def _frame(city: City | None) -> dict[str, float] | None:
    """The middle of a city and half the width of the map on which an area is chosen."""
    if city is None:
        return None
    lon, lat = map(float, city.center)
    return {"lon": lon, "lat": lat, "half_m": MAP_HALF_M}


def list_wards(city_id: int) -> tuple[tuple[str, str], ...]:
    """Code and name of the wards of today."""
    rows = AdminUnit.objects.filter(city_id=city_id, level="ward", is_listed=True, valid_to=None)
    return tuple(rows.order_by("name").values_list("code", "name"))


def answer_public_case(request: HttpRequest, code: str) -> HttpResponse | None:
    """One published case; None when nothing of that code was published."""
    case = find_public_case(code)
    if case is None:
        return None
    return answer_page(request, "web/public_case.html", {"case": case, "sketch": _draw(case)}, here="settled")


def _draw(case: PublicCase) -> str:
    if case.lon is None or case.lat is None:
        return ""
    frame = Frame(case.lon, case.lat, 60.0, 440, 220)
    shapes = list_surroundings(frame.lon, frame.lat, frame.half_width_m, find_today_at(frame.lon, frame.lat))
    mark = Mark(MarkKind.CHOSEN, case.lon, case.lat, ROUNDED_M)
    return draw_place(shapes, [mark], frame, title=_("Map of the place"))
