"""A piece of a register file -> rows ready for the table, and the faults found. Pure.

A row's fingerprint is made of what the file says, not of what we make of it, so that a new version of a library does
not read as a change of the register.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import compress
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from errors import InputError
from geo.importers.faults import Fault, Remedy, RowFault
from geo.importers.forms import FieldForm, RecordForm, Shape, ValueKind
from geo.importers.outlines import Ground, OutlineSet, Reprojection, prepare_outlines
from geo.importers.reading import FileForm, RawRows
from geo.importers.values import ValueReader, is_empty, read_text
from geo.pack import ParcelKeyForm
from geo.permit_number import make_permit_plain
from geo.plain_text import make_plain, make_street_plain
from geo.source_description import GEOMETRY_KEY, SourceDescription

KEY_LENGTH = 80
_PLAIN_FIELDS = {
    "AdminUnit": ("name",),
    "AdminUnitSuccession": ("old_name",),
    "Address": ("house_number", "street"),
    "NamedPlace": ("name",),
    "Permit": ("number",),
}
_MAKE_PLAIN = {"street": make_street_plain, "number": make_permit_plain}
DATES = (
    FieldForm("valid_from", ValueKind.DAY, is_required=False),
    FieldForm("valid_to", ValueKind.DAY, is_required=False),
)


class ReadyRow(NamedTuple):
    """One row for the staging table; ``values`` in the order of ``computed_columns``. ``outline`` is hex WKB or None."""

    row: int
    key: str
    sha256: str
    declared_from: date | None
    declared_to: date | None
    values: tuple[Any, ...]
    outline: str | None


@dataclass(frozen=True, slots=True)
class Preparation:
    """How one source's rows are made ready. ``unit_codes``: wards that a parcel key may name, empty when not known."""

    source: SourceDescription
    record: RecordForm
    ground: Ground
    to_lonlat: Reprojection
    parcel_key: ParcelKeyForm | None = None
    unit_codes: frozenset[str] = frozenset()


def refuse_missing_columns(source: SourceDescription, record: RecordForm, form: FileForm) -> None:
    """InputError when the file lacks a column that the description names, or the description names an unknown field."""
    missing = sorted(source.columns_needed() - set(form.columns))
    if missing:
        raise InputError(
            f"The file lacks columns: {', '.join(missing)}.",
            field="columns",
            value=", ".join(form.columns),
            cure=f"Expected for source {source.name}: {', '.join(sorted(source.columns_needed()))}.",
        )
    unknown = sorted(set(source.columns) - set(record.field_names()) - {form.name for form in DATES})
    if unknown:
        raise InputError(
            f"{record.name} has no field {', '.join(unknown)}.",
            field="columns",
            value=source.name,
            cure=f"Fields are: {', '.join((*record.field_names(), 'valid_from', 'valid_to'))}.",
        )


def computed_columns(record: RecordForm) -> tuple[str, ...]:
    """Columns that the importer fills by itself, after the record's fields."""
    plain = tuple(f"{name}_plain" for name in _PLAIN_FIELDS.get(record.name, ()))
    return (*plain, "measured_area_m2") if record.name == "Parcel" else plain


def prepare_rows(raw: RawRows, how: Preparation) -> tuple[list[ReadyRow], list[RowFault]]:
    """The rows of one piece that can be kept, and every fault of the piece."""
    rows, columns, outlines = _choose_rows(raw, how)
    reader = ValueReader(rows)
    fields = {
        field.name: reader.read(field, how.source.columns.get(field.name), columns) for field in how.record.fields
    }
    days = [reader.read(field, how.source.columns.get(field.name), columns) for field in DATES]
    _clear_contradictions(fields, reader)
    shapes = _outlines(outlines, rows, how)
    keys = _make_keys(columns, outlines, how.source, len(rows))
    _judge_keys(keys, fields, reader, how)
    _refuse_turned_days(days, reader)
    kept = np.ones(len(rows), dtype=bool)
    kept[list(reader.lost | shapes.lost)] = False
    ready = list(compress(_ready(rows, keys, fields, days, outlines, shapes, how), kept.tolist()))
    return ready, _name_faults([*reader.faults, *shapes.faults], rows, keys, shapes)


