"""Figures of leaders: recurrence first, each row with the address of the cases that were counted, and as CSV.

All read from the event log through the clocks. Shares below thirty samples carry no percentage; open and overdue counts
against being on time. The figures themselves stand in ``api.figure_table``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint, describe, rights_of
from api.figure_answers import answer_figure, figure_schema, write_csv
from api.figure_table import FIGURES, Figure
from api.geojson import collection_schema, make_collection, make_feature
from api.parsing import parse_choice, parse_id, parse_limit, parse_moment
from cases.figures import FigureAsk, Group
from cases.queries.cases import CaseRow
from cases.queries.figures import FIGURE_READERS, Drill, ask_figure, list_drilled_cases, list_drilled_flags
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


def _view_of(figure: Figure) -> type[Endpoint]:
    """The endpoint ``/figures/{name}`` of one row of the table."""

    class OneFigure(Endpoint):
        may_call = FIGURE_READERS

        @describe(
            figure.title, figure.text, who=FIGURE_READERS, answer_schema=figure_schema(figure), faults=(400, 404),
            parameters=PARAMETERS, tag=TAG,
        )  # fmt: skip
        def get(self, request: Request) -> Response:
            """The figure."""
            ask = ask_of(request)
            return answer_figure(request, figure, figure.read(rights_of(request), ask), ask)

    OneFigure.__doc__ = f"``/figures/{figure.name}``."
    return OneFigure


VIEWS: Mapping[str, type[Endpoint]] = {name: _view_of(figure) for name, figure in FIGURES.items()}


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
        figure = FIGURES.get(name)
        if figure is None:
            raise NotFound("No such figure.", field="figure", value=name)
        return write_csv(figure, figure.rows(figure.read(rights_of(request), ask_of(request))))
