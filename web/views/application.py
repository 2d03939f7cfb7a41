"""``/app/``: the frame of the map application for signed-in people, and the words for the codes it shows.

The frame holds nothing of the reader, so that a device may keep it; whoever is signed in is asked of ``/api/v1/me``.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from web import state_words
from web.access import readers_only
from web.built_app import read_build
from web.queries.people import Reader

REVALIDATE = "private, no-cache"


@require_safe
@readers_only(lambda reader: reader.is_staff)
@ensure_csrf_cookie
def show_app(request: HttpRequest, _reader: Reader, inside: str = "") -> HttpResponse:
    """The same frame for every address below ``/app/``: the application itself finds the view that ``inside`` names."""
    answer = render(request, "web/app.html", {"build": read_build()})
    answer["Cache-Control"] = REVALIDATE
    return answer


@require_safe
@readers_only(lambda reader: reader.is_staff)
def show_words(_request: HttpRequest, _reader: Reader) -> JsonResponse:
    """Every code of the closed sets in the reader's language, by set."""
    said = {kind: {code: state_words.say(kind, code) for code in table} for kind, table in state_words.TABLES.items()}
    return JsonResponse(said, headers={"Cache-Control": REVALIDATE, "Vary": "Cookie, Accept-Language"})
