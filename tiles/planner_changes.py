"""A register on two days: what is new, changed or withdrawn, since when, by which decision, and what a row says otherwise.

Only rows whose validity begins or ends between the days are read, so that a city of a million rows is compared by its changes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from psycopg.sql import SQL, Composable, Composed, Identifier

from geo.query_layers import PropertyKind, QueryLayer
from tiles.planner_question import Asked, Column, Counted, Row, fetch

_X, _D = PropertyKind.TEXT, PropertyKind.DAY
CHANGE_COLUMNS: tuple[Column, ...] = (
    ("change", _X), ("key", _X), ("changed_on", _D), ("decision", _X), ("source", _X), ("what", _X),
)  # fmt: skip
_SOURCES = {
    "change": "change", "key": "key", "changed_on": "changed_on", "decision": "decision", "source": "source", "what": "key",
}  # fmt: skip
_MOST_SIGNS = 60
# ``was`` held on the first day and not on the second; ``now`` the other way round. What both hold is one row and no change.
_PAIRS = """
    WITH was AS (
        SELECT r.* FROM {source} r WHERE r.city_id = %(city)s AND {where} AND {area} AND r.valid_from <= %(since)s
           AND r.valid_to > %(since)s AND r.valid_to <= %(on)s
    ), now AS (
        SELECT r.* FROM {source} r WHERE r.city_id = %(city)s AND {where} AND {area} AND r.valid_from > %(since)s
           AND r.valid_from <= %(on)s AND (r.valid_to IS NULL OR r.valid_to > %(on)s)
    ), pair AS (
        SELECT CASE WHEN was.id IS NULL THEN 'new' WHEN now.id IS NULL THEN 'withdrawn' ELSE 'changed' END AS change,
               coalesce(now.key, was.key) AS key, coalesce(now.valid_from, was.valid_to) AS changed_on,
               {decision} AS decision, coalesce(now.source_id, was.source_id) AS source_id,
               {before} AS before, {after} AS after,
               was.id IS NOT NULL AND now.id IS NOT NULL AND NOT was.geom = now.geom AS is_moved,
               coalesce(now.geom, was.geom) AS geom
        FROM was FULL JOIN now ON was.source_id = now.source_id AND was.key = now.key
        WHERE was.id IS NULL OR now.id IS NULL OR was.row_sha256 <> now.row_sha256
    )"""
_NAMED = """
    SELECT pair.change, pair.key, pair.changed_on, coalesce(nullif(pair.decision, ''), s.decision) AS decision,
           s.name AS source, pair.before, pair.after, pair.is_moved, pair.geom
    FROM pair JOIN geo_registersource s ON s.id = pair.source_id"""


def list_changes(
    layer: QueryLayer, asked: Asked, since: date, order: tuple[str, bool] | None, *, most: int, passed: int
) -> list[Row]:
    """Rows in the order of ``CHANGE_COLUMNS``, last the outline as WKB: the new one, or the old where it is withdrawn."""
    name, is_down = order or ("change", False)
    statement = SQL(
        "{pairs} SELECT change, key, changed_on, decision, source, before, after, is_moved, ST_AsBinary(geom)"
        " FROM ({named}) found ORDER BY {column} {way} NULLS LAST, key LIMIT %(most)s OFFSET %(passed)s"
    ).format(
        pairs=_pairs(layer, asked), named=SQL(_NAMED), column=Identifier(_SOURCES[name]), way=SQL("DESC" if is_down else "ASC")
    )  # fmt: skip
    rows = fetch(statement, {**asked.values, "since": since, "most": most, "passed": passed})
    return [(*row[:5], _say_what(row[5], row[6], is_moved=row[7]), row[8]) for row in rows]


def count_changes(layer: QueryLayer, asked: Asked, since: date) -> tuple[Counted, ...]:
    """How many of each kind each decision brought, the most first."""
    statement = SQL(
        "{pairs} SELECT change, coalesce(decision, ''), source, count(*) FROM ({named}) found GROUP BY 1, 2, 3"
        " ORDER BY count(*) DESC, 1, 2, 3"
    ).format(pairs=_pairs(layer, asked), named=SQL(_NAMED))
    return tuple(Counted(*row) for row in fetch(statement, {**asked.values, "since": since}))


def match_changes(layer: QueryLayer, asked: Asked, since: date) -> tuple[Composed, Mapping[str, Any]]:
    """The changed rows (id, geom) as a statement with its values, for counting over them."""
    pairs = _pairs(layer, asked)
    return SQL("{} SELECT row_number() OVER () AS id, geom FROM pair").format(pairs), {**asked.values, "since": since}


def _pairs(layer: QueryLayer, asked: Asked) -> Composed:
    area = "ST_Intersects(r.geom, ST_SetSRID(ST_GeomFromWKB(%(area)s), 4326))" if asked.has_area else "true"
    own = [name for name, one in layer.properties.items() if one.sql == f"r.{name}" and not name.startswith("valid_")]
    return SQL(_PAIRS).format(
        source=SQL(layer.source), where=SQL(layer.where), area=SQL(area),
        decision=SQL("coalesce(now.decision, '')") if "decision" in layer.properties else SQL("''"),
        before=_told("was", own), after=_told("now", own),
    )  # fmt: skip


def _told(row: str, names: list[str]) -> Composable:
    """What a row says, as one JSON object."""
    parts = SQL(", ").join(SQL("{}, {}").format(SQL(f"'{name}'"), Identifier(row, name)) for name in names)
    return SQL("CASE WHEN {} IS NULL THEN NULL ELSE jsonb_build_object({}) END").format(Identifier(row, "id"), parts)


def _say_what(before: Any, after: Any, *, is_moved: bool) -> str:
    """'use_code: ODT → TMD; geometry': names are those of the columns, as the table writes them. Empty unless changed."""
    if before is None or after is None:
        return ""
    before, after = json.loads(before), json.loads(after)
    told = [f"{name}: {_short(before[name])} → {_short(after[name])}" for name in after if before[name] != after[name]]
    return "; ".join([*told, "geometry"] if is_moved else told)


def _short(value: Any) -> str:
    return "–" if value in (None, "") else str(value)[:_MOST_SIGNS]
