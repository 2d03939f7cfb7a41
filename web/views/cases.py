"""``/cases/``: the city's files, and the form on which an inspector records what was found."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cases.lifecycle import OPEN_INSPECTIONS
from cases.permissions import may_act_on_case
from cases.queries import CaseDetail, CaseFilter, VisitRow, get_case, list_own_jobs
from cases.queries import list_cases as find_cases
from cases.queries.told_history import tell_history
from cases.roles import Role
from errors import Conflict, InputError, ProjectError
from geo.today import find_today_at
from pipeline.decisions import record_inspection
from rules.wording import word_finding
from web.access import readers_only, signed_in
from web.answers import answer_page
from web.fault_words import FaultWords, say_fault
from web.inspection_form import list_outcomes, read_record
from web.middleware import status_of
from web.place_sketch import Frame, draw_place, widen_for
from web.queries.case_file import get_case_row, list_case_flags
from web.queries.people import Reader, read_reader
from web.queries.surroundings import list_surroundings
from web.queries.towns import find_town
from web.surroundings import Mark, MarkKind
from web.views.public_cases import answer_public_case, answer_public_list

PAGE = 50
NEEDS_REASON = ("undetermined", "no_access", "handed_over")


@never_cache
@require_safe
def list_cases(request: HttpRequest) -> HttpResponse:
    """For officers the cases of their units, for everybody else what was published."""
    if not read_reader(request.user).may_read_cases:
        return answer_public_list(request)
    return _list_for_officers(request)


@never_cache
@require_safe
def show_case(request: HttpRequest, code: str) -> HttpResponse:
    """For officers the file, for everybody else its published page; what is not published leads to signing in."""
    if not read_reader(request.user).may_read_cases:
        published = answer_public_case(request, code)
        if published is not None:
            return published
    return _show_to_officers(request, code=code)


@readers_only(lambda reader: reader.may_read_cases)
def _list_for_officers(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Open cases within the reader's units (``?all=1``: closed ones too); an inspector's own jobs stand above."""
    with_closed = request.GET.get("all") == "1"
    page = find_cases(
        reader.rights, CaseFilter(is_open=None if with_closed else True), after=_read_mark(request.GET.get("after", "")),
        limit=PAGE,
    )  # fmt: skip
    jobs = list_own_jobs(signed_in(request)) if reader.rights.holds({Role.INSPECTOR}) else ()
    context = {
        "cases": page.items,
        "next_after": page.next_after,
        "jobs": jobs,
        "with_closed": with_closed,
        "now": timezone.now(),
    }
    return answer_page(request, "web/cases.html", context, here="cases")


@readers_only(lambda reader: reader.may_read_cases)
def _show_to_officers(request: HttpRequest, reader: Reader, code: str) -> HttpResponse:
    """One case: place, evidence, history, visits; the form for those who may record the visit."""
    return _answer(request, reader, get_case(reader.rights, code=code))


@require_POST
@readers_only(lambda reader: reader.may_read_cases)
def record(request: HttpRequest, reader: Reader, code: str) -> HttpResponse:
    """What an inspector found on site; only here does a flag become a violation."""
    detail = get_case(reader.rights, code=code)
    visit = _find_open_visit(detail)
    try:
        if visit is None:
            raise Conflict("No visit is open for this case.", cure="Reload the page and look again.")
        record_inspection(visit.id, read_record(request.POST, request.FILES.getlist("photos")), by=signed_in(request))
    except ProjectError as error:
        return _answer(
            request, reader, detail, fault=say_fault(error), typed=request.POST.dict(), status=status_of(error)
        )
    messages.success(request, _("Recorded."))
    return HttpResponseRedirect(reverse("web:case", args=[code]), status=303)


def _answer(
    request: HttpRequest, reader: Reader, detail: CaseDetail, *, fault: FaultWords | None = None,
    typed: dict[str, str] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    row, language = detail.row, translation.get_language() or "vi"
    town = find_town(row.city)
    visit = _find_open_visit(detail)
    flags = list_case_flags(reader.rights, detail.flag_ids)
    context = {
        "detail": detail, "case": row, "visit": visit, "flags": [(item, word_finding(item.flag, language)) for item in flags],
        "history": tell_history(row.id, language), "sketch": _draw(detail),
        "may_record": visit is not None and _may_record(request, reader, detail, visit),
        "outcomes": list_outcomes(row.use), "needs_reason": NEEDS_REASON, "fault": fault, "typed": typed or {},
        "now": timezone.now(),
    }  # fmt: skip
    return answer_page(
        request, "web/case.html", context, here="cases", status=status, zone=town.timezone if town else ""
    )


def _find_open_visit(detail: CaseDetail) -> VisitRow | None:
    return next((visit for visit in detail.visits if visit.state in OPEN_INSPECTIONS), None)


def _may_record(request: HttpRequest, reader: Reader, detail: CaseDetail, visit: VisitRow) -> bool:
    case = get_case_row(detail.row.id)
    is_own = visit.inspector == request.user.get_username() and may_act_on_case(reader.rights, case, {Role.INSPECTOR})
    return is_own or may_act_on_case(reader.rights, case, {Role.LEADER})


def _draw(detail: CaseDetail) -> str:
    row = detail.row
    if row.lon is None or row.lat is None:
        return ""
    frame = Frame(row.lon, row.lat, widen_for(row.accuracy_m or 0), 520, 260)
    shapes = list_surroundings(frame.lon, frame.lat, frame.half_width_m, find_today_at(frame.lon, frame.lat))
    mark = Mark(MarkKind.CHOSEN, row.lon, row.lat, row.accuracy_m or 0)
    return draw_place(shapes, [mark], frame, title=_("Map of the place"), chosen_key=row.parcel_key)


def _read_mark(text: str) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError as error:
        raise InputError(
            "This page mark is unknown.", field="after", value=text, cure="Begin at the first page."
        ) from error
