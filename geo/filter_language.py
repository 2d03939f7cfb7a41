"""The door to pygeofilter: a CQL2 filter (text or JSON) -> SQL with its values beside it, by a layer's allow-list.

Only what is listed can be named; every value travels as a parameter. InputError says what is not understood and where, which
properties there are, or which kind of value a property takes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from lark.exceptions import LarkError, UnexpectedInput
from psycopg.sql import SQL, Composable, Placeholder
from pygeofilter import ast
from pygeofilter.parsers.cql2_json import parse as parse_json
from pygeofilter.parsers.cql2_text import parse as parse_text
from pygeofilter.values import Geometry

from errors import InputError
from geo.drawn_area import parse_area
from geo.query_layers import Property, PropertyKind, QueryLayer

MOST_LETTERS, MOST_PARTS = 4000, 200
_THERE_IS = "There is: {names}."
_CURE = "Write for example: measured_area_m2 > 200 AND use_code = 'ODT'"
_COMPARISONS: Mapping[type, str] = {
    ast.Equal: "=", ast.NotEqual: "<>", ast.LessThan: "<", ast.LessEqual: "<=", ast.GreaterThan: ">", ast.GreaterEqual: ">=",
}  # fmt: skip
_SPATIAL: Mapping[type, str] = {
    ast.GeometryIntersects: "ST_Intersects", ast.GeometryWithin: "ST_Within", ast.GeometryContains: "ST_Contains",
    ast.GeometryDisjoint: "ST_Disjoint", ast.GeometryOverlaps: "ST_Overlaps", ast.GeometryTouches: "ST_Touches",
}  # fmt: skip
_ARITHMETIC: Mapping[type, str] = {ast.Add: "+", ast.Sub: "-", ast.Mul: "*", ast.Div: "/"}
_GEOMETRY_NAMES = ("geometry", "geom")
_Scalar = tuple[Composable, PropertyKind]


@dataclass(slots=True)
class CompiledFilter:
    """The condition and the values it names."""

    sql: Composable
    values: dict[str, Any]


def compile_filter(raw: Any, layer: QueryLayer) -> CompiledFilter:
    """A filter as text, JSON text or object -> its condition. An empty one lets everything through."""
    if raw in (None, "", {}):
        return CompiledFilter(SQL("true"), {})
    compiler = _Compiler(layer)
    return CompiledFilter(compiler.condition(_parse(raw)), compiler.values)


def _parse(raw: Any) -> Any:
    text = raw if isinstance(raw, str) else json.dumps(raw, default=str)
    if len(text) > MOST_LETTERS:
        cure = f"Write at most {MOST_LETTERS} signs; send an area as `area`, not in the filter."
        raise InputError("This filter is too long.", field="filter", value=f"{len(text)} signs", cure=cure)
    try:
        if isinstance(raw, str) and not raw.lstrip().startswith("{"):
            return parse_text(raw)
        return parse_json(json.loads(raw) if isinstance(raw, str) else raw)
    except UnexpectedInput as error:
        where = f"{text[max(0, error.column - 12) : error.column + 12]!r}, sign {error.column}"
        raise InputError("This filter is not CQL2.", field="filter", value=where, cure=_CURE) from error
    except (
        LarkError,
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        NotImplementedError,
        RecursionError,
    ) as error:
        raise InputError("This filter is not CQL2.", field="filter", value=text[:60], cure=_CURE) from error


@dataclass(slots=True)
class _Compiler:
    """Walks the parsed filter once; each kind of node has one method, and what has none is refused."""

    layer: QueryLayer
    values: dict[str, Any] = field(default_factory=dict)
    parts: int = 0

    def condition(self, node: Any) -> Composable:
        self._count()
        for kinds, make in self._conditions():
            if isinstance(node, kinds):
                return make(node)
        raise InputError("This part of the filter is not understood.", field="filter", value=_say(node), cure=_CURE)

    def _conditions(self) -> tuple[tuple[Any, Callable[[Any], Composable]], ...]:
        return (
            ((ast.And, ast.Or), self._combination),
            (ast.Not, lambda node: SQL("(NOT {})").format(self.condition(node.sub_node))),
            (tuple(_COMPARISONS), self._comparison),
            (ast.Between, self._between),
            (ast.Like, self._like),
            (ast.In, self._in),
            (ast.IsNull, self._is_null),
            (tuple(_SPATIAL), self._spatial),
            (ast.BBox, self._bounds),
            ((ast.TimeAfter, ast.TimeBefore, ast.TimeEquals), self._time),
        )

    def _count(self) -> None:
        self.parts += 1
        if self.parts > MOST_PARTS:
            cure = f"Use at most {MOST_PARTS} conditions."
            raise InputError(
                "This filter has too many parts.", field="filter", value=f"more than {MOST_PARTS}", cure=cure
            )

    def _combination(self, node: Any) -> Composable:
        word = SQL(" AND ") if isinstance(node, ast.And) else SQL(" OR ")
        return SQL("({}{}{})").format(self.condition(node.lhs), word, self.condition(node.rhs))

    def _comparison(self, node: Any) -> Composable:
        left, right = self._pair(node.lhs, node.rhs)
        return SQL("({} {} {})").format(left, SQL(_COMPARISONS[type(node)]), right)

    def _time(self, node: Any) -> Composable:
        left, right = self._pair(node.lhs, node.rhs)
        sign = {ast.TimeAfter: ">", ast.TimeBefore: "<", ast.TimeEquals: "="}[type(node)]
        return SQL("({} {} {})").format(left, SQL(sign), right)

    def _pair(self, left: Any, right: Any) -> tuple[Composable, Composable]:
        """Two sides of one kind; a value takes the kind of the property beside it."""
        kind = self._kind(left) or self._kind(right)
        if kind is None:
            raise InputError(
                "A condition names a property of the layer.",
                field="filter",
                value=_say(left),
                cure=_THERE_IS,
                names=self._names(),
            )
        return self._scalar(left, kind), self._scalar(right, kind)

    def _kind(self, node: Any) -> PropertyKind | None:
        if isinstance(node, ast.Attribute):
            return self._property(node).kind
        if isinstance(node, tuple(_ARITHMETIC)):
            return PropertyKind.NUMBER
        return None

    def _scalar(self, node: Any, kind: PropertyKind) -> Composable:
        self._count()
        if isinstance(node, ast.Attribute):
            found = self._property(node)
            if found.kind is not kind:
                raise InputError(
                    "These two cannot be compared.",
                    field="filter",
                    value=node.name,
                    cure=_THERE_IS,
                    names=self._names(),
                )
            return SQL("({})").format(SQL(found.sql))
        if isinstance(node, ast.Add | ast.Sub | ast.Mul | ast.Div):
            left, right = self._scalar(node.lhs, PropertyKind.NUMBER), self._scalar(node.rhs, PropertyKind.NUMBER)
            if isinstance(node, ast.Div):
                right = SQL("nullif({}, 0)").format(right)
            return SQL("({} {} {})").format(left, SQL(_ARITHMETIC[type(node)]), right)
        return self._value(node, kind)

    def _value(self, value: Any, kind: PropertyKind) -> Composable:
        name = f"f{len(self.values)}"
        self.values[name] = _read_value(value, kind)
        return Placeholder(name)

    def _between(self, node: Any) -> Composable:
        kind = self._kind(node.lhs)
        if kind is None:
            raise InputError(
                "A condition names a property of the layer.",
                field="filter",
                value=_say(node.lhs),
                cure=_THERE_IS,
                names=self._names(),
            )
        sides = [self._scalar(part, kind) for part in (node.lhs, node.low, node.high)]
        return SQL("({} {}BETWEEN {} AND {})").format(sides[0], SQL("NOT " if node.not_ else ""), *sides[1:])

    def _like(self, node: Any) -> Composable:
        left = self._scalar(node.lhs, PropertyKind.TEXT)
        pattern = self._value(node.pattern, PropertyKind.TEXT)
        return SQL("({} {}ILIKE {})").format(left, SQL("NOT " if node.not_ else ""), pattern)

    def _in(self, node: Any) -> Composable:
        kind = self._kind(node.lhs)
        if kind is None:
            raise InputError(
                "A condition names a property of the layer.",
                field="filter",
                value=_say(node.lhs),
                cure=_THERE_IS,
                names=self._names(),
            )
        left = self._scalar(node.lhs, kind)
        listed = SQL(", ").join(self._value(value, kind) for value in node.sub_nodes)
        return SQL("({} {}IN ({}))").format(left, SQL("NOT " if node.not_ else ""), listed)

    def _is_null(self, node: Any) -> Composable:
        if not isinstance(node.lhs, ast.Attribute):
            raise InputError(
                "A condition names a property of the layer.",
                field="filter",
                value=_say(node.lhs),
                cure=_THERE_IS,
                names=self._names(),
            )
        left = SQL(self._property(node.lhs).sql)
        empty = SQL(" IS NOT NULL") if node.not_ else SQL(" IS NULL")
        return SQL("(({}){})").format(left, empty)

    def _spatial(self, node: Any) -> Composable:
        shape = node.rhs if isinstance(node.lhs, ast.Attribute) else node.lhs
        named = node.lhs if isinstance(node.lhs, ast.Attribute) else node.rhs
        if not isinstance(named, ast.Attribute) or named.name not in _GEOMETRY_NAMES or not isinstance(shape, Geometry):
            cure = "Write S_INTERSECTS(geometry, POLYGON((...)))."
            raise InputError(
                "A place is compared with the geometry of the layer.", field="filter", value=_say(node), cure=cure
            )
        area = parse_area(_listed(shape.geometry), field="filter")
        name = f"f{len(self.values)}"
        self.values[name] = area.wkb
        outline = SQL("ST_SetSRID(ST_GeomFromWKB({}), 4326)").format(Placeholder(name))
        sides = (SQL("r.geom"), outline) if isinstance(node.lhs, ast.Attribute) else (outline, SQL("r.geom"))
        return SQL("{}({}, {})").format(SQL(_SPATIAL[type(node)]), *sides)

    def _bounds(self, node: Any) -> Composable:
        numbers = [self._value(number, PropertyKind.NUMBER) for number in (node.minx, node.miny, node.maxx, node.maxy)]
        return SQL("ST_Intersects(r.geom, ST_MakeEnvelope({}, {}, {}, {}, 4326))").format(*numbers)

    def _property(self, node: Any) -> Property:
        found = self.layer.properties.get(node.name)
        if found is None:
            raise InputError(
                "This layer has no such property.", field="filter", value=node.name, cure=_THERE_IS, names=self._names()
            )
        return found

    def _names_nothing(self, node: Any) -> InputError:
        return InputError(
            "A condition names a property of the layer.",
            field="filter",
            value=_say(node),
            cure=_THERE_IS,
            names=self._names(),
        )

    def _names(self) -> dict[str, str]:
        return {"names": f"{', '.join(sorted(self.layer.properties))}, geometry"}


def _read_value(value: Any, kind: PropertyKind) -> Any:
    """The value as its kind; InputError names what was expected."""
    if kind is PropertyKind.TEXT and isinstance(value, str) and "\x00" not in value:
        return value
    if kind is PropertyKind.NUMBER and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if kind is PropertyKind.TRUTH and isinstance(value, bool):
        return value
    if kind is PropertyKind.DAY:
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        if isinstance(value, str):
            try:
                return date.fromisoformat(value[:10])
            except ValueError:
                pass
    wanted = {"text": "'text'", "number": "12.5", "day": "DATE('2026-11-22')", "truth": "TRUE"}[kind.value]
    raise InputError(
        "This value does not fit the property.", field="filter", value=_say(value), cure=f"Write {wanted}."
    )


def _listed(geometry: Any) -> Any:
    """pygeofilter's tuples as GeoJSON's lists."""
    return json.loads(json.dumps(geometry))


def _say(node: Any) -> str:
    return str(node)[:60]
