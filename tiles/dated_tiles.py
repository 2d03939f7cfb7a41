"""Register tiles of a day that has no build: cut by PostGIS, whole, with the properties the archives have.

Slower than an archive (a build of that day: ``manage.py build_tiles --on``), for the date slider and for comparing two days.
"""

from __future__ import annotations

from datetime import date

from django.db import connection

from tiles.layers import BASE_ARCHIVE, BASE_LAYERS, RegisterLayer, find_layer
from tiles.register_feed import in_force

BUFFER_UNITS = 128  # of 4096: the archives' 8 px of 256
_CUT = """
WITH square AS (SELECT ST_TileEnvelope(%(z)s, %(x)s, %(y)s) AS web,
    ST_Transform(ST_TileEnvelope(%(z)s, %(x)s, %(y)s, margin => 0.03125), 4326) AS degrees),
drawn AS (SELECT ST_AsMVTGeom(ST_Transform({shape}, 3857), square.web, 4096, {buffer}) AS tile_geom, {columns}
    FROM {table} r JOIN geo_registersource s ON s.id = r.source_id, square
    WHERE r.geom && square.degrees AND {where})
SELECT coalesce(ST_AsMVT(drawn, '{name}', 4096, 'tile_geom'), '') FROM drawn WHERE tile_geom IS NOT NULL
"""


def cut_register_tile(name: str, on: date, z: int, x: int, y: int) -> bytes:
    """One tile of a layer (or of the base map) as of a day; empty bytes where nothing was in force."""
    found = find_layer(name)
    layers = (found,) if found else BASE_LAYERS if name == BASE_ARCHIVE else ()
    parts = [_cut(layer, on, z, x, y) for layer in layers if layer.min_zoom <= z <= 22]
    parts += [_cut_labels(layer, on, z, x, y) for layer in layers if layer.label and layer.label_zoom <= z]
    return b"".join(parts)  # a vector tile is a list of layers: tiles joined are a tile


def _cut(layer: RegisterLayer, on: date, z: int, x: int, y: int) -> bytes:
    columns = ", ".join(f'{expression} AS "{name}"' for name, expression in layer.select)
    return _ask(layer, on, layer.name, "r.geom", columns, "TRUE", (z, x, y))


def _cut_labels(layer: RegisterLayer, on: date, z: int, x: int, y: int) -> bytes:
    columns = f"r.key AS key, {layer.label} AS label"
    return _ask(layer, on, layer.label_layer, "ST_PointOnSurface(r.geom)", columns, f"{layer.label} <> ''", (z, x, y))


def _ask(
    layer: RegisterLayer, on: date, name: str, shape: str, columns: str, more: str, square: tuple[int, int, int]
) -> bytes:
    sql = _CUT.format(
        shape=shape, columns=columns, table=layer.table, where=f"{in_force(layer, on)} AND {more}", name=name,
        buffer=BUFFER_UNITS,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sql, dict(zip("zxy", square, strict=True)))
        return bytes(cursor.fetchone()[0])
