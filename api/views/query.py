"""A planner's query: an area, a filter or a named question; a table with its outlines and totals, or a file of it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import shapely
from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext
from rest_framework.request import Request
from rest_framework.response import Response

from api.area_bodies import AreaBodyParser
from api.endpoint import Endpoint, describe
from api.parsing import parse_day
from api.place_answers import REFERENCE
from api.plain import Json, to_plain
from cases.roles import Role
from errors import InputError
from geo.crs import CitySystem, parse_system
from geo.exporting import Export, ExportForm, Table, export_table
from geo.models import City
from geo.today import find_today
from tiles.named_questions import QUESTIONS
from tiles.planner_layers import LAYERS
from tiles.planner_query import ask
from tiles.planner_question import MOST_ROWS, PlannerAnswer, PlannerQuestion
from tiles.planner_statistics import Statistics, count_over

_SHOWN, _MOST_SHOWN = 500, 5000
_CHUNK = 65_536
_THERE_IS = "There is: {names}."
_BODY = {
    "application/json": {
        "type": "object",
        "properties": {
            "city": {"type": "string"},
            "layer": {"type": "string", "enum": sorted(LAYERS)},
            "question": {"type": "string", "enum": sorted(QUESTIONS)},
            "blanks": {"type": "object"},
            "area": {"type": "object", "description": "GeoJSON polygon in degrees"},
            "filter": {"description": "CQL2 as text or as JSON, over the layer's properties"},
            "on": {"type": "string", "format": "date"},
            "since": {
                "type": "string",
                "format": "date",
                "description": "compare the register: what changed from this day to `on`",
            },
            "sort": {"type": "string", "description": "a column of the answer; with - before it from the largest down"},
            "limit": {"type": "integer"},
            "offset": {"type": "integer", "description": "rows to pass over"},
            "format": {"type": "string", "enum": ["json", *(form.value for form in ExportForm)]},
            "crs": {"type": "string", "description": "wgs84, or the name of one of the city's systems"},
        },
    }
}
_ANSWER: Json = {
    "type": "object",
    "description": "Rows as GeoJSON features with totals over all of them.",
    "properties": {
        "type": {"type": "string", "enum": ["FeatureCollection"]},
        "columns": {"type": "array", "items": {"type": "object"}},
        "features": {"type": "array", "items": {"type": "object"}},
        "total": {"type": "integer"},
        "returned": {"type": "integer"},
        "sums": {"type": "object", "additionalProperties": {"type": "number"}},
        "decisions": {
            "type": "array",
            "items": {"type": "object"},
            "description": "of a comparison: rows by change and decision",
        },
        "offset": {"type": "integer"},
        "has_data": {"type": "boolean"},
        "notes": {"type": "array", "items": {"type": "string"}},
        "reference": {"type": "string"},
    },
}


class Query(Endpoint):
    """``/query``."""

    may_call = frozenset(Role)
    parser_classes = [AreaBodyParser]

    @describe(
        "Ask a planner's question", "A `layer` with an `area` and a `filter` (CQL2 text or JSON over the layer's properties, an "
        "allow-list; never SQL), or a named `question` with its `blanks`, as of a day. Answers rows as GeoJSON with totals, or "
        "with `format` a file: gpkg, geojson, csv, shp (zip), dxf, in degrees or with `crs` in the city's own metres. With "
        "`since` a register is compared on two days: what is new, changed or withdrawn, and by which decision. "
        "`GET /api/v1/query` lists layers, properties and questions.",
        who=frozenset(Role), answer_schema=_ANSWER, faults=(400, 404), tag="places", body=_BODY,
    )  # fmt: skip
    def post(self, request: Request) -> HttpResponse | StreamingHttpResponse:
        """The answer or the file."""
        body = dict(request.data)
        form = _read_form(body.get("format", "json"))
        limit = _read_limit(body.get("limit"), MOST_ROWS if form else _SHOWN)
        answer = ask(_read_question(body, limit))
        if form is None:
            text = json.dumps(answer_query(answer), ensure_ascii=False, separators=(",", ":"))
            return HttpResponse(text, content_type="application/json")
        return _send_file(answer, form, _choose_system(answer, str(body.get("crs") or "")))

    @describe(
        "List what a planner may ask", "Layers with their properties and kinds, named questions with their blanks, formats, and "
        "the coordinate systems of each city.",
        who=frozenset(Role), answer_schema={"type": "object"}, faults=(), tag="places",
    )  # fmt: skip
    def get(self, request: Request) -> HttpResponse:
        """The list."""
        return HttpResponse(json.dumps(list_askable(), ensure_ascii=False), content_type="application/json")


class QueryStatistics(Endpoint):
    """``/query/statistics``."""

    may_call = frozenset(Role)
    parser_classes = [AreaBodyParser]

    @describe(
        "Count over a planner's question", "The same question, counted over all its rows: by ward (of a row's inner point) and "
        "by the zones that its rows meet, the two kinds of plan apart.",
        who=frozenset(Role), answer=Statistics, faults=(400, 404), tag="places", body=_BODY,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Both breakdowns."""
        return Response(to_plain(count_over(_read_question(dict(request.data), MOST_ROWS))))


