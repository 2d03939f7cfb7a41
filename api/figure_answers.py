"""A figure as JSON and as CSV, and its schema: every row with the address of what it counts."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from api.figure_table import Figure
from api.plain import Json, schema_of, to_plain
from cases.figures import FigureAsk
from cases.shares import Share

_MOMENT: Json = {"type": "string", "format": "date-time"}
_ADDRESS: Json = {"type": "string", "format": "uri"}


def figure_schema(figure: Figure) -> Json:
    """Its question, and its rows with the address of their cases."""
    whole = schema_of(figure.whole) if figure.whole is not None else {"properties": {}, "required": []}
    head = {
        "figure": {"type": "string"}, "group": {"type": "string"}, "since": _MOMENT, "until": _MOMENT, "as_of": _MOMENT,
        "csv": _ADDRESS,
    }  # fmt: skip
    rows = {figure.rows_in: {"type": "array", "items": _row_schema(figure.row)}}
    required = dict.fromkeys(["figure", "csv", figure.rows_in, *whole["required"]])
    return {"type": "object", "properties": {**head, **whole["properties"], **rows}, "required": list(required)}


def _row_schema(row: type) -> Json:
    inner = schema_of(row)
    for field in fields(row):
        if field.type == "Share":
            inner["properties"][field.name] = schema_of(Share) | {"description": "`said` is null below thirty samples."}
            inner["properties"][field.name]["properties"]["said"] = {"type": "number", "nullable": True}
    inner["properties"]["cases"] = _ADDRESS
    return inner


def answer_figure(request: Request, figure: Figure, found: Any, ask: FigureAsk) -> Response:
    """The figure with its links."""
    whole = to_plain(found) if figure.whole is not None else {}
    rows = [plain_row(row) | {"cases": _address_of_cases(request, figure, row.key)} for row in figure.rows(found)]
    return Response(_head(request, figure, ask) | whole | {figure.rows_in: rows})


def plain_row(row: Any) -> Json:
    """A row as JSON; a share says its percentage only where it may be said."""
    plain: Json = {}
    for field in fields(row):
        value = getattr(row, field.name)
        plain[field.name] = to_plain(value) | {"said": value.said} if isinstance(value, Share) else to_plain(value)
    return plain


def _head(request: Request, figure: Figure, ask: FigureAsk) -> Json:
    """What was asked, and where the same comes as CSV."""
    address = reverse("api:figure-csv", kwargs={"name": figure.name}, request=request)
    asked = urlencode(request.query_params.dict())
    return {
        "figure": figure.name, "group": ask.group.value, "since": ask.since.isoformat(), "until": ask.until.isoformat(),
        "as_of": ask.now.isoformat(), "csv": f"{address}?{asked}" if asked else address,
    }  # fmt: skip


def _address_of_cases(request: Request, figure: Figure, key: str) -> str:
    """The list of what one row counts."""
    address = reverse("api:figure-cases", kwargs={"name": figure.name}, request=request)
    return f"{address}?{urlencode({**request.query_params.dict(), 'key': key})}"


def write_csv(figure: Figure, rows: Sequence[Any]) -> HttpResponse:
    """Rows as a CSV file; a share becomes its parts, its percentage empty where it may not be said."""
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{figure.name}.csv"'
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
