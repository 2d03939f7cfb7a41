"""Columns of a register file -> values of a record's field, with a fault for what cannot be read. Pure."""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np

from geo.importers.faults import Fault, Remedy, RowFault
from geo.importers.forms import FieldForm, ValueKind
from geo.source_description import ColumnRule

EARLIEST_YEAR = 1800  # before any cadastre we read; an older date is a slip of the pen
LATEST_YEAR = 2200
_DAY_FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%Y/%m/%d", "%Y%m%d")


@dataclass(slots=True)
class ValueReader:
    """Reads one piece of a file column by column and gathers the faults. ``rows``: each row's number in the file."""

    rows: Sequence[int]
    faults: list[RowFault] = field(default_factory=list)
    lost: set[int] = field(default_factory=set)  # indexes of rows to leave out

    def read(self, form: FieldForm, rule: ColumnRule | None, columns: dict[str, Any]) -> list[Any]:
        """The field's value for every row."""
        count = len(self.rows)
        if rule is None:
            return self._read_each(form, None, [None] * count)
        if not rule.column:
            return self._read_constant(form, rule, count)
        raw = columns[rule.column]
        if rule.words is not None:
            return self._read_each(form, rule, _translate(raw, rule))
        if form.kind is ValueKind.TEXT and _kind_of(raw) == "O":
            return self._read_texts(form, raw)
        if form.kind is ValueKind.NUMBER and _kind_of(raw) in ("i", "u", "f"):
            return self._read_numbers(form, rule, raw)
        return self._read_each(form, rule, raw)

    def _read_each(self, form: FieldForm, rule: ColumnRule | None, raw: Iterable[Any]) -> list[Any]:
        convert = _CONVERTERS[form.kind]
        return [self._one(index, form, rule, value, convert) for index, value in enumerate(raw)]

    def _read_constant(self, form: FieldForm, rule: ColumnRule, count: int) -> list[Any]:
        """The same value for every row is read once; where it has a fault, every row has it."""
        if not count:
            return []
        faults, lost = len(self.faults), len(self.lost)
        first = self._one(0, form, rule, rule.value, _CONVERTERS[form.kind])
        if (len(self.faults), len(self.lost)) == (faults, lost):
            return [first] * count
        return [first, *(self._one(index, form, rule, rule.value, _CONVERTERS[form.kind]) for index in range(1, count))]

    def _read_texts(self, form: FieldForm, raw: Any) -> list[Any]:
        """As ``_read_each``, without a call for what most rows hold: a short text without faults."""
        longest = form.max_length or 1 << 30
        read: list[Any] = []
        for index, value in enumerate(raw.tolist()):
            text = value.strip() if type(value) is str else ""
            if text and len(text) <= longest:
                read.append(text if text.isascii() else unicodedata.normalize("NFC", text))
            else:
                read.append(self._one(index, form, None, value, _to_text))
        return read

    def _read_numbers(self, form: FieldForm, rule: ColumnRule, raw: Any) -> list[Any]:
        """As ``_read_each`` for a column of numbers, all at once; only absent and infinite ones are looked at singly."""
        numbers = raw.astype(float) * (rule.factor or 1.0)
        read: list[Any] = numbers.tolist()
        for index in np.flatnonzero(~np.isfinite(numbers)).tolist():
            read[index] = self._one(index, form, rule, raw[index], _to_number)
        return read

    def _one(self, index: int, form: FieldForm, rule: ColumnRule | None, value: Any, convert: Any) -> Any:
        if is_empty(value):
            return self._empty(index, form)
        try:
            read = convert(value, rule)
        except (ValueError, TypeError, OverflowError):
            self._fault(index, _FAULTS[form.kind], form, value)
            return self._empty(index, form)
        if form.max_length is not None and len(read) > form.max_length:
            self.faults.append(
                RowFault(self.rows[index], Fault.TOO_LONG, Remedy.REPAIRED, "{field}: cut", names={"field": form.name})
            )
            return read[: form.max_length]
        return read

    def _empty(self, index: int, form: FieldForm) -> Any:
        if form.is_required:
            self.faults.append(
                RowFault(
                    self.rows[index],
                    Fault.MISSING_VALUE,
                    Remedy.LEFT_OUT,
                    "{field} is empty",
                    names={"field": form.name},
                )
            )
            self.lost.add(index)
        return form.empty

    def _fault(self, index: int, fault: Fault, form: FieldForm, value: Any) -> None:
        names = {"field": form.name, "value": str(value)[:100]}
        self.faults.append(RowFault(self.rows[index], fault, Remedy.KEPT, "{field}: {value}", names=names))


