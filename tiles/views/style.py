"""The map's style and legend over HTTP, to anyone."""

from __future__ import annotations

import json
from hashlib import blake2b

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from errors import InputError
from tiles.legend import make_legend
from tiles.style import Look, make_style
from tiles.themes import LIGHT, THEMES, Theme
from tiles.views.answers import answer_json, find_city, read_day, read_language, with_faults


@require_safe
@gzip_page
@with_faults
def show_style(request: HttpRequest) -> HttpResponseBase:
    """MapLibre style of a city: ``?city=``, ``?theme=light|sun|dark``, ``?on=DAY``."""
    style = make_style(
        find_city(request), Look(_read_theme(request), read_day(request)), base=request.build_absolute_uri("/")
    )
    return answer_json(request, style, etag=_hash(style))


@require_safe
@gzip_page
@with_faults
def show_legend(request: HttpRequest) -> HttpResponseBase:
    """Codes, names, fills and patterns of a city's layers with their sources: ``?city=``, ``?lang=``."""
    legend = make_legend(find_city(request), language=read_language(request))
    return answer_json(request, legend, etag=_hash(legend))


def _hash(body: object) -> str:
    return f'"{blake2b(json.dumps(body, default=str, sort_keys=True).encode(), digest_size=10).hexdigest()}"'


def _read_theme(request: HttpRequest) -> Theme:
    asked = request.GET.get("theme", LIGHT.name)
    theme = THEMES.get(asked)
    if theme is None:
        raise InputError("No such theme.", field="theme", value=asked, cure=f"Choose one of {', '.join(THEMES)}.")
    return theme
