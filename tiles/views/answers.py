"""How the map's views answer: faults as JSON with their cure, tiles with ETag and as stored, days and layers as asked."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language

from errors import (
    ConfigurationError,
    Conflict,
    InputError,
    NotAllowed,
    NotFound,
    PlaceError,
    ProjectError,
    TemporaryError,
)
from geo.models import City
from geo.today import find_today

MVT = "application/vnd.mapbox-vector-tile"
_STATUS: tuple[tuple[type[ProjectError], int], ...] = (
    (InputError, 400), (NotFound, 404), (NotAllowed, 403), (PlaceError, 422), (Conflict, 409), (TemporaryError, 503),
    (ConfigurationError, 500),
)  # fmt: skip
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def with_faults(view: View) -> View:
    """Answer an error of our own tree as JSON: what, value, cure."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except ProjectError as error:
            return answer_fault(error)

    return guarded  # type: ignore[return-value]


def answer_fault(error: ProjectError) -> JsonResponse:
    """The same body as the API's faults."""
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
    told = {
        "field": error.field,
        "value": error.value,
        "message": error.message,
        "cure": error.cure,
        "code": error.code,
    }
    return JsonResponse({"type": error.code, "title": error.message, "errors": [told]}, status=status)


def answer_tile(request: HttpRequest, tile: bytes | None, etag: str, cache: str) -> HttpResponse:
    """A gzipped vector tile as stored; 204 where nothing is, 304 when the reader has it."""
    vary = "Cookie, Accept-Encoding" if "private" in cache else "Accept-Encoding"
    headers = {"ETag": etag, "Cache-Control": cache, "Vary": vary}
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers=headers)
    if not tile:
        return HttpResponse(status=204, headers=headers)
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return HttpResponse(gzip.decompress(tile), content_type=MVT, headers=headers)
    return HttpResponse(tile, content_type=MVT, headers={**headers, "Content-Encoding": "gzip"})


def answer_json(request: HttpRequest, body: object, *, etag: str, cache: str = "public, no-cache") -> HttpResponseBase:
    """JSON with an ETag; 304 when the reader has it. The words depend on the language."""
    answer = JsonResponse(body, safe=False, headers={"ETag": etag, "Cache-Control": cache, "Vary": "Cookie"})
    return get_conditional_response(request, etag=etag, response=answer) or answer


def read_day(request: HttpRequest, name: str = "on") -> date | None:
    """The day asked by ``?on=``; None when none is, or when it is today. InputError when it is no date."""
    text = request.GET.get(name, "")
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise InputError("This is not a date.", field=name, value=text, cure="Write it as 2026-06-30.") from error
    return None if day == find_today(request.GET.get("city", "")) else day


def read_language(request: HttpRequest) -> str:
    """``?lang=vi|en``, else the reader's choice."""
    asked = request.GET.get("lang", "")
    return asked if asked in ("vi", "en") else get_language() or "vi"


def find_city(request: HttpRequest) -> City:
    """The city asked by ``?city=``, else the default one. NotFound when it is not loaded."""
    slug = request.GET.get("city", "")
    city = City.objects.filter(slug=slug).first() if slug else City.objects.filter(is_default=True).first()
    if city is None:
        raise NotFound("No such city is loaded.", field="city", value=slug, cure="Load its pack: manage.py load_city.")
    return city