def _name_faults(faults: list[RowFault], rows: list[int], keys: list[str], shapes: OutlineSet) -> list[RowFault]:
    """Each fault with its row's key and, where the row has an outline, a place inside it."""
    index_of = {row: index for index, row in enumerate(rows)} if faults else {}
    return [_name_fault(fault, keys[index_of[fault.row]], shapes.outlines[index_of[fault.row]]) for fault in faults]


def _name_fault(fault: RowFault, key: str, outline: shapely.Geometry | None) -> RowFault:
    place = fault.place
    if place is None and outline is not None and not outline.is_empty:
        inside = shapely.point_on_surface(outline)
        place = (float(inside.x), float(inside.y))
    return replace(fault, key=key[:KEY_LENGTH], place=place)


def _choose_rows(raw: RawRows, how: Preparation) -> tuple[list[int], dict[str, NDArray[Any]], NDArray[Any]]:
    """Rows that the description wants, a row with a list where one value is due repeated for each part."""
    take = np.arange(len(raw.outlines))
    for column, words in (how.source.where or {}).items():
        kept = np.array(
            [not is_empty(value) and read_text(value) in words for value in raw.columns[column]], dtype=bool
        )
        take = take[kept[take]]
    columns = {name: values[take] for name, values in raw.columns.items()}
    texts = {field.name for field in how.record.fields if field.kind is ValueKind.TEXT}
    for name, rule in how.source.columns.items():
        if rule.separator and name in texts:
            parts = [[part.strip() for part in read_text(v).split(rule.separator)] for v in columns[rule.column]]
            again = np.repeat(np.arange(len(take)), [len(part) for part in parts])
            columns = {column: values[again] for column, values in columns.items()}
            columns[rule.column] = np.array([part for split in parts for part in split], dtype=object)
            take = take[again]
    return [raw.first_row + int(index) for index in take], columns, raw.outlines[take]


def _make_keys(columns: Mapping[str, Any], outlines: NDArray[Any], source: SourceDescription, count: int) -> list[str]:
    parts: list[list[str]] = []
    for column in source.key:
        if column == GEOMETRY_KEY:
            parts.append(["" if wkb is None else hashlib.sha256(wkb).hexdigest()[:20] for wkb in outlines])
        else:
            parts.append(["" if is_empty(value) else read_text(value) for value in columns[column]])
    return ["-".join(key) if any(key) else "" for key in zip(*parts, strict=True)] if count else []


def _judge_keys(keys: list[str], fields: Mapping[str, list[Any]], reader: ValueReader, how: Preparation) -> None:
    """Rows without a key, or with one too long to be one, are lost; parcel keys are checked and give their parts."""
    parcel_key = how.parcel_key if how.record.name == "Parcel" else None
    parts = [(name, fields[name]) for name in (parcel_key.names if parcel_key else ()) if name in fields]
    for index, key in enumerate(keys):
        if not key or len(key) > KEY_LENGTH:
            reader.faults.append(RowFault(reader.rows[index], Fault.NO_KEY, Remedy.LEFT_OUT, key[:KEY_LENGTH]))
            reader.lost.add(index)
        elif parcel_key:
            detail = _check_parcel_key(key, index, parts, parcel_key, how.unit_codes)
            if detail:
                words, names = detail
                reader.faults.append(RowFault(reader.rows[index], Fault.KEY_FORM, Remedy.KEPT, words, names=names))


def _check_parcel_key(
    key: str, index: int, parts: list[tuple[str, list[Any]]], form: ParcelKeyForm, unit_codes: frozenset[str]
) -> tuple[str, dict[str, str]] | None:
    """What is wrong with a parcel's key (a sentence and its blanks), or nothing. Parts that no column gives are taken from it."""
    named = form.parse(key)
    if named is None:
        return "expected as {example}", {"example": form.example}
    ward = named.get("ward_code")
    if ward and unit_codes and ward not in unit_codes:
        return "no unit on record has the code {code}", {"code": ward}
    for name, values in parts:
        if not values[index]:
            values[index] = named.get(name, "")
        elif name in named and values[index].lstrip("0") != named[name].lstrip("0"):
            names = {"field": name, "key": named[name], "row": str(values[index])}
            return "the key says {field} {key}, the row says {row}", names
    return None


