"""Figures of leaders: recurrence first, each row with the address of the cases that were counted, and as CSV.

All read from the event log through the clocks. Shares below thirty samples carry no percentage; open and overdue counts
against being on time.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from api.endpoint import Endpoint, describe, rights_of
from api.geojson import collection_schema, make_collection, make_feature
from api.parsing import parse_choice, parse_id, parse_limit, parse_moment
from api.plain import Json, schema_of, to_plain
from cases.figures import (
    AgeRow,
    FigureAsk,
    Group,
    LatenessFigure,
    OnTimeRow,
    PrecisionRow,
    RankRow,
    RecurrenceRow,
)
from cases.permissions import Rights
from cases.queries.cases import CaseRow
from cases.queries.figures import (
    FIGURE_READERS,
    Drill,
    ask_figure,
    list_drilled_cases,
    list_drilled_flags,
    read_ageing,
    read_lateness,
    read_on_time,
    read_precision,
    read_ranking,
    read_recurrence,
)
from cases.shares import Share
from errors import NotFound
from intake.kinds import Category

TAG = "figures"
PARAMETERS = (
    OpenApiParameter("city", str, description="the city's short name; the default city where absent"),
    OpenApiParameter("since", str, description="first moment or day of the period; a year before its end where absent"),
    OpenApiParameter("until", str, description="first moment or day after the period; now where absent"),
    OpenApiParameter("group", str, enum=list(Group), description="by what rows are cut"),
    OpenApiParameter("use", str, enum=list(Category)),
    OpenApiParameter("unit", str, description="code of the office"),
    OpenApiParameter("ward", str, description="code of the administrative unit"),
)
Read = Callable[[Rights, FigureAsk], Sequence[Any]]
READERS: Mapping[str, Read] = {
    "recurrence": read_recurrence,
    "on-time": read_on_time,
    "ageing": read_ageing,
    "precision": read_precision,
    "ranking": read_ranking,
}


def ask_of(request: Request) -> FigureAsk:
    """What the address asks for."""
    asked = request.query_params
    return ask_figure(
        city=asked.get("city", ""),
        since=parse_moment(asked.get("since"), "since"),
        until=parse_moment(asked.get("until"), "until"),
        now=timezone.now(),
        group=parse_choice(asked.get("group"), Group, "group") or Group.ALL,
        use=parse_choice(asked.get("use"), Category, "use") or "",
        unit=asked.get("unit", ""),
        ward=asked.get("ward", ""),
    )


def figure_schema(row: type) -> Json:
    """The schema of a figure: its question, and its rows with the address of their cases."""
    inner = schema_of(row)
    for field in fields(row):
        if field.type == "Share":
            inner["properties"][field.name] = schema_of(Share) | {"description": "`said` is null below thirty samples."}
            inner["properties"][field.name]["properties"]["said"] = {"type": "number", "nullable": True}
    inner["properties"]["cases"] = {"type": "string", "format": "uri"}
    return {
        "type": "object",
        "properties": {
            "figure": {"type": "string"},
            "group": {"type": "string"},
            "since": {"type": "string", "format": "date-time"},
            "until": {"type": "string", "format": "date-time"},
            "as_of": {"type": "string", "format": "date-time"},
            "csv": {"type": "string", "format": "uri"},
            "rows": {"type": "array", "items": inner},
        },
        "required": ["figure", "rows"],
    }


def plain_row(row: Any) -> Json:
    """A row as JSON; a share says its percentage only where it may be said."""
    plain: Json = {}
    for field in fields(row):
        value = getattr(row, field.name)
        plain[field.name] = to_plain(value) | {"said": value.said} if isinstance(value, Share) else to_plain(value)
    return plain


def answer_figure(request: Request, name: str, rows: Sequence[Any], ask: FigureAsk) -> Response:
    """The figure with its links."""
    listed = [plain_row(row) | {"cases": address_of_cases(request, name, row.key)} for row in rows]
    return Response(head_of(request, name, ask) | {"rows": listed})


def answer_plain_figure(name: str, rows: Sequence[Any], ask: FigureAsk) -> Response:
    """A figure whose rows lead to no list."""
    head = {
        "figure": name,
        "since": ask.since.isoformat(),
        "until": ask.until.isoformat(),
        "as_of": ask.now.isoformat(),
    }
    return Response(head | {"rows": [plain_row(row) for row in rows]})


def head_of(request: Request, name: str, ask: FigureAsk) -> Json:
    """What was asked, and where the same comes as CSV."""
    address = reverse("api:figure-csv", kwargs={"name": name}, request=request)
    asked = urlencode(request.query_params.dict())
    return {
        "figure": name, "group": ask.group.value, "since": ask.since.isoformat(), "until": ask.until.isoformat(),
        "as_of": ask.now.isoformat(), "csv": f"{address}?{asked}" if asked else address,
    }  # fmt: skip


def address_of_cases(request: Request, name: str, key: str) -> str:
    """The list of what one row counts."""
    address = reverse("api:figure-cases", kwargs={"name": name}, request=request)
    return f"{address}?{urlencode({**request.query_params.dict(), 'key': key})}"


class Recurrence(Endpoint):
    """``/figures/recurrence``."""

    may_call = FIGURE_READERS

    @describe(
        "Recurrence", "Of the cases settled in the period and followed for thirty days since, how many came back: the first "
        "figure, since early closing cannot improve it. By `unit`, `ward`, `use`, `spot`, `remedy`, `month` or `all`.",
        who=FIGURE_READERS, answer_schema=figure_schema(RecurrenceRow), faults=(400, 404), parameters=PARAMETERS, tag=TAG,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The figure."""
        ask = ask_of(request)
        return answer_figure(request, "recurrence", read_recurrence(rights_of(request), ask), ask)


