"""Staging tables: rows of one run, made ready, before they are compared with what is on record. SQL only.

One unlogged table a run, filled piece by piece, so that a run that was cut off goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection
from psycopg import sql

from geo.importers.faults import Fault, Remedy, RowFault
from geo.importers.forms import RecordForm, Shape
from geo.importers.preparing import ReadyRow, computed_columns

_KEEPS = ("row_no", "key", "row_sha256", "declared_from", "declared_to")


def name_stage(load_id: int) -> str:
    """The table of a run."""
    return f"geo_stage_{load_id}"


def columns_of(form: RecordForm) -> tuple[str, ...]:
    """The record's own columns, the outline last."""
    tail = () if form.shape is Shape.NONE else ("geom",)
    return (*form.field_names(), *computed_columns(form), *tail)


def create_stage(name: str, form: RecordForm) -> None:
    """An empty staging table; outlines in degrees, their SRID not yet written to each."""
    columns = [sql.Identifier(column) for column in columns_of(form)]
    if form.shape is not Shape.NONE:
        columns[-1] = sql.SQL("geom::geometry AS geom")  # type: ignore[call-overload]
    statement = sql.SQL(
        "CREATE UNLOGGED TABLE {stage} AS SELECT 0 AS row_no, key, row_sha256, valid_from AS declared_from,"
        " valid_to AS declared_to, {columns} FROM {table} WITH NO DATA"
    ).format(stage=sql.Identifier(name), columns=sql.SQL(", ").join(columns), table=sql.Identifier(form.table))
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier(name)))
        cursor.execute(statement)


def drop_stage(name: str) -> None:
    """The table and its rows; nothing where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier(name)))


def count_stage(name: str) -> int | None:
    """Rows staged; None without a table. (A crash of the database empties unlogged tables.)"""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [name])
        if not name or not cursor.fetchone()[0]:
            return None
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name)))
        return int(cursor.fetchone()[0])


def copy_rows(name: str, form: RecordForm, rows: Iterable[ReadyRow]) -> None:
    """Rows into the staging table by COPY."""
    names = (*_KEEPS, *columns_of(form))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(name), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    has_outline = form.shape is not Shape.NONE
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            tail: tuple[Any, ...] = (row.outline,) if has_outline else ()
            copy.write_row((*row[:5], *row.values, *tail))


def settle_stage(name: str, form: RecordForm) -> list[RowFault]:
    """Doubled keys: an exact repetition is left out, a different row of the same key is kept under ``key#2``.

    Twice changes nothing. Afterwards the table is indexed by its keys, which are unique.
    """
    stage = sql.Identifier(name)
    has_outline = form.shape is not Shape.NONE
    place = sql.SQL("ST_X(ST_PointOnSurface(s.geom)), ST_Y(ST_PointOnSurface(s.geom))" if has_outline else "NULL, NULL")
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(
                "CREATE TEMP TABLE geo_doubled_key ON COMMIT DROP AS SELECT key FROM {} GROUP BY key HAVING count(*) > 1"
            ).format(stage)
        )
        cursor.execute("SELECT EXISTS (SELECT 1 FROM geo_doubled_key)")
        has_doubled = cursor.fetchone()[0]
        faults = (
            [*_leave_out_repeated(cursor, stage, place), *_rename_doubled(cursor, stage, place)] if has_doubled else []
        )
        cursor.execute("DROP TABLE geo_doubled_key")
        index = sql.Identifier(f"{name}_key")
        cursor.execute(sql.SQL("CREATE INDEX IF NOT EXISTS {} ON {} (key)").format(index, stage))
        cursor.execute(sql.SQL("ANALYZE {}").format(stage))
    return faults


def _leave_out_repeated(cursor: Any, stage: sql.Identifier, place: sql.SQL) -> list[RowFault]:
    cursor.execute(
        sql.SQL(
            "DELETE FROM {stage} s WHERE s.ctid IN (SELECT ctid FROM (SELECT s.ctid, row_number() OVER"
            " (PARTITION BY key, row_sha256 ORDER BY row_no) AS again FROM {stage} s JOIN geo_doubled_key USING (key)) t"
            " WHERE again > 1) RETURNING s.row_no, s.key, {place}"
        ).format(stage=stage, place=place)
    )
    return [
        RowFault(row, Fault.DUPLICATE_KEY, Remedy.LEFT_OUT, "the same row again", key, _place(lon, lat), {})
        for row, key, lon, lat in cursor.fetchall()
    ]


def _rename_doubled(cursor: Any, stage: sql.Identifier, place: sql.SQL) -> list[RowFault]:
    cursor.execute(
        sql.SQL(
            "UPDATE {stage} s SET key = left(s.key, 74) || '#' || t.again FROM (SELECT s.ctid, key, row_number() OVER"
            " (PARTITION BY key ORDER BY row_no) AS again FROM {stage} s JOIN geo_doubled_key USING (key)) t"
            " WHERE s.ctid = t.ctid AND t.again > 1 RETURNING s.row_no, t.key, t.again, {place}"
        ).format(stage=stage, place=place)
    )
    return [
        RowFault(
            row,
            Fault.DUPLICATE_KEY,
            Remedy.KEPT,
            "another row of this key, kept as #{number}",
            key,
            _place(lon, lat),
            {"number": str(again)},
        )
        for row, key, again, lon, lat in cursor.fetchall()
    ]


def _place(lon: float | None, lat: float | None) -> tuple[float, float] | None:
    return None if lon is None or lat is None else (lon, lat)
