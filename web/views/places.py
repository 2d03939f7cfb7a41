"""``/places/``: one field for every way to name a place, and the full answer as of a day; the same answer as a printed page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from errors import ProjectError
from geo.answer import PlaceAnswer
from geo.answers import answer_point
from geo.asking import answer_address, ask_address, ask_parcel, ask_permit, ask_street
from geo.search import search
from geo.search_hits import HitKind, SearchFindings, SearchHit, Why
from geo.search_wording import say_kind, say_note, say_title, say_why
from geo.today import find_today
from web.answers import answer_page
from web.fault_words import FaultWords, say_fault
from web.middleware import status_of
from web.place_asking import POINT_ACCURACY_M, Asked, read_asked
from web.place_page import PlacePage, lay_out
from web.place_picture import draw_answer
from web.place_print import print_answer
from web.queries.place_examples import list_examples
from web.queries.towns import find_default_town, find_town
from web.queries.zone_legend import read_zone_fills

SURE, CLEAR = 0.93, 0.1
_ASK: dict[str, Callable[..., PlaceAnswer]] = {
    "parcel": ask_parcel,
    "permit": ask_permit,
    "street": ask_street,
    "address": ask_address,
}


@require_safe
def show_place(request: HttpRequest) -> HttpResponse:
    """The page of one place, or the list of what the words may mean; bad input comes back beside the field."""
    typed = {
        name: request.GET.get(name, "").strip()
        for name in ("q", "lon", "lat", "on", "at", "parcel", "street", "permit", "address")
    }
    try:
        asked = read_asked(request.GET)
        if asked.is_empty:
            return _answer(request, typed)
        if asked.words:
            found = search(
                asked.words, asked.on or find_today(asked.city), city=asked.city, language=translation.get_language()
            )
            hit = _choose(found)
            if hit is None:
                return _answer_found(request, typed, asked, found)
            return _answer_place(request, typed, asked, _answer_hit(hit, asked), found)
        return _answer_place(request, typed, asked, _ask(asked), None)
    except ProjectError as error:
        return _answer(request, typed, say_fault(error), status=status_of(error))


@require_safe
def print_place(request: HttpRequest) -> HttpResponse:
    """The same answer as a PDF of A4 pages with its map; what cannot be asked is said on the page itself."""
    try:
        asked = read_asked(request.GET)
        answer = _ask(asked) if not asked.words else _answer_words(asked)
    except ProjectError as error:
        return _answer(request, {}, say_fault(error), status=status_of(error))
    context = _context(asked, answer) | {
        "address": request.build_absolute_uri(f"/places/?{asked.link(answer.on, answer.at)}")
    }
    name = answer.chosen or "place"
    headers = {"Content-Disposition": f'inline; filename="viahe-{name}-{answer.on.isoformat()}.pdf"'}
    return HttpResponse(print_answer(context), content_type="application/pdf", headers=headers)


def _ask(asked: Asked) -> PlaceAnswer:
    if asked.point is not None:
        return answer_point(*asked.point, asked.on, asked.at, accuracy_m=POINT_ACCURACY_M)
    return _ASK[asked.subject](asked.name, asked.on or find_today(asked.city), asked.at, city=asked.city)


def _answer_words(asked: Asked) -> PlaceAnswer:
    found = search(asked.words, asked.on or find_today(asked.city), city=asked.city)
    hit = _choose(found) or next(iter(found.hits), None)
    if hit is None:
        return ask_address(asked.words, asked.on or find_today(asked.city), asked.at, city=asked.city)
    return _answer_hit(hit, asked)


def _choose(found: SearchFindings) -> SearchHit | None:
    """The one hit that is surely meant; none while another is as good: a place is never guessed."""
    if not found.hits or found.hits[0].kind is HitKind.UNIT:
        return None
    first, second = found.hits[0], found.hits[1] if len(found.hits) > 1 else None
    is_sure = first.score >= SURE or (first.why in (Why.EXACT, Why.NUMBER) and first.score >= SURE - CLEAR)
    return first if is_sure and (second is None or first.score - second.score >= CLEAR) else None


def _answer_hit(hit: SearchHit, asked: Asked) -> PlaceAnswer:
    on = asked.on or find_today(asked.city)
    if hit.kind is HitKind.PARCEL:
        return ask_parcel(hit.key, on, asked.at, city=hit.city)
    if hit.kind is HitKind.PERMIT:
        return ask_permit(hit.key, on, asked.at, city=hit.city)
    if hit.kind is HitKind.STREET:
        return ask_street(hit.key, on, asked.at, city=hit.city)
    if hit.kind is HitKind.ADDRESS:
        return answer_address(hit, on, asked.at)
    lon, lat = float(hit.lon or 0.0), float(hit.lat or 0.0)
    return answer_point(lon, lat, asked.on, asked.at, accuracy_m=POINT_ACCURACY_M)


def _answer_place(
    request: HttpRequest, typed: dict[str, str], asked: Asked, answer: PlaceAnswer, found: SearchFindings | None
) -> HttpResponse:
    notes = [say_note(note) for note in found.notes] if found else []
    context = _context(asked, answer) | {"typed": typed, "fault": None, "notes": notes}
    town = find_town(answer.city)
    return answer_page(request, "web/places.html", context, here="places", zone=town.timezone if town else "")


def _context(asked: Asked, answer: PlaceAnswer) -> dict[str, Any]:
    page: PlacePage = lay_out(answer)
    fills = read_zone_fills(answer.city)
    return {
        "page": page, "answer": answer, "fills": fills, "town": find_town(answer.city), "on": answer.on, "at": answer.at,
        "lon": answer.asked.lon, "lat": answer.asked.lat, "link": asked.link(answer.on, answer.at),
        "sketch": draw_answer(page, fills),
    }  # fmt: skip


def _answer_found(request: HttpRequest, typed: dict[str, str], asked: Asked, found: SearchFindings) -> HttpResponse:
    on, at = asked.on, asked.at
    hits = [{"hit": hit, "kind": say_kind(hit.kind), "title": say_title(hit), "why": say_why(hit), "link": _link(hit, on, at)}
            for hit in found.hits]  # fmt: skip
    context = {"found": hits, "notes": [say_note(note) for note in found.notes], "asked": asked}
    return _answer(request, typed, None, status=200 if hits else 404, **context)


def _link(hit: SearchHit, on: date | None, at: time | None) -> str:
    point = None if hit.lon is None or hit.lat is None else (hit.lon, hit.lat)
    names = {HitKind.PARCEL: "parcel", HitKind.PERMIT: "permit", HitKind.STREET: "street"}
    subject, name = ("parcel", hit.parcel_key) if hit.parcel_key else (names.get(hit.kind, ""), hit.key)
    asked = Asked("", None if subject else point, subject, name if subject else "", hit.city if subject else "", on, at)
    return "" if asked.is_empty else f"/places/?{asked.link(on, at)}"


def _answer(
    request: HttpRequest, typed: dict[str, str], fault: FaultWords | None = None, *, status: int = 200, **context: Any
) -> HttpResponse:
    town = find_default_town()
    shown = {"typed": typed, "fault": fault, "town": town, "examples": _examples(town.slug if town else ""), **context}
    return answer_page(request, "web/places.html", shown, here="places", status=status)


def _examples(slug: str) -> list[str]:
    """Three ways to ask, from the register itself, so that each leads to an answer."""
    return list_examples(slug) if slug else [_("an address, a parcel or coordinates")]
