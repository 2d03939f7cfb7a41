"""Rows of a register file against the rows on record: what is new, changed, withdrawn; and the change itself, in SQL.

Rows lie in a staging table (``geo.stage_table``). A record is never edited: the vintage that changes or drops it closes it on
the day of the vintage, or on its own first day when the same vintage is corrected (then it never answers again).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db import connection
from psycopg import sql

from geo.importers.forms import RecordForm
from geo.stage_table import columns_of


@dataclass(frozen=True, slots=True)
class VintageCounts:
    """How the file compares with the rows on record. ``listed`` is what the source listed before."""

    listed: int
    new: int
    changed: int
    withdrawn: int
    unchanged: int

    @property
    def withdrawn_share(self) -> float:
        """Part of the listed rows that would be withdrawn, 0 to 1."""
        return self.withdrawn / self.listed if self.listed else 0.0


class VintageKind(StrEnum):
    """How a load stands to the one before it."""

    FIRST = "first"
    CORRECTION = "correction"  # of the same day: it replaces what that one said
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Vintage:
    """The load that brings rows: its ids, its day, and the days its source can speak of."""

    city_id: int
    source_id: int
    load_id: int
    source_on: date
    kind: VintageKind
    begins_on: date  # first day of rows that say none themselves
    valid_to: date | None


def count_changes(stage: str, form: RecordForm, source_id: int) -> VintageCounts:
    """Compare the staging table with the listed rows of the source."""
    statement = sql.SQL(
        "SELECT count(r.key), count(*) FILTER (WHERE r.key IS NULL), count(*) FILTER (WHERE r.row_sha256 <> s.row_sha256),"
        " count(*) FILTER (WHERE s.key IS NULL), count(*) FILTER (WHERE r.row_sha256 = s.row_sha256)"
        " FROM {stage} s FULL JOIN (SELECT key, row_sha256 FROM {table} WHERE source_id = %s AND is_listed) r"
        " ON r.key = s.key"
    ).format(stage=sql.Identifier(stage), table=sql.Identifier(form.table))
    with connection.cursor() as cursor:
        cursor.execute(statement, [source_id])
        return VintageCounts(*cursor.fetchone())


def apply_changes(stage: str, form: RecordForm, vintage: Vintage) -> None:
    """Close what changed or went, add what is new or changed. One transaction with the staging, by the caller."""
    with connection.cursor() as cursor:
        closes_on = (
            sql.SQL("valid_from") if vintage.kind is VintageKind.CORRECTION else sql.SQL("greatest(valid_from, %(on)s)")
        )
        close = sql.SQL(
            "UPDATE {table} r SET is_listed = false, valid_to = least(valid_to, {closes_on}) WHERE source_id = %(source)s"
            " AND is_listed AND NOT EXISTS (SELECT 1 FROM {stage} s WHERE s.key = r.key AND s.row_sha256 = r.row_sha256)"
        )
        values = {**_parameters(vintage), "on": vintage.source_on}
        cursor.execute(
            close.format(table=sql.Identifier(form.table), stage=sql.Identifier(stage), closes_on=closes_on), values
        )
        columns = sql.SQL(", ").join(sql.Identifier(name) for name in columns_of(form))
        values_of = sql.SQL(", ").join(
            sql.SQL("ST_SetSRID(geom, 4326)") if name == "geom" else sql.Identifier(name) for name in columns_of(form)
        )
        insert = sql.SQL(
            "INSERT INTO {table} (city_id, source_id, load_id, key, row_sha256, is_listed, valid_from, valid_to, {columns})"
            " SELECT %(city)s, %(source)s, %(load)s, key, row_sha256, true, begins,"
            " CASE WHEN coalesce(declared_to, %(to)s) IS NOT NULL THEN greatest(begins, coalesce(declared_to, %(to)s)) END,"
            " {values} FROM (SELECT s.*, {begins} AS begins FROM {stage} s"
            " WHERE NOT EXISTS (SELECT 1 FROM {table} r WHERE r.source_id = %(source)s AND r.is_listed AND r.key = s.key)) t"
        )
        statement = insert.format(
            table=sql.Identifier(form.table),
            columns=columns,
            values=values_of,
            stage=sql.Identifier(stage),
            begins=_begins(form, vintage),
        )
        cursor.execute(statement, values)


def analyze(form: RecordForm) -> None:
    """Fresh statistics after a large load, so that the first look-ups are planned well."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(form.table)))


def _begins(form: RecordForm, vintage: Vintage) -> sql.Composable:
    """First day of an added row: its own, else the vintage's; a corrected row takes over the replaced row's first day."""
    if vintage.kind is VintageKind.FIRST:
        return sql.SQL("coalesce(declared_from, %(begins)s)")
    if vintage.kind is VintageKind.LATER:
        return sql.SQL("greatest(declared_from, %(begins)s)")
    replaced = sql.SQL(
        "(SELECT max(r.valid_from) FROM {} r WHERE r.city_id = %(city)s AND r.source_id = %(source)s AND r.key = s.key"
        " AND r.valid_to = r.valid_from)"
    ).format(sql.Identifier(form.table))
    return sql.SQL("coalesce(declared_from, {}, %(begins)s)").format(replaced)


def _parameters(vintage: Vintage) -> dict[str, Any]:
    return {
        "city": vintage.city_id,
        "source": vintage.source_id,
        "load": vintage.load_id,
        "begins": vintage.begins_on,
        "to": vintage.valid_to,
    }