class OnTime(Endpoint):
    """``/figures/on-time``."""

    may_call = FIGURE_READERS

    @describe(
        "On time", "Of all clocks due in the period, how many were kept; what is open and overdue counts against. The share "
        "of closed ones alone is told beside it as `flattering`. Also by `clock`.",
        who=FIGURE_READERS, answer_schema=figure_schema(OnTimeRow), faults=(400, 404), parameters=PARAMETERS, tag=TAG,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The figure."""
        ask = ask_of(request)
        return answer_figure(request, "on-time", read_on_time(rights_of(request), ask), ask)


class Ageing(Endpoint):
    """``/figures/ageing``."""

    may_call = FIGURE_READERS

    @describe(
        "Open cases by age", "In days since opening, with how many are overdue.",
        who=FIGURE_READERS, answer_schema=figure_schema(AgeRow), faults=(400, 404), parameters=PARAMETERS, tag=TAG,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The figure."""
        ask = ask_of(request)
        return answer_figure(request, "ageing", read_ageing(rights_of(request), ask), ask)


class LatenessView(Endpoint):
    """``/figures/lateness``."""

    may_call = FIGURE_READERS

    @describe(
        "Late at which step and why", "Days of lateness laid on the steps by their share of the counted time, by the cause "
        "that was given; and all time of late clocks as work, waiting, handover and pause. Days by the clock (a working day "
        "is a day's duty hours) and by the wall.",
        who=FIGURE_READERS, answer=LatenessFigure, faults=(400, 404), parameters=PARAMETERS, tag=TAG,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The figure."""
        ask = ask_of(request)
        plain = to_plain(read_lateness(rights_of(request), ask))
        for row in plain["by_step"]:
            row["cases"] = address_of_cases(request, "lateness", row["cause"])
        return Response(head_of(request, "lateness", ask) | plain)


class Precision(Endpoint):
    """``/figures/precision``."""

    may_call = FIGURE_READERS

    @describe(
        "How often the machine was right", "By `rule`, `camera`, `label`, `use` or `ward`: as reviewers decided and as "
        "inspectors found, each with its 95 % interval.",
        who=FIGURE_READERS, answer_schema=figure_schema(PrecisionRow), faults=(400, 404), parameters=PARAMETERS, tag=TAG,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The figure."""
        ask = ask_of(request)
        return answer_figure(request, "precision", read_precision(rights_of(request), ask), ask)


class Ranking(Endpoint):
    """``/figures/ranking``."""

    may_call = FIGURE_READERS

    @describe(
        "Units beside each other", "Ranked by the lower bound of the share of clocks kept in cases that were neither "
        "reopened nor came back, open and overdue ones counted: closing early does not help. By `unit` or `ward`.",
        who=FIGURE_READERS, answer_schema=figure_schema(RankRow), faults=(400, 404), parameters=PARAMETERS, tag=TAG,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The figure."""
        ask = ask_of(request)
        return answer_figure(request, "ranking", read_ranking(rights_of(request), ask), ask)


class FigureCases(Endpoint):
    """``/figures/{name}/cases``."""

    may_call = FIGURE_READERS

    @describe(
        "Cases behind a figure", "What one row counts, as GeoJSON, newest first. `part`: what of it. The precision figure "
        "leads to its flags.",
        who=FIGURE_READERS, answer_schema=collection_schema(CaseRow), faults=(400, 404), tag=TAG,
        parameters=[
            OpenApiParameter("key", str, description="of the row; all rows where absent"),
            OpenApiParameter("part", str, enum=list(Drill)), OpenApiParameter("limit", int),
            OpenApiParameter("after", str), *PARAMETERS,
        ],
    )  # fmt: skip
    def get(self, request: Request, name: str) -> Response:
        """A page."""
        asked, rights, ask = request.query_params, rights_of(request), ask_of(request)
        part = parse_choice(asked.get("part"), Drill, "part") or Drill.ALL
        after, limit, key = parse_id(asked.get("after"), "after"), parse_limit(asked.get("limit")), asked.get("key")
        if name == "precision":
            page: Any = list_drilled_flags(rights, ask, key=key, part=part, after=after, limit=limit)
        else:
            page = list_drilled_cases(rights, ask, name, key=key, part=part, after=after, limit=limit)
        features = [make_feature(row, lon=row.lon, lat=row.lat) for row in page.items]
        return Response(make_collection(request, features, page.next_after))


class FigureCsv(Endpoint):
    """``/figures/{name}.csv``."""

    may_call = FIGURE_READERS

    @describe(
        "A figure as CSV", "The same rows, one column per field, UTF-8 with a mark that spreadsheets understand.",
        who=FIGURE_READERS, answer_schema={"type": "string"}, faults=(400, 404), parameters=PARAMETERS, tag=TAG,
    )  # fmt: skip
    def get(self, request: Request, name: str) -> HttpResponse:
        """The file."""
        ask, rights = ask_of(request), rights_of(request)
        if name == "lateness":
            rows: Sequence[Any] = read_lateness(rights, ask).by_step
        elif name in READERS:
            rows = READERS[name](rights, ask)
        else:
            raise NotFound("No such figure.", field="figure", value=name)
        return write_csv(name, rows)


def write_csv(name: str, rows: Sequence[Any]) -> HttpResponse:
    """Rows as a CSV file; a share becomes its parts, its percentage empty where it may not be said."""
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    flat = [_flatten(row) for row in rows]
    writer = csv.DictWriter(answer, list(flat[0]) if flat else ["key"])
    writer.writeheader()
    writer.writerows(flat)
    return answer


def _flatten(row: Any) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for field in fields(row):
        value = getattr(row, field.name)
        if isinstance(value, Share):
            for name, part in (("hits", value.hits), ("total", value.total), ("share", value.said)):
                flat[f"{field.name}_{name}"] = "" if part is None else part
            for name, bound in (("low", value.low), ("high", value.high)):
                flat[f"{field.name}_{name}"] = round(bound, 4) if value.is_enough else ""
        else:
            flat[field.name] = value if not is_dataclass(value) else str(value)
    return flat
