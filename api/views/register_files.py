"""An operator sends a register file, looks at what it would change row by row, and takes the faults along as a file."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.http import StreamingHttpResponse
from drf_spectacular.utils import OpenApiParameter
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint, describe, person_of
from api.parsing import parse_day, parse_limit, read_text
from api.plain import to_plain
from api.views.registers import DECIDERS, LOOKERS, TAG, read_issue_filter
from errors import InputError
from geo.register_files import ENDINGS, receive_file
from geo.register_preview import RowChange, list_row_changes
from geo.register_queries import IssueRow, RegisterRun, count_faults, get_run, list_choices, walk_issues

_FILE_BODY = {
    "multipart/form-data": {
        "type": "object",
        "properties": {
            "file": {"type": "string", "format": "binary"},
            "city": {"type": "string"},
            "source_on": {"type": "string", "format": "date", "description": "date of the data"},
        },
        "required": ["file"],
    }
}
_FILTERS = [OpenApiParameter(name, str) for name in ("city", "source", "fault", "action")] + [
    OpenApiParameter("load", int)
]
_COLUMNS = ("id", "city", "source", "load_id", "source_on", "row", "key", "fault", "action", "detail", "lon", "lat")


@dataclass(frozen=True, slots=True)
class FaultCount:
    """How many faults of a kind had one thing done about them."""

    fault: str
    action: str
    rows: int


@dataclass(frozen=True, slots=True)
class FaultCounts:
    """Faults by kind under a filter, and the registers that have any."""

    faults: tuple[FaultCount, ...]
    sources: tuple[str, ...]


class RegisterFiles(Endpoint):
    """``/registers/{name}/files``."""

    may_call = DECIDERS
    parser_classes = [MultiPartParser]

    @describe(
        "Send a register file", "A worker reads it within seconds as a preview: what it would add, change and withdraw, and its "
        "faults. Nothing changes before a person applies the run.",
        who=DECIDERS, answer=RegisterRun, status=201, faults=(400, 404, 409), tag=TAG, body=_FILE_BODY,
    )  # fmt: skip
    def post(self, request: Request, name: str) -> Response:
        """The run that will read it."""
        sent = request.FILES.get("file")
        if not isinstance(sent, UploadedFile):
            raise InputError("A file is needed.", field="file", value="", cure=f"Send one of {', '.join(ENDINGS)}.")
        fields = dict(request.data.items())  # type: ignore[union-attr]  # a form, by its parser
        day = parse_day(read_text({**fields, "file": None}, "source_on"), "source_on")
        city, by = read_text({**fields, "file": None}, "city"), person_of(request).get_username()
        load = receive_file(name, city, sent.name or "", sent.chunks(), source_on=day, by=by)
        return Response(to_plain(get_run(load.pk)), status=201)


class RegisterRunChanges(Endpoint):
    """``/register-loads/{id}/changes``."""

    may_call = LOOKERS

    @describe(
        "What a load would change", "The first rows of a run that waits: `new`, `changed` (with what they say otherwise) or "
        "`withdrawn`, each with its outline.",
        who=LOOKERS, answer=tuple[RowChange, ...], faults=(404,), tag=TAG,
        parameters=[OpenApiParameter("change", str, enum=["new", "changed", "withdrawn"]), OpenApiParameter("limit", int)],
    )  # fmt: skip
    def get(self, request: Request, load_id: int) -> Response:
        """The rows."""
        asked = request.query_params
        return Response(
            to_plain(tuple(list_row_changes(load_id, asked.get("change", ""), parse_limit(asked.get("limit")))))
        )


class RegisterIssueCounts(Endpoint):
    """``/register-issues/counts``."""

    may_call = LOOKERS

    @describe(
        "Register issues by kind", "How many faults of each kind there are under a filter, and what was done about them.",
        who=LOOKERS, answer=FaultCounts, faults=(400,), tag=TAG, parameters=_FILTERS,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The counts."""
        asked = read_issue_filter(request)
        faults = tuple(FaultCount(*row) for row in count_faults(asked))
        return Response(to_plain(FaultCounts(faults, list_choices(asked.city).sources)))


class RegisterIssueFile(Endpoint):
    """``/register-issues/file``."""

    may_call = LOOKERS

    @describe(
        "Register issues as a file", "All faults under a filter as `csv` or `geojson`, worded in the reader's language.",
        who=LOOKERS, answer_schema={"type": "string", "format": "binary"}, faults=(400,), tag=TAG,
        parameters=[OpenApiParameter("form", str, enum=["csv", "geojson"]), *_FILTERS],
    )  # fmt: skip
    def get(self, request: Request) -> StreamingHttpResponse:
        """Written as it is read from the database."""
        form = request.query_params.get("form", "csv")
        if form not in ("csv", "geojson"):
            raise InputError("There is no such format.", field="form", value=form, cure="There is: {names}.",
                             names={"names": "csv, geojson"})  # fmt: skip
        rows = walk_issues(read_issue_filter(request))
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
