"""``/report/``: photo first, then the place read from it, then sent. Works without JavaScript.

Step 1 keeps the checked files as a draft; step 2 shows where the photo says it was taken and lets the sender correct
it. The page's module asks step 2 for the same as a fragment (``X-Fragment: place``) and puts it under the photo.
"""

from __future__ import annotations

from pathlib import Path

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from errors import InputError, NotFound, ProjectError
from intake.wording import NOTICE_SENTENCES
from web import label_words
from web.answers import answer_page
from web.drafts import Draft, drop_draft, find_draft
from web.fault_words import FaultWords, say_fault
from web.middleware import status_of
from web.report_form import CATEGORIES, PlaceForm, read_choice, read_place_form
from web.report_place import PlaceView, has_place, take_track, view_place
from web.sending import send_report
from web.throttle import is_over_limit
from web.upload_check import keep_checked, preview

STEP_1, STEP_2, FRAGMENT = "web/report.html", "web/report_place.html", "web/parts/report_place.html"


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Step 1: choose files. A good choice leads on to step 2; a bad one comes back with the reason beside the field."""
    if request.method != "POST":
        return _answer_choice(request, {}, [], 200)
    try:
        draft = keep_checked(request.FILES.getlist("media"), read_choice(request.POST))
    except InputError as error:
        return _answer_choice(request, request.POST.dict(), [say_fault(error)], status_of(error))
    if request.headers.get("X-Fragment") == "place":
        return _answer_place(request, draft, PlaceForm(), [], 200)
    return HttpResponseRedirect(reverse("web:report_confirm", args=[draft.token]), status=303)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Step 2: check the place, correct it, send."""
    try:
        draft = find_draft(token)
    except NotFound as error:
        return _answer_choice(request, {}, [FaultWords("media", say_fault(error).message, say_fault(error).cure)], 404)
    if request.method != "POST":
        return _answer_place(request, draft, PlaceForm(), [], 200)
    form = PlaceForm()
    try:
        form = read_place_form(request.POST)
        draft = take_track(draft, request.FILES.get("track"), is_asked=request.POST.get("do") == "track")
        if form.is_only_moved:
            return _answer_place(request, draft, form, [], 200)
        if is_over_limit(request):
            return _answer_place(request, draft, form, [_say_too_many()], 429)
        sent = send_report(draft, form, has_place=has_place(draft, form))
    except ProjectError as error:
        return _answer_place(request, draft, PlaceForm.from_post(request.POST), [say_fault(error)], status_of(error))
    drop_draft(token)
    for notice in sent.notices:
        messages.info(request, _(NOTICE_SENTENCES[notice]))
    target = f"{reverse('web:follow', args=[sent.code])}?{urlencode([('s', sent.secret), ('sent', '1')])}"
    if request.headers.get("X-Fragment"):
        return HttpResponse(status=201, headers={"Location": target})
    return HttpResponseRedirect(target, status=303)


@require_safe
def show_worker(_request: HttpRequest) -> FileResponse:
    """The script that keeps this page on the phone. A worker reaches only what lies below its own address."""
    script = Path(__file__).parents[1] / "static" / "web" / "js" / "report_sw.js"
    answer = FileResponse(script.open("rb"), content_type="text/javascript")
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def show_suggestion(request: HttpRequest, token: str) -> JsonResponse:
    """What the machine suggests for a draft, in words; 204 while it has not looked yet. Nothing is chosen by it."""
    found = find_draft(token).suggestion
    if found is None:
        return JsonResponse({}, status=204)
    words = _("The machine saw: %(things)s.") % {"things": ", ".join(label_words.say(label) for label in found.labels)}
    answer = JsonResponse({"category": found.category, "words": words if found.labels else ""})
    patch_cache_control(answer, private=True, no_store=True)
    return answer


@require_safe
def show_picture(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """A small upright copy of a chosen photo, for the sender's own eyes; nothing of it is stored."""
    draft = find_draft(token)
    if number >= len(draft.files):
        raise NotFound("This draft has no such file.", field="number", value=number)
    answer = HttpResponse(preview(draft.files[number]), content_type="image/jpeg")
    patch_cache_control(answer, private=True, max_age=600)
    return answer


def _answer_choice(request: HttpRequest, typed: dict[str, str], faults: list[FaultWords], status: int) -> HttpResponse:
    context = {"typed": typed, "faults": _by_field(faults), "categories": CATEGORIES}
    if request.headers.get("X-Fragment"):
        return answer_page(request, "web/parts/report_fault.html", context, status=status)
    return answer_page(request, STEP_1, context, here="report", status=status)


def _answer_place(
    request: HttpRequest, draft: Draft, form: PlaceForm, faults: list[FaultWords], status: int
) -> HttpResponse:
    place: PlaceView = view_place(draft, form)
    context = {
        "draft": draft, "form": form, "place": place, "faults": _by_field(faults), "categories": CATEGORIES,
        "pictures": [number for number, file in enumerate(draft.files) if file.kind == "photo"],
        "clips": sum(file.kind == "video" for file in draft.files), "title": _("Check the place"),
    }  # fmt: skip
    template = FRAGMENT if request.headers.get("X-Fragment") else STEP_2
    answer = answer_page(request, template, context, here="report", status=status, zone=place.timezone)
    answer["X-Confirm"] = reverse("web:report_confirm", args=[draft.token])
    patch_cache_control(answer, private=True, no_store=True)
    return answer


def _say_too_many() -> FaultWords:
    return FaultWords(
        "form", _("Many reports came from this connection within the hour."), _("Wait a while, then send it.")
    )


def _by_field(faults: list[FaultWords]) -> dict[str, FaultWords]:
    """Each message beside its field; one without a field of the form stands above all."""
    fields = {
        "media": "media",
        "lon": "place",
        "lat": "place",
        "coordinates": "place",
        "position": "place",
        "captured_at": "track",
        "at": "place",
    }
    fields |= {name: name for name in ("category", "description", "contact", "place", "track")}
    return {fields.get(fault.field, "form"): fault for fault in faults}