def list_askable() -> Json:
    """Everything a query may name."""
    return {
        "layers": {
            name: {key: one.kind.value for key, one in layer.properties.items()}
            for name, layer in sorted(LAYERS.items())
        },
        "dated": [name for name, layer in sorted(LAYERS.items()) if layer.is_dated],
        "questions": {
            name: {
                key: {"kind": blank.kind.value, "default": to_plain(blank.default)} for key, blank in one.blanks.items()
            }
            for name, one in sorted(QUESTIONS.items())
        },
        "formats": [form.value for form in ExportForm],
        "systems": {
            city.slug: [{"name": raw["name"], "title": raw.get("title", raw["name"])} for raw in city.crs]
            for city in City.objects.only("slug", "crs").order_by("slug")
        },
    }


def answer_query(answer: PlannerAnswer) -> Json:
    """Rows as features, columns with their kinds, totals, and what must be known."""
    names = [name for name, _ in answer.columns]
    features = [
        {
            "type": "Feature",
            "geometry": None if outline is None else json.loads(shapely.to_geojson(outline)),
            "properties": dict(zip(names, to_plain(row), strict=True)),
        }
        for row, outline in zip(answer.rows, answer.outlines, strict=True)
    ]
    return {
        "type": "FeatureCollection",
        "columns": [{"name": name, "kind": kind.value} for name, kind in answer.columns],
        "features": features,
        "total": answer.total,
        "returned": len(features),
        "sums": answer.sums,
        "decisions": [asdict(one) for one in answer.decisions],
        "offset": answer.offset,
        "on": answer.on.isoformat(),
        "has_data": answer.has_data,
        "notes": say_notes(answer),
        "reference": gettext(REFERENCE),
    }


def say_notes(answer: PlannerAnswer) -> list[str]:
    """What must be known of the answer, in the reader's language."""
    notes = []
    if answer.data_from is not None:
        said = gettext("No register speaks of this place on this day; the first data are of %(day)s.")
        notes.append(said % {"day": answer.data_from.strftime("%d/%m/%Y")})
    elif not answer.has_data:
        notes.append(gettext("No data: what this question rests on is not on record here. That is not a no."))
    if answer.total > answer.offset + len(answer.rows) or answer.offset:
        said = gettext("Rows %(first)s to %(last)s of %(total)s are shown; the file holds all.")
        last = answer.offset + len(answer.rows)
        notes.append(said % {"first": answer.offset + 1, "last": last, "total": answer.total})
    return notes


