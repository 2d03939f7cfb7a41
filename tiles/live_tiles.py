"""Cuts a live layer's tile by PostGIS. A tile holds every record of its square, or it says that it holds clusters instead.

Nothing is cut off: a square with more records than ``limit_of`` is answered as the vector tile layer ``<name>_cluster``,
whose counts add up to all of them.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from django.db import connection

from tiles.live_layers import LiveLayer
from tiles.live_scope import Scope
from tiles.web_square import Square, edges_of

CELLS = 32  # a cluster's cell is a 32nd of the tile: 8 px of 256
FAR_ZOOM, FAR_LIMIT = 13, 300
STREET_ZOOM, CITY_LIMIT, NEAR_LIMIT = (
    17,
    1000,
    5000,
)  # a tile of a street may be crowded, for there is no nearer one to go to
NO_LIMIT = 2**31 - 2
CROWDED_KNOWN = 4096

# One record more than the limit is read: then there are too many, and nothing is drawn.
_POINTS = """
WITH square AS MATERIALIZED (
    SELECT ST_TileEnvelope(%s, %s, %s) AS web, ST_TileEnvelope(%s, %s, %s, margin => 0.03125) AS wide),
found AS MATERIALIZED (
    SELECT {place} AS place, {columns} FROM {table} r
    WHERE {place} && (SELECT wide FROM square) AND {where} AND {scope} LIMIT %s),
counted AS MATERIALIZED (SELECT count(*) AS count FROM found)
SELECT count, CASE WHEN count <= %s THEN (
    SELECT ST_AsMVT(drawn, %s, 4096, 'place') FROM (
        SELECT ST_AsMVTGeom(place, (SELECT web FROM square), 4096, 128) AS place, {names} FROM found) AS drawn
    WHERE drawn.place IS NOT NULL) END FROM counted
"""
# The index is exact to a metre only; the edges are the neighbours' own, so that no record is counted twice or left out.
_CLUSTERS = """
WITH found AS (
    SELECT ST_X({place}) AS x, ST_Y({place}) AS y, {columns} FROM {table} r
    WHERE {place} && ST_TileEnvelope(%s, %s, %s) AND {where} AND {scope} OFFSET 0),
grouped AS MATERIALIZED (
    SELECT ST_SetSRID(ST_MakePoint(avg(x), avg(y)), 3857) AS place, count(*) AS count{counts}
    FROM found WHERE x >= {west} AND x < {east} AND y >= {south} AND y < {north}
    GROUP BY width_bucket(x, {west}, {east}, {cells}), width_bucket(y, {south}, {north}, {cells}))
SELECT (SELECT coalesce(sum(count), 0) FROM grouped),
       (SELECT ST_AsMVT(drawn, %s, 4096, 'place') FROM (
            SELECT ST_AsMVTGeom(place, ST_TileEnvelope(%s, %s, %s), 4096, 0) AS place, count{names} FROM grouped) AS drawn
        WHERE drawn.place IS NOT NULL)
"""
_crowded: OrderedDict[tuple[str, Square], None] = OrderedDict()


@dataclass(frozen=True, slots=True)
class LiveTile:
    """One tile; ``count`` records lie in it, drawn one by one or as clusters."""

    data: bytes
    count: int
    is_clustered: bool = False


def limit_of(layer: LiveLayer, zoom: int) -> int:
    """How many records are drawn one by one: few from afar, where they would cover each other."""
    if not layer.cluster:
        return NO_LIMIT
    return FAR_LIMIT if zoom < FAR_ZOOM else CITY_LIMIT if zoom < STREET_ZOOM else NEAR_LIMIT


def cut_tile(layer: LiveLayer, scope: Scope, z: int, x: int, y: int) -> LiveTile:
    """One tile of what the scope reaches; empty where nothing is.

    A square that was crowded the last time is counted as clusters first: that saves looking twice, and changes no answer.
    """
    square, limit = (z, x, y), limit_of(layer, z)
    clusters = _cut_clusters(layer, scope, square) if (layer.name, square) in _crowded else None
    if clusters is not None and clusters.count > limit:
        return clusters
    points = _cut_points(layer, scope, square, limit)
    if points is not None:
        _crowded.pop((layer.name, square), None)
        return points
    _crowded[layer.name, square] = None
    if len(_crowded) > CROWDED_KNOWN:
        _crowded.popitem(last=False)
    return clusters or _cut_clusters(layer, scope, square)


def _cut_points(layer: LiveLayer, scope: Scope, square: Square, limit: int) -> LiveTile | None:
    """The records one by one; None when there are more than the limit."""
    names = ", ".join(f'"{name}"' for name in layer.columns)
    sql = _POINTS.format(
        place=layer.place, columns=_columns(layer), names=names, table=layer.table, where=layer.where, scope=scope.sql
    )
    count, data = _ask(sql, [*square, *square, *scope.parameters, limit + 1, limit, layer.name])
    return LiveTile(data, count) if count <= limit else None


def _cut_clusters(layer: LiveLayer, scope: Scope, square: Square) -> LiveTile:
    counts = "".join(f', count(*) FILTER (WHERE {condition}) AS "{name}"' for name, condition in layer.cluster.items())
    names = "".join(f', "{name}"' for name in layer.cluster)
    west, south, east, north = (f"{edge!r}::float8" for edge in edges_of(square))
    sql = _CLUSTERS.format(
        place=layer.place, columns=_columns(layer), counts=counts, names=names, table=layer.table, where=layer.where,
        scope=scope.sql, cells=CELLS, west=west, south=south, east=east, north=north,
    )  # fmt: skip
    count, data = _ask(sql, [*square, *scope.parameters, f"{layer.name}_cluster", *square])
    return LiveTile(data, count, is_clustered=True)


def _columns(layer: LiveLayer) -> str:
    return ", ".join(f'{expression} AS "{name}"' for name, expression in layer.columns.items())


def _ask(sql: str, parameters: list[Any]) -> tuple[int, bytes]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        count, data = cursor.fetchone()
        return int(count), bytes(data or b"")