def _kind_of(raw: Any) -> str:
    """numpy's letter for what a column holds; empty for a plain list."""
    return str(raw.dtype.kind) if isinstance(raw, np.ndarray) else ""


def is_empty(value: Any) -> bool:
    """Whether the file says nothing here: null, NaN, not-a-time, blank text."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, float | np.floating):
        return math.isnan(value)
    if isinstance(value, np.datetime64):
        return bool(np.isnat(value))
    return False


def read_text(value: Any) -> str:
    """A text in composed Unicode form; whole numbers without a decimal point, days as 2026-11-22."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value.strip())
    if isinstance(value, np.datetime64):
        return str(value.astype("datetime64[D]"))
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value)


def _translate(raw: Sequence[Any], rule: ColumnRule) -> Iterable[Any]:
    if rule.words is None:
        return raw
    return [None if is_empty(value) else _word(read_text(value), rule) for value in raw]


def _word(text: str, rule: ColumnRule) -> Any:
    words = rule.words or {}
    return words.get(text, text if rule.default is None else rule.default)


def _to_text(value: Any, _: ColumnRule | None) -> str:
    return read_text(value)


def _to_number(value: Any, rule: ColumnRule | None) -> float:
    if isinstance(value, str):
        text = value.strip().replace(" ", "")
        value = text.replace(",", ".") if "," in text and "." not in text else text.replace(",", "")
    number = float(value) * (rule.factor if rule and rule.factor else 1.0)
    if not math.isfinite(number):
        raise ValueError(value)
    return number


def _to_whole(value: Any, rule: ColumnRule | None) -> int:
    number = _to_number(value, rule)
    if number < 0 or not number.is_integer():
        raise ValueError(value)
    return int(number)


def _to_day(value: Any, _: ColumnRule | None) -> date:
    if isinstance(value, np.datetime64):
        value = value.astype("datetime64[D]").item()
    if isinstance(value, str):
        value = _parse_day(value.strip())
    if isinstance(value, datetime):
        value = value.date()
    if not isinstance(value, date) or not EARLIEST_YEAR <= value.year <= LATEST_YEAR:
        raise ValueError(value)
    return value


def _parse_day(text: str) -> date:
    for form in _DAY_FORMS:
        try:
            return datetime.strptime(text[:10], form).date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
    raise ValueError(text)


def _to_list(value: Any, rule: ColumnRule | None) -> list[Any]:
    if isinstance(value, np.ndarray | list | tuple):
        return list(value)
    text = str(value).strip()
    if rule and rule.separator:
        return [part.strip() for part in text.split(rule.separator) if part.strip()]
    if text[:1] in "[{":
        read = json.loads(text)
        return read if isinstance(read, list) else [read]
    return [text]


_CONVERTERS = {
    ValueKind.TEXT: _to_text,
    ValueKind.NUMBER: _to_number,
    ValueKind.WHOLE: _to_whole,
    ValueKind.DAY: _to_day,
    ValueKind.LIST: _to_list,
}
_FAULTS = {
    ValueKind.TEXT: Fault.MISSING_VALUE,
    ValueKind.NUMBER: Fault.NOT_A_NUMBER,
    ValueKind.WHOLE: Fault.NOT_A_NUMBER,
    ValueKind.DAY: Fault.IMPOSSIBLE_DATE,
    ValueKind.LIST: Fault.BAD_LIST,
}
