"""A door before the framework for what is read by the thousand and alike for everybody: places, tiles of registers and pictures.

The same views answer with the same faults checked; only session, sign-in, forms and routing are left out, which such a read
does not need. Whatever is not plain (another method, a condition, a person, a question in another form, any fault) goes the
framework's way and is answered there in full. The headers that protect a page are those of the settings' own middleware.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache, cached_property, partial
from time import perf_counter
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import structlog
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers, set_response_etag
from django.utils.module_loading import import_string
from django_prometheus.middleware import Metrics

from api.views.places import answer_plain
from errors import ProjectError
from tiles.layers import BASE_ARCHIVE, find_layer
from tiles.views.imagery import serve_picture
from tiles.views.vector import serve_tile

log = structlog.get_logger("api")
PROTECTING = ("SecurityMiddleware", "CSPMiddleware", "XFrameOptionsMiddleware")
_TILE = re.compile(r"/(tiles|imagery)/([-\w]+)/(\d{1,2})/(\d{1,8})/(\d{1,8})\.(pbf|webp|jpg|jpeg|png)", re.ASCII)
View = Callable[[HttpRequest], HttpResponseBase | None]


class NeedsPerson(Exception):
    """The read is not alike for everybody: who asks has to be known."""


class _Anonymous(WSGIRequest):
    """A request of which nobody asked who sends it."""

    @property
    def user(self) -> Any:  # type: ignore[override]
        raise NeedsPerson


class HotReads:
    """The application with the door before it."""

    def __init__(self, framework: WSGIApplication) -> None:
        self._framework = framework

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer at once, or hand on untouched."""
        found = _find_view(environ)
        answer = _try(*found, environ) if found else None
        if answer is None:
            return self._framework(environ, start_response)
        headers = [*answer.items(), *self._protection]
        start_response(f"{answer.status_code} {answer.reason_phrase}", headers)
        return [answer.content]

    @cached_property
    def _protection(self) -> list[tuple[str, str]]:
        """What the protecting middleware of the settings writes on every answer."""
        named = [name for name in settings.MIDDLEWARE if name.rpartition(".")[2] in PROTECTING]
        answer: Any = HttpResponse()
        del answer["Content-Type"]
        for name in named:
            answer = import_string(name)(lambda _, inner=answer: inner)(HttpRequest())
        return list(answer.items())


def _find_view(environ: WSGIEnvironment) -> tuple[str, View] | None:
    """The name of the view for the figures, and the view; none: this is no hot read."""
    if environ["REQUEST_METHOD"] != "GET":
        return None
    path = environ["PATH_INFO"]
    if path == "/api/v1/places":
        return ("api:places", _answer_place) if "HTTP_IF_NONE_MATCH" not in environ else None
    asked = _TILE.fullmatch(path)
    return _find_tile(*asked.groups(), has_query=bool(environ.get("QUERY_STRING"))) if asked else None


def _find_tile(
    room: str, name: str, z: str, x: str, y: str, ending: str, *, has_query: bool
) -> tuple[str, View] | None:
    square: dict[str, Any] = {"z": int(z), "x": int(x), "y": int(y)}
    if room == "imagery" and ending != "pbf":
        form = "jpeg" if ending == "jpg" else ending
        return f"imagery-{ending}", partial(serve_picture, name=name, form=form, **square)
    is_register = room == "tiles" and ending == "pbf" and (name == BASE_ARCHIVE or find_layer(name) is not None)
    return ("tile", partial(serve_tile, layer=name, **square)) if is_register and not has_query else None


def _answer_place(request: HttpRequest) -> HttpResponse | None:
    language = translation.get_language_from_request(request)
    translation.activate(language)
    answer = answer_plain(request)
    if answer is not None:
        set_response_etag(answer)
        patch_vary_headers(answer, ("Accept-Language",))
        answer["Content-Language"] = language
    return answer


def _try(name: str, view: View, environ: WSGIEnvironment) -> HttpResponse | None:
    """None where the framework shall answer: it meets the same fault and tells it in words."""
    began = perf_counter()
    try:
        request = _Anonymous(environ)
        request.get_host()
        answer = view(request)
    except (ProjectError, NeedsPerson):
        return None
    except Exception as error:  # noqa: BLE001  (the framework's way ends in its own answer to whatever this is)
        log.info("hot_read_handed_on", view=name, error=type(error).__name__)
        return None
    if not isinstance(answer, HttpResponse):
        return None
    if answer.content:
        answer["Content-Length"] = str(len(answer.content))
    _count(name, answer.status_code, perf_counter() - began)
    return answer


def _count(name: str, status: int, seconds: float) -> None:
    """In the same figures as all other requests."""
    for add in _counters(name, status):
        add()
    _latency(name).observe(seconds)


@cache
def _counters(name: str, status: int) -> tuple[Callable[[], None], ...]:
    metrics = Metrics.get_instance()
    by_status = metrics.responses_by_status_view_method.labels(status=str(status), view=name, method="GET")
    return metrics.requests_total.inc, metrics.responses_total.inc, by_status.inc


@cache
def _latency(name: str) -> Any:
    return Metrics.get_instance().requests_latency_by_view_method.labels(view=name, method="GET")
