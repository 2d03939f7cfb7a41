"""The records of one layer as lines of GeoJSON, written by PostGIS itself: a million rows pass without a Python object each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db import connection

from tiles.layers import RegisterLayer

# CSV with marks that no JSON text holds (it escapes control characters): the lines come out as they are.
_COPY = r"COPY ({query}) TO STDOUT (FORMAT csv, DELIMITER E'\x02', QUOTE E'\x01')"
_SHAPES = """
SELECT '{{"type":"Feature","tippecanoe":{{"layer":"{layer}","minzoom":{zoom}}},"properties":'
    || jsonb_strip_nulls(jsonb_build_object({pairs}))::text || ',"geometry":' || ST_AsGeoJSON(r.geom, 7) || '}}'
FROM {table} r JOIN geo_registersource s ON s.id = r.source_id WHERE {where}
"""
_LABELS = """
SELECT '{{"type":"Feature","tippecanoe":{{"layer":"{layer}","minzoom":{zoom}}},"properties":'
    || jsonb_build_object('key', r.key, 'label', {label})::text || ',"geometry":'
    || ST_AsGeoJSON(ST_PointOnSurface(r.geom), 7) || '}}'
FROM {table} r JOIN geo_registersource s ON s.id = r.source_id WHERE {where} AND {label} <> ''
"""
_IN_FORCE = (
    "r.geom IS NOT NULL AND {where} AND r.is_listed AND r.valid_from <= {on}"
    " AND (r.valid_to IS NULL OR r.valid_to > {on})"
)


def count_records(layer: RegisterLayer, on: date) -> int:
    """How many records are in force on the day."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {layer.table} r WHERE {in_force(layer, on)}")  # noqa: S608
        return int(cursor.fetchone()[0])


def in_force(layer: RegisterLayer, on: date) -> str:
    """The condition on ``r`` that a record of the layer is in force; the day is a date and nothing else."""
    return _IN_FORCE.format(where=layer.where, on=f"DATE '{on.isoformat()}'")


def copy_lines(layer: RegisterLayer, on: date) -> Iterator[bytes]:
    """Chunks of GeoJSON lines that name their vector tile layer: every record in force, then the label points, if any."""
    where = in_force(layer, on)
    pairs = ", ".join(f"'{name}', {expression}" for name, expression in layer.select)
    yield from _copy(_SHAPES.format(pairs=pairs, table=layer.table, where=where, layer=layer.name, zoom=layer.min_zoom))
    if layer.label:
        yield from _copy(
            _LABELS.format(
                layer=layer.label_layer, zoom=layer.label_zoom, label=layer.label, table=layer.table, where=where
            )
        )


def _copy(query: str) -> Iterator[bytes]:
    with connection.cursor() as cursor, cursor.copy(_COPY.format(query=query)) as copy:
        for chunk in copy:
            yield bytes(chunk)
