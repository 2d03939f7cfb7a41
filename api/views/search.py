"""One field for every way to name a place: addresses, streets, parcels, permits, units, named places, coordinates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import ANYONE, Endpoint, describe, language_of
from api.parsing import parse_day
from api.plain import to_plain
from geo.search import search
from geo.search_hits import HitKind, SearchHit
from geo.search_wording import say_kind, say_note, say_title, say_why
from geo.today import find_today

_EXAMPLE = {
    "text": "822/23 huong lo 2",
    "on": "2026-11-22",
    "hits": [
        {
            "kind": "address", "kind_words": "address", "title": "822/23/1 Hương Lộ 2", "unit": "Phường …",
            "former_unit": "Phường …, Quận …", "why": "in_alley", "why_words": "in the alley of this number", "score": 0.8,
            "position": {"lon": 106.6, "lat": 10.77}, "key": "…", "city": "…", "area_m2": None, "share": None,
            "generated": False, "place": "/api/v1/places?lon=106.6&lat=10.77&on=2026-11-22",
        }
    ],
    "notes": [],
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class HitPosition:
    """Degrees, EPSG:4326."""

    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class HitAnswer:
    """One find: what it is called, its address in today's and the older form, where, why it answers; ``place`` opens it."""

    kind: str
    kind_words: str
    title: str
    unit: str
    former_unit: str
    why: str
    why_words: str
    score: float
    position: HitPosition | None
    key: str
    city: str
    area_m2: float | None
    share: float | None
    generated: bool
    place: str


@dataclass(frozen=True, slots=True)
class NoteAnswer:
    """What the searcher should know besides."""

    kind: str
    words: str
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """Hits, best first. None of several equal ones is chosen."""

    text: str
    on: date
    hits: tuple[HitAnswer, ...]
    notes: tuple[NoteAnswer, ...]


class Search(Endpoint):
    """``/search``."""

    may_call = ANYONE

    @describe(
        "Search for a place by name", "Address (accents or none, alley numbers, old or new units, misspelt), street, parcel key "
        "or sheet and number, permit number, unit by its old or new name, named place, or coordinates in degrees or in the "
        "city's metres. Hits are ranked and say why they answer; a key that finds nothing is told which part is wrong.",
        who=ANYONE, answer=SearchAnswer, faults=(400, 404), tag="places", example=_EXAMPLE,
        parameters=[OpenApiParameter("q", str, required=True, description="what was typed, at most 200 letters"),
                    OpenApiParameter("city", str, description="a city's slug; all loaded ones where absent"),
                    OpenApiParameter("on", str, description="day asked for; today where absent")],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The hits."""
        asked = request.query_params
        on = parse_day(asked.get("on"), "on") or find_today(asked.get("city", ""))
        found = search(asked.get("q", ""), on, city=asked.get("city", ""), language=language_of(request))
        answer = SearchAnswer(
            found.text,
            on,
            tuple(answer_hit(hit, on) for hit in found.hits),
            tuple(NoteAnswer(note.kind.value, say_note(note), note.values) for note in found.notes),
        )
        return Response(to_plain(answer), headers={"Cache-Control": "public, max-age=60"})


def answer_hit(hit: SearchHit, on: date) -> HitAnswer:
    """A hit with its words and the address of its full answer."""
    position = None if hit.lon is None or hit.lat is None else HitPosition(round(hit.lon, 7), round(hit.lat, 7))
    return HitAnswer(
        kind=hit.kind.value, kind_words=say_kind(hit.kind), title=say_title(hit), unit=hit.unit,
        former_unit=hit.former_unit, why=hit.why.value, why_words=say_why(hit), score=round(hit.score, 3),
        position=position, key=hit.key, city=hit.city, area_m2=hit.area_m2, share=hit.share, generated=hit.is_generated,
        place=_address_of(hit, position, on),
    )  # fmt: skip


def _address_of(hit: SearchHit, position: HitPosition | None, on: date) -> str:
    parcel = hit.key if hit.kind is HitKind.PARCEL else hit.parcel_key
    if parcel:
        return f"{reverse('api:parcel', args=[parcel])}?{urlencode({'city': hit.city, 'on': on.isoformat()})}"
    if position is None:
        return ""
    return f"{reverse('api:places')}?{urlencode({'lon': position.lon, 'lat': position.lat, 'on': on.isoformat()})}"