def _read_question(body: dict[str, Any], limit: int) -> PlannerQuestion:
    on = parse_day(str(body["on"]) if body.get("on") else None, "on") or find_today(str(body.get("city") or ""))
    if not body.get("layer") and not body.get("question"):
        names = {"layers": ", ".join(sorted(LAYERS)), "questions": ", ".join(sorted(QUESTIONS))}
        raise InputError(
            "Name a layer or a question.", field="layer", value="",
            cure="Layers: {layers}. Questions: {questions}.", names=names,
        )  # fmt: skip
    blanks = body.get("blanks") or {}
    if not isinstance(blanks, dict):
        raise InputError(
            "Blanks are an object.", field="blanks", value=str(blanks)[:60], cure='Write {"street": "..."}.'
        )
    return PlannerQuestion(
        city=str(body.get("city") or _default_city()), on=on, layer=str(body.get("layer") or ""),
        question=str(body.get("question") or ""), area=body.get("area"), filter=body.get("filter"), blanks=blanks, limit=limit,
        since=parse_day(str(body["since"]) if body.get("since") else None, "since"), sort=str(body.get("sort") or ""),
        offset=_read_offset(body.get("offset")),
    )  # fmt: skip


def _default_city() -> str:
    return City.objects.order_by("-is_default", "id").values_list("slug", flat=True).first() or ""


def _read_form(value: Any) -> ExportForm | None:
    if value in (None, "", "json"):
        return None
    try:
        return ExportForm(str(value))
    except ValueError as error:
        names = {"names": f"json, {', '.join(form.value for form in ExportForm)}"}
        raise InputError(
            "There is no such format.", field="format", value=value, cure=_THERE_IS, names=names
        ) from error


def _read_limit(value: Any, default: int) -> int:
    if value in (None, ""):
        return default
    most = max(default, _MOST_SHOWN)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise InputError("The limit is a whole number.", field="limit", value=value, cure=f"Write 1 to {most}.")
    return value


def _read_offset(value: Any) -> int:
    if value in (None, ""):
        return 0
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_ROWS:
        raise InputError("The offset is a whole number.", field="offset", value=value, cure=f"Write 0 to {MOST_ROWS}.")
    return value


def _choose_system(answer: PlannerAnswer, name: str) -> CitySystem | None:
    """Degrees by default; ``city`` means the system at the place."""
    if name.lower() in ("", "wgs84", "epsg:4326"):
        return None
    if name == "city":
        return answer.system
    tables = City.objects.only("crs").get(slug=answer.city).crs
    for raw in tables:
        if name in (raw["name"], str(raw["srid"])):
            return parse_system(raw)
    names = {"names": f"wgs84, city, {', '.join(str(raw['name']) for raw in tables)}"}
    raise InputError("There is no such coordinate system.", field="crs", value=name, cure=_THERE_IS, names=names)


def _send_file(answer: PlannerAnswer, form: ExportForm, system: CitySystem | None) -> StreamingHttpResponse:
    """Written whole into a folder of its own, sent in pieces, removed afterwards."""
    folder = tempfile.TemporaryDirectory(prefix="viahe-export-")
    table = Table(answer.name, tuple(name for name, _ in answer.columns), answer.rows, answer.outlines)
    try:
        export = export_table(table, form, system, Path(folder.name))
    except BaseException:
        folder.cleanup()
        raise
    response = StreamingHttpResponse(_read_pieces(export, folder), content_type=export.content_type)
    name = f"viahe-{answer.name}-{_stamp(answer.on)}{export.path.suffix}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Length"] = str(export.path.stat().st_size)
    response["X-Notes"] = " | ".join(export.notes).encode("ascii", "replace").decode()
    return response


def _read_pieces(export: Export, folder: tempfile.TemporaryDirectory[str]) -> Iterator[bytes]:
    with folder, export.path.open("rb") as stream:
        while piece := stream.read(_CHUNK):
            yield piece


def _stamp(on: date) -> str:
    return on.isoformat()
