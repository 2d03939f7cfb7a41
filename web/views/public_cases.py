"""Settled cases as anybody may see them, read through the publication gate of ``tiles``."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from tiles.queries import PublicCase, find_public_case, list_public_cases
from web.answers import answer_page
from web.place_sketch import Frame, draw_place
from web.queries.surroundings import list_surroundings
from web.surroundings import Mark, MarkKind

ROUNDED_M = 10.0  # the gate rounds a published place to about ten metres


def answer_public_list(request: HttpRequest) -> HttpResponse:
    """The newest published cases with their pictures before and after."""
    return answer_page(request, "web/public_cases.html", {"cases": list_public_cases(60)}, here="cases")


def answer_public_case(request: HttpRequest, code: str) -> HttpResponse | None:
    """One published case; None when nothing of that code was published."""
    case = find_public_case(code)
    if case is None:
        return None
    return answer_page(request, "web/public_case.html", {"case": case, "sketch": _draw(case)}, here="cases")


def _draw(case: PublicCase) -> str:
    if case.lon is None or case.lat is None:
        return ""
    frame = Frame(case.lon, case.lat, 60.0, 440, 220)
    shapes = list_surroundings(frame.lon, frame.lat, frame.half_width_m, timezone.localdate())
    mark = Mark(MarkKind.CHOSEN, case.lon, case.lat, ROUNDED_M)
    return draw_place(shapes, [mark], frame, title=_("Map of the place"))