def _clear_contradictions(fields: Mapping[str, list[Any]], reader: ValueReader) -> None:
    """A permit that expires before it was issued: neither day is believed, so that its standing is unknown."""
    if "issued_on" not in fields or "expires_on" not in fields:
        return
    for index, (issued, expires) in enumerate(zip(fields["issued_on"], fields["expires_on"], strict=True)):
        if issued and expires and expires < issued:
            words = "expires {expires} before it was issued {issued}: both days emptied"
            names = {"expires": str(expires), "issued": str(issued)}
            reader.faults.append(RowFault(reader.rows[index], Fault.IMPOSSIBLE_DATE, Remedy.KEPT, words, names=names))
            fields["issued_on"][index] = fields["expires_on"][index] = None
            fields["status"][index] = "unknown"


def _outlines(wkb: NDArray[Any], rows: list[int], how: Preparation) -> OutlineSet:
    if how.record.shape is Shape.NONE:
        return OutlineSet(np.full(len(rows), None, dtype=object), np.zeros(len(rows)))
    shapes = prepare_outlines(wkb, rows, how.to_lonlat, how.ground, how.record.shape)
    if how.record.needs_outline:
        for index in range(len(rows)):
            if shapes.outlines[index] is None and index not in shapes.lost:
                shapes.faults.append(RowFault(rows[index], Fault.NO_GEOMETRY, Remedy.LEFT_OUT, "no outline", names={}))
                shapes.lost.add(index)
    else:
        shapes.lost.clear()  # the row holds without its outline; the fault is still told
    return shapes


def _refuse_turned_days(days: list[list[Any]], reader: ValueReader) -> None:
    """A row that ends before it begins keeps its first day only."""
    for index, (begins, ends) in enumerate(zip(*days, strict=True)):
        if begins and ends and ends < begins:
            names = {"ends": str(ends)}
            fault = RowFault(
                reader.rows[index], Fault.IMPOSSIBLE_DATE, Remedy.KEPT, "ends {ends} before it begins", names=names
            )
            reader.faults.append(fault)
            days[1][index] = None


def _ready(
    rows: list[int],
    keys: list[str],
    fields: Mapping[str, list[Any]],
    days: list[list[Any]],
    wkb: NDArray[Any],
    shapes: OutlineSet,
    how: Preparation,
) -> Iterator[ReadyRow]:
    """All rows, column by column where that can be: a million of them must not take a million times our time."""
    values = [fields[field.name] for field in how.record.fields]
    told = zip(keys, *values, *days, strict=True)
    prints = [_fingerprint(row, outline) for row, outline in zip(told, wkb.tolist(), strict=True)]
    stored = [
        [json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value for value in column]
        if field.kind is ValueKind.LIST
        else column
        for field, column in zip(how.record.fields, values, strict=True)
    ]
    whole = zip(*stored, *_computed(fields, shapes, how), strict=True) if stored else ((),) * len(rows)
    hexes = shapely.to_wkb(shapes.outlines, hex=True, include_srid=False).tolist()
    return map(ReadyRow, rows, keys, prints, *days, whole, hexes)


def _fingerprint(told: tuple[Any, ...], wkb: bytes | None) -> str:
    return hashlib.sha256(repr(told).encode() + (wkb or b"")).hexdigest()


def _computed(fields: Mapping[str, list[Any]], shapes: OutlineSet, how: Preparation) -> list[list[Any]]:
    computed: list[list[Any]] = []
    for name in computed_columns(how.record):
        if name == "measured_area_m2":
            computed.append(shapes.area_m2.tolist())
        else:
            field = name.removesuffix("_plain")
            make = _MAKE_PLAIN.get(field, make_plain)
            computed.append([make(text) for text in fields[field]])
    return computed
