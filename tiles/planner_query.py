"""A planner's query: an area, a filter, a named question or a comparison -> rows with outlines and totals, as of a day.

The filter is compiled by an allow-list (``geo.filter_language``), questions are constants; every value travels beside the text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import shapely
from psycopg.sql import SQL, Composable, Composed

from errors import InputError
from geo.filter_language import CompiledFilter, compile_filter
from geo.models import City, RegisterSource
from geo.plain_text import make_street_plain
from geo.query_layers import PropertyKind, QueryLayer
from tiles.named_questions import QUESTIONS, NamedQuestion
from tiles.planner_changes import CHANGE_COLUMNS, count_changes, list_changes, match_changes
from tiles.planner_layers import LAYERS
from tiles.planner_question import (
    MOST_ROWS,
    SUMMED,
    THERE_IS,
    Asked,
    Column,
    Counted,
    PlannerAnswer,
    PlannerQuestion,
    Row,
    choose_order,
    fetch,
    patience,
    prepare,
)


def ask(question: PlannerQuestion) -> PlannerAnswer:
    """The answer. InputError and NotFound name what cannot be used and what there is instead."""
    asked = prepare(question)
    with patience():
        if question.question:
            return _ask_named(asked)
        if question.since is not None:
            return _compare(asked, question.since)
        return _ask_layer(asked)


def match(question: PlannerQuestion) -> tuple[Asked, Composed, dict[str, Any]]:
    """The question made ready with a statement of its rows (id, geom) and the values beside it, for counting over them."""
    asked = prepare(question)
    if question.question:
        named, given = _fill(asked)
        names = ", ".join(f"c{index}" for index in range(len(named.columns)))
        rows = SQL("SELECT row_number() OVER () AS id, geom FROM ({}) AS found ({}, geom)")
        return asked, rows.format(SQL(named.sql), SQL(names)), given
    layer, condition = _find_layer(asked)
    if question.since is not None:
        changed, values = match_changes(layer, asked, question.since)
        return asked, changed, dict(values)
    where = _where(layer, condition.sql, has_area=asked.has_area)
    rows = SQL("SELECT r.id, r.geom FROM {} r WHERE {}")
    return asked, rows.format(SQL(layer.source), where), {**asked.values, **condition.values}


def _find_layer(asked: Asked) -> tuple[QueryLayer, CompiledFilter]:
    layer = LAYERS.get(asked.question.layer)
    if layer is None:
        names = {"names": ", ".join(sorted(LAYERS))}
        raise InputError(
            "There is no such layer.", field="layer", value=asked.question.layer, cure=THERE_IS, names=names
        )
    return layer, compile_filter(asked.question.filter, layer)


def _ask_layer(asked: Asked) -> PlannerAnswer:
    question = asked.question
    layer, condition = _find_layer(asked)
    shown = [(name, one) for name, one in layer.properties.items() if one.is_shown]
    where = _where(layer, condition.sql, has_area=asked.has_area)
    statement = SQL(
        "SELECT {columns}, ST_AsBinary(r.geom) FROM {source} r WHERE {where} ORDER BY {order}r.id"
        " LIMIT %(most)s OFFSET %(passed)s"
    ).format(
        columns=SQL(", ").join(SQL(one.sql) for _, one in shown),
        source=SQL(layer.source),
        where=where,
        order=_order(layer, question.sort),
    )
    given = {**asked.values, **condition.values, **_window(question)}
    rows = fetch(statement, given)
    total, *sums = fetch(_totals(layer, where), given)[0]
    names = [name for name, one in shown if _is_summed(name, one.kind)]
    return _answer(
        question.layer, asked, tuple((name, one.kind) for name, one in shown), rows, total,
        {name: float(value) for name, value in zip(names, sums, strict=True) if value is not None},
        has_data=bool(total) or _has_layer(layer, asked.city),
    )  # fmt: skip


def _window(question: PlannerQuestion) -> dict[str, int]:
    return {"most": min(question.limit, MOST_ROWS), "passed": question.offset}


def _order(layer: QueryLayer, sort: str) -> Composable:
    chosen = choose_order(sort, [name for name, one in layer.properties.items() if one.is_shown])
    if chosen is None:
        return SQL("")
    name, is_down = chosen
    return SQL("{} {} NULLS LAST, ").format(SQL(layer.properties[name].sql), SQL("DESC" if is_down else "ASC"))


def _compare(asked: Asked, since: date) -> PlannerAnswer:
    """What a register says otherwise on ``on`` than on ``since``."""
    layer, _ = _find_layer(asked)
    if not layer.is_dated:
        raise InputError(
            "Only registers have dates to compare.", field="layer", value=layer.name, cure=THERE_IS,
            names={"names": ", ".join(sorted(name for name, one in LAYERS.items() if one.is_dated))},
        )  # fmt: skip
    if since > asked.question.on:
        cure = "Write the earlier day first."
        raise InputError("The first day is after the second.", field="since", value=since, cure=cure)
    order = choose_order(asked.question.sort, [name for name, _ in CHANGE_COLUMNS])
    rows = list_changes(layer, asked, since, order, **_window(asked.question))
    decisions = count_changes(layer, asked, since)
    has_data = bool(decisions) or _has_layer(layer, asked.city)
    total = sum(one.rows for one in decisions)
    return _answer(
        f"{layer.name}_changes", asked, CHANGE_COLUMNS, rows, total, {}, has_data=has_data, decisions=decisions
    )


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
    return kind is PropertyKind.NUMBER and name in SUMMED


def _has_layer(layer: QueryLayer, city: City) -> bool:
    if not layer.is_dated:
        return True
    statement = SQL("SELECT EXISTS (SELECT 1 FROM {} r WHERE r.city_id = %(city)s AND {})").format(
        SQL(layer.source), SQL(layer.where)
    )
    return bool(fetch(statement, {"city": city.pk})[0][0])


def _ask_named(asked: Asked) -> PlannerAnswer:
    named, given = _fill(asked)
    question = asked.question
    order = choose_order(question.sort, [name for name, _ in named.columns])
    has_data = bool(fetch(SQL(named.needs), given)[0][0])
    found = fetch(SQL("SELECT * FROM ({}) answer").format(_with_outline(named)), given) if has_data else []
    sums: dict[str, float] = {}
    for index, (name, kind) in enumerate(named.columns):
        if _is_summed(name, kind):
            sums[name] = float(sum(row[index] or 0.0 for row in found))
    if order is not None:
        found = _sort(found, [name for name, _ in named.columns].index(order[0]), is_down=order[1])
    rows = found[question.offset : question.offset + min(question.limit, MOST_ROWS)]
    return _answer(question.question, asked, named.columns, rows, len(found), sums, has_data=has_data)


def _sort(rows: list[Row], column: int, *, is_down: bool) -> list[Row]:
    """Missing values last both ways, as the database does it for layers."""
    known = [row for row in rows if row[column] is not None]
    missing = [row for row in rows if row[column] is None]
    return sorted(known, key=lambda row: row[column], reverse=is_down) + missing


def _fill(asked: Asked) -> tuple[NamedQuestion, dict[str, Any]]:
    """The named question with its blanks filled in. InputError: no such question or blank."""
    question = asked.question
    named = QUESTIONS.get(question.question)
    if named is None:
        names = {"names": ", ".join(sorted(QUESTIONS))}
        raise InputError(
            "There is no such question.", field="question", value=question.question, cure=THERE_IS, names=names
        )
    given = {**asked.values, **fill_in(named, question.blanks or {})}
    return named, given | _look_up(given, asked.city)


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
        names = fetch(SQL("SELECT name FROM geo_streetname WHERE city_id = %(city)s AND name_plain = %(plain)s"),
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
            "This question has no such blank.", field="blanks", value=", ".join(unknown), cure=THERE_IS, names=names
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
    name: str, asked: Asked, columns: tuple[Column, ...], rows: Sequence[Row], total: int, sums: dict[str, float], *,
    has_data: bool, decisions: tuple[Counted, ...] = (),
) -> PlannerAnswer:  # fmt: skip
    outlines = np.empty(len(rows), dtype=object)
    outlines[:] = [None if row[-1] is None else shapely.from_wkb(bytes(row[-1])) for row in rows]
    question, first = asked.question, None if total else _first_day(asked.city, asked.question.on)
    return PlannerAnswer(
        name, asked.city.slug, question.on, columns, tuple(tuple(row[:-1]) for row in rows), outlines, total, sums, has_data,
        asked.system, first, decisions, question.offset,
    )  # fmt: skip


def _first_day(city: City, on: date) -> date | None:
    """The first day of any data, where the day asked for lies before it."""
    first = RegisterSource.objects.filter(city=city).order_by("valid_from").values_list("valid_from", flat=True).first()
    return first if first and on < first else None
