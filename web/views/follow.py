"""``/follow/``: what became of a report, by code and secret. A wrong pair says only "Not found"."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cases.queries import get_followed_request
from cases.wording import word_request
from errors import NotFound
from geo.position import Position
from geo.today import find_today_at
from intake.queries import get_request, read_media
from rules.wording import word_finding
from web.answers import answer_page
from web.place_sketch import Frame, draw_place, widen_for
from web.queries.reports import holds_copy, read_report_progress
from web.queries.surroundings import list_surroundings
from web.reply_clock import read_clock
from web.surroundings import Mark, MarkKind

WIDTH_PX, HEIGHT_PX = 440, 220
REFRESH_S = 3


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """The form for code and secret, which leads to the page of the report."""
    code, secret = request.GET.get("code", "").strip(), request.GET.get("s", "").strip()
    if not code and not secret:
        return answer_page(request, "web/follow_find.html", {}, here="follow")
    known = _find_code(code, secret)
    if not known:
        context = {"code": code, "is_wrong": True}
        return answer_page(request, "web/follow_find.html", context, here="follow", status=404)
    return HttpResponseRedirect(f"{reverse('web:follow', args=[known])}?{urlencode({'s': secret})}")


@never_cache
@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    """One report for its sender. While the pipeline works the page renews itself."""
    secret = request.GET.get("s", "")
    known = _find_code(code, secret)
    if not known:
        return answer_page(request, "web/follow_find.html", {"is_wrong": True}, here="follow", status=404)
    report = get_followed_request(known)
    progress = read_report_progress(report.observation_ids)
    language = translation.get_language() or "vi"
    words = word_request(report, language)
    path = f"{reverse('web:follow', args=[known])}?{urlencode({'s': secret})}"
    context = {
        "report": report, "progress": progress, "secret": secret, "is_new": bool(request.GET.get("sent")),
        "words": words, "steps": list(zip(report.steps, words.steps, strict=True)),
        "clock": read_clock(report.submitted_at, report.replied_at, timezone.now()),
        "findings": [(flag, word_finding(flag, language)) for flag in progress.flags],
        "sketch": _draw(progress.position), "refresh_s": REFRESH_S if progress.is_processing else 0,
        "link": request.build_absolute_uri(path),
    }  # fmt: skip
    return answer_page(request, "web/follow.html", context, here="follow", zone=report.timezone)


@require_safe
def show_picture(request: HttpRequest, code: str, media_id: UUID) -> HttpResponse:
    """A redacted copy of the sender's own picture, or of the inspector's answer to it."""
    known = _find_code(code, request.GET.get("s", ""))
    if not known or not (holds_copy(known, media_id) or media_id in get_followed_request(known).after_media_ids):
        raise NotFound("No such picture.", field="picture", value=media_id)
    answer = HttpResponse(read_media(media_id), content_type="image/jpeg")
    patch_cache_control(answer, private=True, max_age=3600)
    return answer


def _find_code(code: str, secret: str) -> str:
    """The code in its one spelling when the secret is right; empty for every other pair, whatever is wrong with it."""
    try:
        return get_request(code, secret).code
    except NotFound:
        return ""


def _draw(position: Position | None) -> str:
    if position is None:
        return ""
    frame = Frame(position.lon, position.lat, widen_for(position.accuracy_m), WIDTH_PX, HEIGHT_PX)
    shapes = list_surroundings(frame.lon, frame.lat, frame.half_width_m, find_today_at(frame.lon, frame.lat))
    mark = Mark(MarkKind.CHOSEN, position.lon, position.lat, position.accuracy_m)
    return draw_place(shapes, [mark], frame, title=_("Map of the place"))
