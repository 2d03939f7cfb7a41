"""Frozen values to JSON and to their schema: one list of fields for both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest

from api.plain import schema_of, to_plain


class Shade(StrEnum):
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf of
    the test."""

    shade: Shade
    grown_on: date | None
    sizes_m: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Tree:
    id: UUID
    leaves: tuple[Leaf, ...]
    seen_at: datetime


def test_a_value_and_its_schema_have_the_same_fields() -> None:
    tree = Tree(UUID(int=1), (Leaf(Shade.DARK, None, (1.5,)),), datetime(2026, 11, 22, 8, tzinfo=UTC))
    plain, schema = to_plain(tree), schema_of(Tree)
    assert plain == {
        "id": "00000000-0000-0000-0000-000000000001",
        "leaves": [{"shade": "dark", "grown_on": None, "sizes_m": [1.5]}],
        "seen_at": "2026-11-22T08:00:00+00:00",
    }
    assert list(plain) == list(schema["properties"]) == schema["required"]
    leaf = schema["properties"]["leaves"]["items"]
    assert leaf["description"] == "A leaf of the test."
    assert leaf["properties"]["shade"] == {"type": "string", "enum": ["light", "dark"]}
    assert leaf["properties"]["grown_on"] == {"type": "string", "format": "date", "nullable": True}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        pytest.param(int, {"type": "integer"}, id="whole"),
        pytest.param(bool, {"type": "boolean"}, id="flag"),
        pytest.param(list[str], {"type": "array", "items": {"type": "string"}}, id="list"),
        pytest.param(Mapping[str, int], {"type": "object", "additionalProperties": {"type": "integer"}}, id="map"),
        pytest.param(int | str, {"oneOf": [{"type": "integer"}, {"type": "string"}]}, id="either"),
        pytest.param(Any, {}, id="anything"),
        pytest.param(bytes, {"type": "object"}, id="not known here"),
    ],
)
def test_schemas(kind: Any, expected: dict[str, Any]) -> None:
    assert schema_of(kind) == expected


def test_times_and_sets() -> None:
    assert to_plain({"at": time(7, 30), "of": frozenset({1})}) == {"at": "07:30:00", "of": [1]}
