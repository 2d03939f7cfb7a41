"""How one register file is to be read: a ``[[source]]`` table of a pack's registers.toml as a checked value. Pure.

The format is described in ``cities/README.md``. A fault in it is the operator's: ConfigurationError with field and cure.
"""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from errors import ConfigurationError
from geo.facts import Register

GEOMETRY_KEY = "@geometry"
DEFAULT_MAX_WITHDRAWN_SHARE = 0.2

RECORD_OF_REGISTER = {
    Register.ADMIN_UNIT: "AdminUnit",
    Register.PARCEL: "Parcel",
    Register.ZONING: "ZoningDistrict",
    Register.OVERLAY: "OverlayDistrict",
    Register.PLAN_LINE: "PlanLine",
    Register.ROAD: "RoadSegment",
    Register.SIDEWALK: "SidewalkSegment",
    Register.PERMIT: "Permit",
    Register.BUILDING: "BuildingFootprint",
    Register.ADDRESS: "Address",
    Register.NAMED_PLACE: "NamedPlace",
}
FURTHER_RECORDS = {"AdminUnitSuccession": Register.ADMIN_UNIT, "ParcelSuccession": Register.PARCEL}

_SAID_OF_IT = ("decision", "scale", "publisher", "licence", "url")
_NEEDED = ("name", "register", "file", "key", "valid_from")
_FURTHER = ("record", "title", "layer", "crs", "columns", "where", "covers", "valid_to", "source_on", "is_generated")
_OF_THE_FILE = ("encoding", "point", "labels")
_TABLE_WORDS = frozenset((*_NEEDED, *_FURTHER, *_OF_THE_FILE, *_SAID_OF_IT, "max_withdrawn_share"))
_RULE_WORDS = frozenset(("column", "value", "factor", "map", "default", "split"))


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """Where a field's value comes from: a column, or the same ``value`` for every row; then factor, words, split.

    ``words`` translates texts; a text without translation becomes ``default`` when there is one, else stays.
    """

    column: str = ""
    value: Any = None
    factor: float | None = None
    words: Mapping[str, Any] | None = None
    default: Any = None
    separator: str = ""


@dataclass(frozen=True, slots=True)
class FileReading:
    """What a reader must know of a file before its columns mean anything.

    ``encoding`` of its texts where the file does not say it rightly; ``point``: the columns of east (lon) and north (lat) of
    a table without outlines; ``labels``: columns to be made of the texts of a drawing's layers (column -> layer).
    """

    layer: str = ""
    encoding: str = ""
    point: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SourceDescription:
    """One register source of a pack."""

    name: str
    register: Register
    record: str
    title_vi: str
    file: str
    key: tuple[str, ...]
    columns: Mapping[str, ColumnRule]
    valid_from: date
    title_en: str = ""
    reading: FileReading = FileReading()
    crs: str = ""
    where: Mapping[str, frozenset[str]] | None = None
    covers: tuple[str, ...] = ()
    valid_to: date | None = None
    source_on: date | None = None
    decision: str = ""
    scale: str = ""
    publisher: str = ""
    licence: str = ""
    url: str = ""
    is_generated: bool = False
    max_withdrawn_share: float = DEFAULT_MAX_WITHDRAWN_SHARE

    def columns_needed(self) -> set[str]:
        """Names of all columns the file must have."""
        named = {rule.column for rule in self.columns.values() if rule.column}
        keys = {column for column in self.key if column != GEOMETRY_KEY}
        return named | keys | set(self.where or ()) | set(self.reading.point)


def parse_source(raw: Mapping[str, Any]) -> SourceDescription:
    """One ``[[source]]`` table; ConfigurationError says which word is missing, unknown or wrong."""
    name = str(raw.get("name", "?"))
    _refuse_unknown(raw, name)
    register = _parse_register(raw, name)
    title = raw.get("title", name)
    titles = title if isinstance(title, Mapping) else {"vi": title}
    return SourceDescription(
        name=name,
        register=register,
        record=_parse_record(raw, register, name),
        title_vi=str(titles.get("vi") or titles.get("en") or name),
        title_en=str(titles.get("en", "")),
        file=str(raw["file"]),
        reading=_parse_reading(raw, name),
        crs=str(raw.get("crs", "")),
        key=tuple(str(column) for column in raw["key"]),
        columns={word: _parse_rule(rule, f"{name}.columns.{word}") for word, rule in raw.get("columns", {}).items()},
        where=_parse_where(raw.get("where")),
        covers=tuple(str(code) for code in raw.get("covers", ())),
        valid_from=_parse_day(raw, "valid_from", name) or date.min,
        valid_to=_parse_day(raw, "valid_to", name),
        source_on=_parse_day(raw, "source_on", name),
        max_withdrawn_share=float(raw.get("max_withdrawn_share", DEFAULT_MAX_WITHDRAWN_SHARE)),
        is_generated=bool(raw.get("is_generated", False)),
        **{word: str(raw.get(word, "")) for word in _SAID_OF_IT},
    )


