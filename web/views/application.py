"""``/app/``: the frame of the map application for signed-in people, the words for its codes, and plan sketches of flags.

The frame holds nothing of the reader, so that a device may keep it; whoever is signed in is asked of ``/api/v1/me``.
"""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from cases.queries import get_flag
from errors import NotFound
from rules.models import Flag
from web import label_words, state_words
from web.access import readers_only
from web.built_app import URL, open_worker, read_build
from web.plan import draw_plan, read_site
from web.queries.people import Reader

REVALIDATE = "private, no-cache"


@require_safe
@readers_only(lambda reader: reader.is_staff)
@ensure_csrf_cookie
def show_app(request: HttpRequest, _reader: Reader, inside: str = "") -> HttpResponse:
    """The frame for every address below ``/app/``: the application itself finds the view that ``inside`` names.

    What would be found late is named at once: the words of the reader's language, and the map's scripts and styles, which are
    the largest, where the map is asked for.
    """
    build = read_build()
    words = build.words.get(get_language() or "")
    is_map = inside.split("/")[0] == "map"
    early = (*build.preloads, *((words,) if words else ()), *(build.map_scripts if is_map else ()))
    styles = build.map_styles if is_map else ()
    answer = render(request, "web/app.html", {"build": build, "early": early, "early_styles": styles})
    answer["Cache-Control"] = REVALIDATE
    return answer


@require_safe
def show_worker(_request: HttpRequest) -> FileResponse:
    """The service worker. It is served below ``/app/`` because a worker reaches only what lies below its own address."""
    answer = FileResponse(open_worker(), content_type="text/javascript")
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def start_map_worker(_request: HttpRequest, file: str) -> HttpResponse:
    """The line that loads a built script of the map's worker: started below ``/app/``, its requests reach the service worker."""
    answer = HttpResponse(f'import "{URL}assets/{file}";', content_type="text/javascript")
    answer["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer


@require_safe
@gzip_page
@readers_only(lambda reader: reader.is_staff)
def show_words(_request: HttpRequest, _reader: Reader) -> JsonResponse:
    """Every code of the closed sets in the reader's language, by set."""
    said = {kind: {code: state_words.say(kind, code) for code in table} for kind, table in state_words.TABLES.items()}
    said["label"] = {label: label_words.say(label) for label in label_words.KNOWN}
    return JsonResponse(said, headers={"Cache-Control": REVALIDATE, "Vary": "Cookie, Accept-Language"})


@require_safe
@readers_only(lambda reader: reader.may_read_cases)
def show_plan(_request: HttpRequest, reader: Reader, flag_id: UUID) -> HttpResponse:
    """The plan sketch of a flag to scale, from the facts that were frozen with it; 404 where no place is known."""
    get_flag(reader.rights, flag_id)
    flag = Flag.objects.select_related("city").get(pk=flag_id)
    drawn = draw_plan(flag, read_site(flag))
    if not drawn:
        raise NotFound("No place is known of this flag.", field="flag", value=flag_id)
    return HttpResponse(drawn, content_type="image/svg+xml", headers={"Cache-Control": REVALIDATE})
