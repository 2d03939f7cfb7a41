"""What a record of a register looks like to an importer: its fields with kind and limits, and the shape of its outline."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class ValueKind(StrEnum):
    """How a field's value is read from text or number."""

    TEXT = "text"
    NUMBER = "number"
    WHOLE = "whole"
    DAY = "day"
    LIST = "list"


class Shape(StrEnum):
    """Which outline a record has."""

    POLYGON = "polygon"
    ANY = "any"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class FieldForm:
    """One field. ``empty`` is what it holds when the file says nothing; a required one without value loses the row."""

    name: str
    kind: ValueKind
    is_required: bool
    empty: Any = None
    max_length: int | None = None


@dataclass(frozen=True, slots=True)
class RecordForm:
    """One kind of record. ``fields`` leaves out what every dated record has and what is computed."""

    name: str
    table: str
    fields: tuple[FieldForm, ...]
    shape: Shape
    needs_outline: bool

    def field_names(self) -> tuple[str, ...]:
        """Names in the order of the fields."""
        return tuple(field.name for field in self.fields)
