"""Frozen dataclasses to plain JSON values and back, by their own annotations: how facts and findings are stored. Pure.

``to_json(from_json(kind, stored)) == stored`` and the reverse hold; a stored form that does not fit is an InputError, so
that an altered or outdated record is said and never half-read.
"""

from __future__ import annotations

import dataclasses
import types
from datetime import date, datetime, time
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from errors import InputError

T = TypeVar("T")
Json = Any  # what ``json`` reads and writes

_MOMENTS = (datetime, date, time)  # a datetime is a date too: it comes first
_PLAIN = (str, int, float, bool, type(None))


def to_json(value: Any) -> Json:
    """Dictionaries, lists, texts, numbers, booleans and None only; moments as ISO 8601, enums as their value."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_json(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, _MOMENTS):
        return value.isoformat()
    if isinstance(value, tuple):
        return [to_json(item) for item in value]
    if isinstance(value, _PLAIN):
        return value
    raise InputError("This kind of value is not stored.", field=type(value).__name__, value=value)


def from_json(kind: type[T], stored: Json) -> T:
    """The dataclass of this kind; InputError names the field that does not fit."""
    return _build(kind, stored, kind.__name__)  # type: ignore[no-any-return]


def _build(kind: Any, stored: Json, place: str) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _build_union(get_args(kind), stored, place)
    if origin is tuple:
        return _build_tuple(get_args(kind), stored, place)
    if dataclasses.is_dataclass(kind):
        return _build_dataclass(kind, stored, place)
    return _build_leaf(kind, stored, place)


def _build_leaf(kind: Any, stored: Json, place: str) -> Any:
    try:
        if issubclass(kind, Enum):
            return kind(stored)
        if kind in _MOMENTS:
            return kind.fromisoformat(stored)
    except (ValueError, TypeError) as wrong:
        raise _unfit(place, stored) from wrong
    if kind is float and isinstance(stored, int) and not isinstance(stored, bool):
        return float(stored)  # JSON writes 1.0 as 1 in some stores
    if type(stored) is not kind:
        raise _unfit(place, stored)
    return stored


def _build_union(kinds: tuple[Any, ...], stored: Json, place: str) -> Any:
    if stored is None and type(None) in kinds:
        return None
    rest = [kind for kind in kinds if kind is not type(None)]
    exact = [kind for kind in rest if kind is type(stored)]
    for kind in (*exact, *rest):
        try:
            return _build(kind, stored, place)
        except InputError:
            if kind is rest[-1]:
                raise
    raise _unfit(place, stored)


def _build_tuple(kinds: tuple[Any, ...], stored: Json, place: str) -> tuple[Any, ...]:
    if not isinstance(stored, list):
        raise _unfit(place, stored)
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return tuple(_build(kinds[0], item, f"{place}[{n}]") for n, item in enumerate(stored))
    if len(kinds) != len(stored):
        raise _unfit(place, stored)
    return tuple(_build(kind, item, f"{place}[{n}]") for n, (kind, item) in enumerate(zip(kinds, stored, strict=True)))


def _build_dataclass(kind: Any, stored: Json, place: str) -> Any:
    if not isinstance(stored, dict):
        raise _unfit(place, stored)
    hints, fields = _hints(kind), {field.name: field for field in dataclasses.fields(kind)}
    unknown = stored.keys() - fields.keys()
    if unknown:
        raise _unfit(f"{place}.{min(unknown)}", stored[min(unknown)])
    try:
        return kind(**{name: _build(hints[name], value, f"{place}.{name}") for name, value in stored.items()})
    except TypeError as missing:
        raise _unfit(place, ", ".join(stored)) from missing


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _unfit(place: str, stored: Json) -> InputError:
    return InputError(
        "The stored record does not fit.",
        field=place,
        value=stored,
        cure="It was altered, or written by another version.",
    )
