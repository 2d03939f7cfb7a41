"""``/review/``: one flag decided in ten seconds, with reasons. Works by plain forms; the keyboard is a module on top."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cases.actions import ReviewDecision, open_original
from cases.lifecycle import DismissReason
from cases.permissions import may_decide_flag, may_open_original
from errors import ProjectError
from geo.facts import Register, RegisterState
from intake.queries import get_media
from pipeline.decisions import review_flag
from rules.site_facts import SiteFacts
from rules.stored import read_finding
from rules.wording import CONTEXT, word, word_finding
from web import state_words
from web.access import readers_only, signed_in
from web.answers import answer_page
from web.conditions import list_conditions
from web.dwell_strip import lay_out_strip
from web.evidence_overlay import DESK_LETTERS, PHONE_LETTERS, Overlay, SeenBox, lay_out
from web.fault_words import FaultWords, say_fault
from web.label_words import say as say_label
from web.middleware import status_of
from web.place_summary import summarise
from web.plan import draw_plan, read_site
from web.queries.people import Reader
from web.queries.review import Evidence, QueueItem, get_queue_item, list_earlier_cases, list_queue, read_evidence
from web.templatetags.people import figure
from web.viewers import note_viewer

LABELS = tuple(reason.value for reason in DismissReason)


@never_cache
@require_safe
@readers_only(lambda reader: reader.may_review)
def show_queue(request: HttpRequest, reader: Reader) -> HttpResponse:
    """The queue with its first flag beside it (on a phone: the queue alone)."""
    verdict = request.GET.get("verdict", "")
    queue = list_queue(reader.rights, verdict)
    return _answer(request, reader, queue, queue[0] if queue else None, verdict, is_list=True)


@never_cache
@require_safe
@readers_only(lambda reader: reader.may_review)
def show_flag(request: HttpRequest, reader: Reader, flag_id: UUID) -> HttpResponse:
    """One flag of the queue, or one that was decided."""
    verdict = request.GET.get("verdict", "")
    return _answer(request, reader, list_queue(reader.rights, verdict), get_queue_item(reader.rights, flag_id), verdict)


@require_POST
@readers_only(lambda reader: reader.may_review)
def decide(request: HttpRequest, reader: Reader, flag_id: UUID) -> HttpResponse:
    """Accept, accept as a new case, dismiss with a label, or undo a dismissal; then the next flag of the queue."""
    verdict = request.POST.get("verdict", "")
    following = _find_following(list_queue(reader.rights, verdict), flag_id)
    try:
        decision, label = _read_decision(request.POST.get("decision", ""))
        outcome = review_flag(
            flag_id, decision, by=signed_in(request), reason=label, note=request.POST.get("note", "").strip()[:500],
            version=_read_version(request.POST.get("version", "")),
        )  # fmt: skip
    except ProjectError as error:
        item = get_queue_item(reader.rights, flag_id)
        queue = list_queue(reader.rights, verdict)
        return _answer(request, reader, queue, item, verdict, fault=say_fault(error), status=status_of(error))
    _say_done(request, decision, outcome.case_code, label, flag_id)
    target = flag_id if decision is ReviewDecision.UNDO else following
    path = reverse("web:review_flag", args=[target]) if target else reverse("web:review")
    return HttpResponseRedirect(f"{path}?verdict={verdict}" if verdict else path, status=303)


@require_POST
@readers_only(lambda reader: reader.may_review)
def look_at_original(request: HttpRequest, reader: Reader, flag_id: UUID) -> HttpResponse:
    """The unredacted original, after the look with its reason is on record."""
    item = get_queue_item(reader.rights, flag_id)
    media = get_media(item.flag.observation.media_id)
    try:
        data = open_original(media.id, by=signed_in(request), reason=request.POST.get("reason", ""))
    except ProjectError as error:
        queue = list_queue(reader.rights, "")
        return _answer(request, reader, queue, item, "", fault=say_fault(error), status=status_of(error))
    answer = HttpResponse(data, content_type=media.content_type)
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Disposition"] = "inline"
    return answer


def _answer(
    request: HttpRequest, reader: Reader, queue: tuple[QueueItem, ...], item: QueueItem | None, verdict: str, *,
    is_list: bool = False, fault: FaultWords | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    language = translation.get_language() or "vi"
    say = partial(translation.pgettext, CONTEXT)
    worded = [(entry, word(read_finding(entry.flag), language, say)) for entry in queue]
    context: dict[str, object] = {
        "queue": worded, "verdict": verdict, "is_list": is_list, "fault": fault, "labels": list(enumerate(LABELS, 1)),
        "undo": request.session.pop("review_undo", None),
    }  # fmt: skip
    zone = ""
    if item is not None:
        context |= _describe(reader, item, language)
        context["other_viewer"] = note_viewer(item.row.id, reader.rights.username)
        zone = item.flag.city.timezone if item.flag.city else ""
        ids = [entry.row.id for entry in queue]
        place = ids.index(item.row.id) if item.row.id in ids else -1
        context |= {
            "previous": ids[place - 1] if place > 0 else None,
            "following": ids[place + 1] if 0 <= place < len(ids) - 1 else None,
        }
    return answer_page(request, "web/review.html", context, here="review", status=status, zone=zone)


def _describe(reader: Reader, item: QueueItem, language: str) -> dict[str, object]:
    flag, evidence, site = item.flag, read_evidence(item.flag), read_site(item.flag)
    said = word_finding(flag, language)
    return {
        "item": item, "flag": flag, "said": said, "conditions": list_conditions(flag, said), "evidence": evidence,
        "overlay": _lay_out(evidence), "overlay_phone": _lay_out(evidence, is_phone=True), "site": site,
        "summary": summarise(site.place) if site and site.place else None, "plan": draw_plan(flag, site),
        "earlier": list_earlier_cases(flag), "may_decide": may_decide_flag(reader.rights, flag),
        "may_look": may_open_original(reader.rights, evidence.observation.media_id),
        "is_waiting": flag.state in ("new", "in_review"),
        "strip": lay_out_strip(evidence.moments_s, evidence.first_s, evidence.last_s) if evidence.moments_s else None,
        "permit_state": _describe_permits(site),
    }  # fmt: skip


def _describe_permits(site: SiteFacts | None) -> RegisterState | None:
    """What the permit register could say of the place."""
    states = site.place.registers if site and site.place else ()
    return next((state for state in states if state.register is Register.PERMIT), None)


def _lay_out(evidence: Evidence, *, is_phone: bool = False) -> Overlay:
    """The boxes with letters that can be read on a desk, or on a phone."""
    letters = PHONE_LETTERS if is_phone else DESK_LETTERS
    return lay_out(
        evidence.width_px,
        evidence.height_px,
        evidence.boxes,
        say=_say_box,
        letters_across=letters,
        only_counted=is_phone,
    )


def _say_box(box: SeenBox) -> str:
    return f"{say_label(box.label)} {figure(box.score, 2)}"


def _read_decision(text: str) -> tuple[ReviewDecision, str]:
    """``accept``, ``accept_new``, ``undo``, or a label of dismissal."""
    if text in LABELS:
        return ReviewDecision.DISMISS, text
    return (ReviewDecision(text), "") if text in set(ReviewDecision) else (ReviewDecision.DISMISS, text)


def _read_version(text: str) -> int | None:
    return int(text) if text.isdigit() else None


def _find_following(queue: tuple[QueueItem, ...], flag_id: UUID) -> UUID | None:
    """The flag after this one, or the one before the last."""
    ids = [entry.row.id for entry in queue]
    rest = [other for other in ids if other != flag_id]
    if flag_id not in ids:
        return rest[0] if rest else None
    place = ids.index(flag_id)
    return rest[min(place, len(rest) - 1)] if rest else None


def _say_done(request: HttpRequest, decision: ReviewDecision, case_code: str, label: str, flag_id: UUID) -> None:
    if decision is ReviewDecision.UNDO:
        messages.success(request, _("Taken back. The flag waits again."))
    elif decision is ReviewDecision.DISMISS:
        messages.success(request, _("Dismissed: %s.") % state_words.say("dismiss", label).rstrip("…"))
        request.session["review_undo"] = str(flag_id)
    else:
        messages.success(request, _("Accepted into case %s.") % case_code)
