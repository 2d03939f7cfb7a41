"""Frozen values to JSON, and their types to the JSON schema of the description: one list of fields serves both."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

Json = dict[str, Any]
_SIMPLE: Mapping[Any, Json] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    UUID: {"type": "string", "format": "uuid"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
    time: {"type": "string", "format": "time"},
    Any: {},
    object: {},
}

_AS_THEY_ARE = frozenset((str, int, float, bool))


def to_plain(value: Any) -> Any:
    """A value as JSON knows it: dataclasses become objects, tuples lists, moments ISO text."""
    if value is None or type(value) in _AS_THEY_ARE:
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return {name: to_plain(getattr(value, name)) for name in _field_names(type(value))}
    if isinstance(value, Mapping):
        return {str(name): to_plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [to_plain(inner) for inner in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def schema_of(kind: Any) -> Json:
    """The JSON schema of a type; a dataclass tells its meaning by its docstring."""
    if kind in _SIMPLE:
        return dict(_SIMPLE[kind])
    if kind is types.NoneType:
        return {"type": "null"}
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _union(inner)
    if origin in (tuple, list, set, frozenset):
        return {"type": "array", "items": schema_of(inner[0]) if inner else {}}
    if origin is not None and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": schema_of(inner[1])}
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {"type": "string", "enum": [member.value for member in kind]}
    if is_dataclass(kind):
        return _object(kind)
    return {"type": "object"}


def _union(kinds: tuple[Any, ...]) -> Json:
    wanted = [kind for kind in kinds if kind is not types.NoneType]
    schema = schema_of(wanted[0]) if len(wanted) == 1 else {"oneOf": [schema_of(kind) for kind in wanted]}
    return schema | {"nullable": True} if len(wanted) < len(kinds) else schema


def _object(kind: Any) -> Json:
    hints = get_type_hints(kind)
    properties = {field.name: schema_of(hints[field.name]) for field in fields(kind)}
    described = " ".join((kind.__doc__ or "").split())
    return {
        "type": "object",
        "description": described,
        "properties": properties,
        "required": [field.name for field in fields(kind)],
    }
