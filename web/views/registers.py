"""``/registers/``: the city's registers with their runs and faults, for planners and operators; operators decide about runs."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from errors import InputError
from geo.actions import ask_to_apply, discard_load
from geo.register_queries import (
    IssueFilter,
    IssueRow,
    count_faults,
    get_run,
    list_choices,
    list_issues,
    list_registers,
    list_runs,
    walk_issues,
)
from web.access import readers_only, signed_in
from web.answers import answer_page
from web.queries.people import Reader

_KINDS = {"csv": "text/csv; charset=utf-8", "geojson": "application/geo+json"}
_COLUMNS = ("id", "city", "source", "load_id", "source_on", "row", "key", "fault", "action", "detail", "lon", "lat")


@never_cache
@require_safe
@readers_only(lambda reader: reader.may_see_registers)
def list_all(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Every register with the date of its data and its newest run; runs that wait for a person stand first."""
    registers = list_registers(request.GET.get("city", ""))
    waiting = [row for row in registers if row.open_run is not None]
    return answer_page(
        request, "web/registers.html", {"registers": registers, "waiting": waiting}, here="registers"
    )  # fmt: skip


@never_cache
@require_safe
@readers_only(lambda reader: reader.may_see_registers)
def show_register(request: HttpRequest, reader: Reader, name: str) -> HttpResponse:
    """The runs of one register, newest first."""
    runs = list_runs(name)
    return answer_page(request, "web/register.html", {"name": name, "runs": runs}, here="registers")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@readers_only(lambda reader: reader.may_see_registers)
def show_run(request: HttpRequest, reader: Reader, load_id: int) -> HttpResponse:
    """One run: what it changed or would change, its faults; an operator applies or discards one that waits."""
    if request.method == "POST":
        return _decide(request, load_id)
    run = get_run(load_id)
    context = {
        "run": run, "faults": count_faults(IssueFilter(load_id=load_id)),
        "may_decide": run.may_decide and reader.may_operate,
    }  # fmt: skip
    return answer_page(request, "web/register_run.html", context, here="registers")


@readers_only(lambda reader: reader.may_operate)
def _decide(request: HttpRequest, reader: Reader, load_id: int) -> HttpResponse:
    wish, by = request.POST.get("do", ""), signed_in(request).get_username()
    if wish == "apply":
        ask_to_apply(load_id, by=by)
        messages.success(request, _("Confirmed. A worker applies it within a minute; this page then says so."))
    elif wish == "discard":
        discard_load(load_id, by=by)
        messages.success(request, _("Discarded. The register is as it was."))
    else:
        raise InputError("Say what to do with this run.", field="do", value=wish, cure="apply or discard")
    return HttpResponseRedirect(reverse("web:register_run", args=[load_id]), status=303)


@never_cache
@require_safe
@readers_only(lambda reader: reader.may_see_registers)
def show_issues(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Faults of all runs by filter, each with a link to its place."""
    asked = _read_filter(request)
    page = list_issues(asked, after=_whole(request, "after"))
    kept = request.GET.copy()
    kept.pop("after", None)
    context = {"asked": asked, "page": page, "choices": list_choices(), "query": kept.urlencode()}
    return answer_page(request, "web/register_issues.html", context, here="registers")


@never_cache
@require_safe
@readers_only(lambda reader: reader.may_see_registers)  # type: ignore[arg-type]  # a stream is an answer too
def export_issues(request: HttpRequest, reader: Reader, form: str) -> StreamingHttpResponse:
    """All faults of the filter as CSV or GeoJSON."""
    rows = walk_issues(_read_filter(request))
    text, kind = (
        (_write_csv(rows), "text/csv; charset=utf-8")
        if form == "csv"
        else (_write_geojson(rows), "application/geo+json")
    )
    answer = StreamingHttpResponse(text, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="register-issues.{form}"'
    return answer


class _Line:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        """The line itself."""
        return text


def _write_csv(rows: Iterable[IssueRow]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield "\ufeff"  # spreadsheets read Vietnamese rightly with it
    yield writer.writerow(_COLUMNS)
    for row in rows:
        yield writer.writerow([_safe(getattr(row, column)) for column in _COLUMNS])


def _safe(value: object) -> object:
    """Texts that a spreadsheet would run as a formula are quoted."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t") else value


def _write_geojson(rows: Iterable[IssueRow]) -> Iterator[str]:
    yield '{"type":"FeatureCollection","features":['
    for number, row in enumerate(rows):
        place = {"type": "Point", "coordinates": [row.lon, row.lat]} if row.lon is not None else None
        told = {column: getattr(row, column) for column in _COLUMNS[:-2]}
        feature = {"type": "Feature", "id": row.id, "geometry": place, "properties": told}
        yield ("," if number else "") + json.dumps(feature, ensure_ascii=False, default=str)
    yield "]}"


def _read_filter(request: HttpRequest) -> IssueFilter:
    asked = request.GET
    return IssueFilter(
        city=asked.get("city", ""), source=asked.get("source", ""), fault=asked.get("fault", ""),
        action=asked.get("action", ""), load_id=_whole(request, "load"),
    )  # fmt: skip


def _whole(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "")
    if text and (not text.isdigit() or len(text) > 15):
        raise InputError("This field is a whole number.", field=name, value=text, cure="Follow the links of this page.")
    return int(text or 0)