def _refuse_unknown(raw: Mapping[str, Any], name: str) -> None:
    missing = [word for word in _NEEDED if not raw.get(word)]
    if missing:
        raise ConfigurationError(f"Source {name} is not complete.", field="registers.toml", value=", ".join(missing))
    unknown = sorted(set(raw) - _TABLE_WORDS)
    if unknown:
        raise ConfigurationError(
            f"Source {name} has unknown words.",
            field="registers.toml",
            value=", ".join(unknown),
            cure=f"Known are: {', '.join(sorted(_TABLE_WORDS))}.",
        )


def _parse_register(raw: Mapping[str, Any], name: str) -> Register:
    try:
        return Register(raw["register"])
    except ValueError as error:
        known = ", ".join(register.value for register in Register)
        raise ConfigurationError(
            f"Source {name} names no register.", field="register", value=raw["register"], cure=f"Known are: {known}."
        ) from error


def _parse_record(raw: Mapping[str, Any], register: Register, name: str) -> str:
    record = str(raw.get("record", RECORD_OF_REGISTER[register]))
    if record != RECORD_OF_REGISTER[register] and FURTHER_RECORDS.get(record) is not register:
        raise ConfigurationError(f"Source {name}: no such record in this register.", field="record", value=record)
    return record


def _parse_rule(raw: Any, field: str) -> ColumnRule:
    if isinstance(raw, str):
        return ColumnRule(column=raw)
    if not isinstance(raw, Mapping) or set(raw) - _RULE_WORDS or ("column" in raw) == ("value" in raw):
        raise ConfigurationError(
            'A column is "NAME", { value = x } or { column = "NAME", factor, map, default, split }.',
            field=field,
            value=raw,
        )
    return ColumnRule(
        column=str(raw.get("column", "")),
        value=raw.get("value"),
        factor=float(raw["factor"]) if "factor" in raw else None,
        words=dict(raw["map"]) if "map" in raw else None,
        default=raw.get("default"),
        separator=str(raw.get("split", "")),
    )


def _parse_reading(raw: Mapping[str, Any], name: str) -> FileReading:
    point, labels = raw.get("point", ()), raw.get("labels", {})
    if point and (not isinstance(point, list) or len(point) != 2):
        raise ConfigurationError(
            f"Source {name}: a point is two columns.",
            field="point",
            value=point,
            cure='Write point = ["EAST", "NORTH"].',
        )
    if not isinstance(labels, Mapping):
        raise ConfigurationError(f"Source {name}: labels are a table.", field="labels", value=labels)
    return FileReading(
        layer=str(raw.get("layer", "")),
        encoding=_parse_encoding(str(raw.get("encoding", "")), name),
        point=tuple(str(column) for column in point),
        labels={str(column): str(layer) for column, layer in labels.items()},
    )


def _parse_encoding(word: str, name: str) -> str:
    try:
        return codecs.lookup(word).name if word else ""
    except LookupError as error:
        raise ConfigurationError(
            f"Source {name}: no such encoding.", field="encoding", value=word, cure="Write utf-8, cp1258 or cp1252."
        ) from error


def _parse_where(raw: Mapping[str, Any] | None) -> Mapping[str, frozenset[str]] | None:
    if not raw:
        return None
    return {
        column: frozenset(str(word) for word in (words if isinstance(words, list) else [words]))
        for column, words in raw.items()
    }


def _parse_day(raw: Mapping[str, Any], word: str, name: str) -> date | None:
    day = raw.get(word)
    if day is None or type(day) is date:
        return day
    raise ConfigurationError(f"Source {name}: a day is written as 2026-11-22 without quotes.", field=word, value=day)
