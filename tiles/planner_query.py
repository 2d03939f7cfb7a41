"""A planner's query: an area, a filter or a named question -> rows with outlines and totals, as of a day.

The filter is compiled by an allow-list (``geo.filter_language``), questions are constants; every value travels beside the text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from django.db import OperationalError, connection, transaction
from numpy.typing import NDArray
from psycopg.errors import QueryCanceled
from psycopg.sql import SQL, Composable, Composed

from errors import InputError, NotFound
from geo.crs import CitySystem, choose_system, parse_system
from geo.drawn_area import DrawnArea, parse_area
from geo.filter_language import compile_filter
from geo.models import City, RegisterSource
from geo.plain_text import make_street_plain
from geo.query_layers import PropertyKind, QueryLayer
from tiles.named_questions import QUESTIONS, NamedQuestion
from tiles.planner_layers import LAYERS

MOST_ROWS = 200_000
PATIENCE_MS = 20_000
_THERE_IS = "There is: {names}."
_SUMMED = ("measured_area_m2", "stated_area_m2", "area_m2", "length_m", "inside_m2", "floor_area_m2")


@dataclass(frozen=True, slots=True)
class PlannerQuestion:
    """What is asked. ``layer`` with an optional filter, or ``question`` with its blanks; either within an area or not."""

    city: str
    on: date
    layer: str = ""
    question: str = ""
    area: Any = None
    filter: Any = None
    blanks: Mapping[str, Any] | None = None
    limit: int = 500


@dataclass(frozen=True, slots=True)
class PlannerAnswer:
    """Rows in the order of the columns, outlines in degrees beside them, totals over all (``total`` may exceed the rows).

    ``has_data`` false: what the question rests on is not on record here, so that an empty answer is no answer.
    """

    name: str
    city: str
    on: date
    columns: tuple[tuple[str, PropertyKind], ...]
    rows: tuple[tuple[Any, ...], ...]
    outlines: NDArray[np.object_]
    total: int
    sums: dict[str, float]
    has_data: bool
    system: CitySystem
    data_from: date | None = None


def ask(question: PlannerQuestion) -> PlannerAnswer:
    """The answer. InputError and NotFound name what cannot be used and what there is instead."""
    city = City.objects.filter(slug=question.city).only("id", "slug", "crs", "center", "settings").first()
    if city is None:
        slugs = ", ".join(City.objects.order_by("slug").values_list("slug", flat=True))
        raise NotFound(
            "No such city is loaded.", field="city", value=question.city, cure=_THERE_IS, names={"names": slugs}
        )
    area = parse_area(question.area) if question.area else None
    system = _choose_system(city, area)
    values = {"city": city.pk, "on": question.on, "srid": system.srid, "area": area.wkb if area else None}
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(SQL("SET LOCAL statement_timeout = {}").format(PATIENCE_MS))
            if question.question:
                return _ask_named(question, city, system, values)
            return _ask_layer(question, city, system, area, values)
    except (QueryCanceled, OperationalError) as error:
        if not isinstance(error, QueryCanceled) and not isinstance(error.__cause__, QueryCanceled):
            raise
        cure = "Draw a smaller area or add a condition."
        raise InputError(
            "This question takes too long.", field="area", value=f"{PATIENCE_MS // 1000} s", cure=cure
        ) from error


def _choose_system(city: City, area: DrawnArea | None) -> CitySystem:
    lon, lat = (area.lon, area.lat) if area else city.center
    return choose_system([parse_system(raw) for raw in city.crs], lon, lat)


def _ask_layer(
    question: PlannerQuestion, city: City, system: CitySystem, area: DrawnArea | None, values: dict[str, Any]
) -> PlannerAnswer:
    layer = LAYERS.get(question.layer)
    if layer is None:
        names = {"names": ", ".join(sorted(LAYERS))}
        raise InputError("There is no such layer.", field="layer", value=question.layer, cure=_THERE_IS, names=names)
    condition = compile_filter(question.filter, layer)
    shown = [(name, one) for name, one in layer.properties.items() if one.is_shown]
    where = _where(layer, condition.sql, has_area=area is not None)
    columns = SQL(", ").join(SQL(one.sql) for _, one in shown)
    statement = SQL(
        "SELECT {columns}, ST_AsBinary(r.geom) FROM {source} r WHERE {where} ORDER BY r.id LIMIT %(most)s"
    ).format(columns=columns, source=SQL(layer.source), where=where)
    given = {**values, **condition.values, "most": min(question.limit, MOST_ROWS)}
    rows = _fetch(statement, given)
    total, *sums = _fetch(_totals(layer, where), given)[0]
    names = [name for name, one in shown if _is_summed(name, one.kind)]
    return _answer(
        question.layer, question, city, system, tuple((name, one.kind) for name, one in shown), rows, total,
        {name: float(value) for name, value in zip(names, sums, strict=True) if value is not None},
        has_data=bool(total) or _has_layer(layer, city),
    )  # fmt: skip


def _where(layer: QueryLayer, condition: Composable, *, has_area: bool) -> Composed:
    parts: list[Composable] = [SQL("r.city_id = %(city)s"), SQL(layer.where), condition]
    if layer.is_dated:
        parts.append(SQL("r.valid_from <= %(on)s AND (r.valid_to IS NULL OR r.valid_to > %(on)s)"))
    if has_area:
        parts.append(SQL("ST_Intersects(r.geom, ST_SetSRID(ST_GeomFromWKB(%(area)s), 4326))"))
    return SQL(" AND ").join(parts)


def _totals(layer: QueryLayer, where: Composable) -> Composed:
    summed = [one for name, one in layer.properties.items() if one.is_shown and _is_summed(name, one.kind)]
    columns = [SQL("count(*)"), *(SQL("sum({})").format(SQL(one.sql)) for one in summed)]
    return SQL("SELECT {} FROM {} r WHERE {}").format(SQL(", ").join(columns), SQL(layer.source), where)


def _is_summed(name: str, kind: PropertyKind) -> bool:
    """Areas and lengths add up; storeys and shares do not."""
    return kind is PropertyKind.NUMBER and name in (
        "measured_area_m2",
        "stated_area_m2",
        "area_m2",
        "length_m",
        "inside_m2",
        "floor_area_m2",
    )


def _has_layer(layer: QueryLayer, city: City) -> bool:
    if not layer.is_dated:
        return True
    statement = SQL("SELECT EXISTS (SELECT 1 FROM {} r WHERE r.city_id = %(city)s AND {})").format(
        SQL(layer.source), SQL(layer.where)
    )
    return bool(_fetch(statement, {"city": city.pk})[0][0])


def _ask_named(question: PlannerQuestion, city: City, system: CitySystem, values: dict[str, Any]) -> PlannerAnswer:
    named = QUESTIONS.get(question.question)
    if named is None:
        names = {"names": ", ".join(sorted(QUESTIONS))}
        raise InputError(
            "There is no such question.", field="question", value=question.question, cure=_THERE_IS, names=names
        )
    given = {**values, **fill_in(named, question.blanks or {})}
    given |= _look_up(given, city)
    has_data = bool(_fetch(SQL(named.needs), given)[0][0])
    found = _fetch(SQL("SELECT * FROM ({}) answer").format(_with_outline(named)), given) if has_data else []
    sums: dict[str, float] = {}
    for index, (name, kind) in enumerate(named.columns):
        if _is_summed(name, kind):
            sums[name] = float(sum(row[index] or 0.0 for row in found))
    rows = found[: min(question.limit, MOST_ROWS)]
    return _answer(question.question, question, city, system, named.columns, rows, len(found), sums, has_data=has_data)


def _with_outline(named: NamedQuestion) -> Composed:
    names = [f"c{index}" for index in range(len(named.columns))]
    head = ", ".join([*names, "ST_AsBinary(geom)"])
    columns = ", ".join([*names, "geom"])
    return SQL("SELECT {} FROM ({}) AS inner_answer ({})").format(SQL(head), SQL(named.sql), SQL(columns))


def _look_up(given: Mapping[str, Any], city: City) -> dict[str, Any]:
    """What a blank's words stand for: a street's ways of writing, a kind's uses of parcels."""
    found: dict[str, Any] = {}
    if "street" in given:
        plain = make_street_plain(str(given["street"]))
        names = _fetch(SQL("SELECT name FROM geo_streetname WHERE city_id = %(city)s AND name_plain = %(plain)s"),
                       {"city": city.pk, "plain": plain})  # fmt: skip
        found["streets"] = [str(given["street"]), *(row[0] for row in names)]
    if "kind" in given:
        kinds = city.settings.get("place_kinds", {})
        found["use_codes"] = [str(code) for code in kinds.get(str(given["kind"]), [])]
    return found


