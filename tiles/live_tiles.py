"""Cuts a live layer's tile by PostGIS. A tile holds every record of its square, or it says that it holds clusters instead.

Nothing is cut off: a square with more records than ``limit_of`` is answered as the vector tile layer ``<name>_cluster``,
whose counts add up to all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from tiles.live_layers import LiveLayer
from tiles.live_scope import Scope

CELLS = 32  # a cluster's cell is a 32nd of the tile: 8 px of 256
FAR_ZOOM, FAR_LIMIT, NEAR_LIMIT = 13, 300, 5000

_COUNT = """
SELECT count(*) FROM (SELECT FROM {table} r WHERE {place} && ST_TileEnvelope(%s, %s, %s) AND {where} AND {scope} LIMIT %s) AS few
"""
_POINTS = """
WITH square AS MATERIALIZED (
    SELECT ST_TileEnvelope(%s, %s, %s) AS web, ST_TileEnvelope(%s, %s, %s, margin => 0.03125) AS wide),
found AS MATERIALIZED (
    SELECT {place} AS place, {columns} FROM {table} r
    WHERE {place} && (SELECT wide FROM square) AND {where} AND {scope})
SELECT (SELECT count(*) FROM found),
       (SELECT ST_AsMVT(drawn, %s, 4096, 'place') FROM (
            SELECT ST_AsMVTGeom(place, (SELECT web FROM square), 4096, 128) AS place, {names} FROM found) AS drawn
        WHERE drawn.place IS NOT NULL)
"""
_CLUSTERS = """
WITH square AS MATERIALIZED (SELECT ST_TileEnvelope(%s, %s, %s) AS web),
found AS (
    SELECT {place} AS place, {columns} FROM {table} r
    WHERE {place} && (SELECT web FROM square) AND {where} AND {scope}),
grouped AS (
    SELECT ST_SetSRID(ST_MakePoint(avg(ST_X(place)), avg(ST_Y(place))), 3857) AS place, count(*) AS count{counts}
    FROM found, square
    WHERE ST_X(place) >= ST_XMin(web) AND ST_X(place) < ST_XMax(web)  -- the index alone is exact to a metre only
      AND ST_Y(place) >= ST_YMin(web) AND ST_Y(place) < ST_YMax(web)
    GROUP BY floor((ST_X(place) - ST_XMin(web)) / (ST_XMax(web) - ST_XMin(web)) * {cells}),
             floor((ST_Y(place) - ST_YMin(web)) / (ST_YMax(web) - ST_YMin(web)) * {cells}))
SELECT (SELECT coalesce(sum(count), 0) FROM grouped),
       (SELECT ST_AsMVT(drawn, %s, 4096, 'place') FROM (
            SELECT ST_AsMVTGeom(place, (SELECT web FROM square), 4096, 0) AS place, count{names} FROM grouped) AS drawn
        WHERE drawn.place IS NOT NULL)
"""


@dataclass(frozen=True, slots=True)
class LiveTile:
    """One tile; ``count`` records lie in it, drawn one by one or as clusters."""

    data: bytes
    count: int
    is_clustered: bool = False


def limit_of(layer: LiveLayer, zoom: int) -> int:
    """How many records are drawn one by one: few from afar, where they would cover each other."""
    return FAR_LIMIT if layer.cluster and zoom < FAR_ZOOM else NEAR_LIMIT


def cut_tile(layer: LiveLayer, scope: Scope, z: int, x: int, y: int) -> LiveTile:
    """One tile of what the scope reaches; empty where nothing is."""
    square = (z, x, y)
    if layer.cluster and _holds_more(layer, scope, square, limit_of(layer, z)):
        return _cut_clusters(layer, scope, square)
    columns = ", ".join(f'{expression} AS "{name}"' for name, expression in layer.columns.items())
    names = ", ".join(f'"{name}"' for name in layer.columns)
    sql = _POINTS.format(
        place=layer.place, columns=columns, names=names, table=layer.table, where=layer.where, scope=scope.sql
    )
    return _ask(sql, [*square, *square, *scope.parameters, layer.name])


def _holds_more(layer: LiveLayer, scope: Scope, square: tuple[int, int, int], limit: int) -> bool:
    sql = _COUNT.format(place=layer.place, table=layer.table, where=layer.where, scope=scope.sql)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*square, *scope.parameters, limit + 1])
        return int(cursor.fetchone()[0]) > limit


def _cut_clusters(layer: LiveLayer, scope: Scope, square: tuple[int, int, int]) -> LiveTile:
    columns = ", ".join(f'{expression} AS "{name}"' for name, expression in layer.columns.items())
    counts = "".join(f', count(*) FILTER (WHERE {condition}) AS "{name}"' for name, condition in layer.cluster.items())
    names = "".join(f', "{name}"' for name in layer.cluster)
    sql = _CLUSTERS.format(
        place=layer.place, columns=columns, counts=counts, names=names, table=layer.table, where=layer.where,
        scope=scope.sql, cells=CELLS,
    )  # fmt: skip
    row = _ask(sql, [*square, *scope.parameters, f"{layer.name}_cluster"])
    return LiveTile(row.data, row.count, is_clustered=True)


def _ask(sql: str, parameters: list[Any]) -> LiveTile:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        count, data = cursor.fetchone()
        return LiveTile(bytes(data or b""), int(count))
