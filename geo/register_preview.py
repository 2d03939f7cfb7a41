"""What a run that waits would change, row by row: its staged rows held against the rows on record. SQL only."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection
from psycopg import sql

from errors import NotFound
from geo.importers.forms import RecordForm, Shape
from geo.models import RegisterLoad
from geo.pack import read_pack
from geo.record_forms import get_record_form
from geo.stage_table import columns_of, count_stage

MOST_SHOWN = 2000
_CHANGES = """
    SELECT * FROM (
        SELECT CASE WHEN r.key IS NULL THEN 'new' WHEN s.key IS NULL THEN 'withdrawn' ELSE 'changed' END AS change,
               coalesce(s.key, r.key) AS key, {before}, {after}, {moved}, {outline}
        FROM {stage} s FULL JOIN (SELECT * FROM {table} WHERE source_id = %(source)s AND is_listed) r ON r.key = s.key
        WHERE s.key IS NULL OR r.key IS NULL OR s.row_sha256 <> r.row_sha256
    ) found (change, key, before, after, is_moved, outline)
    WHERE %(change)s IN ('', change) ORDER BY 1, 2 LIMIT %(most)s"""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that a changed row says otherwise; ``geometry`` says only that it moved."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row that would be ``new``, ``changed`` or ``withdrawn``. ``outline`` is GeoJSON in degrees, or None."""

    change: str
    key: str
    fields: tuple[FieldChange, ...]
    outline: Any


def list_row_changes(load_id: int, change: str = "", limit: int = MOST_SHOWN) -> list[RowChange]:
    """The first rows that a waiting run would change. NotFound: no such run, or its rows are gone (applied, discarded)."""
    load = RegisterLoad.objects.select_related("source__city").filter(pk=load_id).first()
    if load is None or not load.stage_table or count_stage(load.stage_table) is None:
        cure = "Look at the register's runs."
        raise NotFound("This run has no rows to look at any more.", field="load", value=load_id, cure=cure)
    form = _form_of(load)
    values: dict[str, int | str] = {"source": load.source_id, "change": change, "most": min(limit, MOST_SHOWN)}
    with connection.cursor() as cursor:
        cursor.execute(_statement(load.stage_table, form), values)
        return [_tell(row) for row in cursor.fetchall()]


def _form_of(load: RegisterLoad) -> RecordForm:
    pack = read_pack(Path(load.source.city.pack_path))
    return get_record_form(pack.get_source(load.source.name).record)


def _statement(stage: str, form: RecordForm) -> sql.Composed:
    has_outline = form.shape is not Shape.NONE
    own = [name for name in columns_of(form) if name != "geom" and not name.endswith("_plain")]
    return sql.SQL(_CHANGES).format(
        stage=sql.Identifier(stage),
        table=sql.Identifier(form.table),
        before=_told("r", own),
        after=_told("s", own),
        moved=sql.SQL("NOT (r.geom = ST_SetSRID(s.geom, 4326))") if has_outline else sql.SQL("false"),
        outline=sql.SQL("ST_AsGeoJSON(coalesce(s.geom, r.geom), 7)") if has_outline else sql.SQL("NULL"),
    )


def _told(row: str, names: list[str]) -> sql.Composable:
    parts = [sql.SQL("{}, {}").format(sql.Literal(name), sql.Identifier(row, name)) for name in names]
    return sql.SQL("jsonb_build_object({})").format(sql.SQL(", ").join(parts))


def _tell(row: tuple[Any, ...]) -> RowChange:
    change, key, before, after, is_moved, outline = row
    fields: list[FieldChange] = []
    if change == "changed":
        was, now = json.loads(before), json.loads(after)
        fields = [FieldChange(name, _short(was[name]), _short(now[name])) for name in now if was[name] != now[name]]
        fields += [FieldChange("geometry", "", "")] if is_moved else []
    return RowChange(change, key, tuple(fields), json.loads(outline) if outline else None)


def _short(value: Any) -> str:
    return "" if value is None else str(value)[:120]