def fill_in(named: NamedQuestion, blanks: Mapping[str, Any]) -> dict[str, Any]:
    """The blanks as values of their kind; InputError names the blank, its value and what to write."""
    unknown = sorted(set(blanks) - set(named.blanks))
    if unknown:
        names = {"names": ", ".join(named.blanks)}
        raise InputError(
            "This question has no such blank.", field="blanks", value=", ".join(unknown), cure=_THERE_IS, names=names
        )
    filled = {}
    for name, blank in named.blanks.items():
        value = blanks.get(name)
        if value in (None, ""):
            value = blank.default
        if value is None:
            wanted = {"day": "2024-01-01", "number": "20", "text": "…"}[blank.kind.value]
            raise InputError(
                "This question has an empty blank.", field=name, value="", cure=f"Write for example {wanted}."
            )
        filled[name] = _read_blank(name, value, blank.kind)
    return filled


def _read_blank(name: str, value: Any, kind: PropertyKind) -> Any:
    try:
        if kind is PropertyKind.NUMBER:
            number = float(value)
            if not 0 < number <= 5000:
                raise ValueError("out of range")
            return number
        if kind is PropertyKind.DAY:
            return date.fromisoformat(str(value))
    except (TypeError, ValueError) as error:
        wanted = "a number between 0 and 5000" if kind is PropertyKind.NUMBER else "a day such as 2024-01-01"
        raise InputError("This blank cannot be read.", field=name, value=value, cure=f"Write {wanted}.") from error
    text = str(value)
    if len(text) > 200 or "\x00" in text:
        raise InputError("This blank cannot be read.", field=name, value=text[:40], cure="Write at most 200 letters.")
    return text


def _answer(
    name: str, question: PlannerQuestion, city: City, system: CitySystem, columns: tuple[tuple[str, PropertyKind], ...],
    rows: Sequence[Sequence[Any]], total: int, sums: dict[str, float], *, has_data: bool,
) -> PlannerAnswer:  # fmt: skip
    outlines = np.empty(len(rows), dtype=object)
    outlines[:] = [None if row[-1] is None else shapely.from_wkb(bytes(row[-1])) for row in rows]
    first = None if total else _first_day(city, question.on)
    return PlannerAnswer(
        name, city.slug, question.on, columns, tuple(tuple(row[:-1]) for row in rows), outlines, total, sums, has_data, system,
        first,
    )  # fmt: skip


def _first_day(city: City, on: date) -> date | None:
    """The first day of any data, where the day asked for lies before it."""
    first = RegisterSource.objects.filter(city=city).order_by("valid_from").values_list("valid_from", flat=True).first()
    return first if first and on < first else None


def _fetch(statement: Composable, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
