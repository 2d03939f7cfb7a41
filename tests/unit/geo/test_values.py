"""Columns of a file as values of a field, and the faults told."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from geo.importers.faults import Fault, Remedy
from geo.importers.forms import FieldForm, ValueKind
from geo.importers.values import ValueReader
from geo.source_description import ColumnRule


def read(kind: ValueKind, value: Any, rule: ColumnRule | None = None, **form: Any) -> tuple[Any, list[Fault]]:
    reader = ValueReader([7])
    rule = rule or ColumnRule(column="C")
    field = FieldForm("field", kind, **{"is_required": False, "empty": None, **form})
    values = reader.read(field, rule, {"C": np.array([value], dtype=object)})
    return values[0], [fault.fault for fault in reader.faults]


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        pytest.param(ValueKind.TEXT, "  Le\u0301 Lợi ", "Lé Lợi", id="composed and stripped"),
        pytest.param(ValueKind.TEXT, 12.0, "12", id="whole number as text"),
        pytest.param(ValueKind.TEXT, np.datetime64("2020-05-06"), "2020-05-06", id="day as text"),
        pytest.param(ValueKind.NUMBER, "1 234,5", 1234.5, id="decimal comma"),
        pytest.param(ValueKind.NUMBER, "1,234.5", 1234.5, id="thousands comma"),
        pytest.param(ValueKind.NUMBER, np.int32(4), 4.0, id="number"),
        pytest.param(ValueKind.WHOLE, "4", 4, id="whole"),
        pytest.param(ValueKind.DAY, "2024-02-29", date(2024, 2, 29), id="ISO day"),
        pytest.param(ValueKind.DAY, "29/02/2024", date(2024, 2, 29), id="Vietnamese day"),
        pytest.param(ValueKind.DAY, "20240229", date(2024, 2, 29), id="compact day"),
        pytest.param(ValueKind.DAY, np.datetime64("2024-02-29T10:00"), date(2024, 2, 29), id="moment"),
        pytest.param(ValueKind.LIST, '["a", "b"]', ["a", "b"], id="JSON list"),
        pytest.param(ValueKind.LIST, '{"a": 1}', [{"a": 1}], id="JSON object"),
        pytest.param(ValueKind.LIST, "a", ["a"], id="one word"),
        pytest.param(ValueKind.LIST, np.array(["a"]), ["a"], id="list column"),
    ],
)
def test_what_can_be_read(kind: ValueKind, value: Any, expected: Any) -> None:
    assert read(kind, value) == (expected, [])


@pytest.mark.parametrize("value", [None, "", "  ", float("nan"), np.datetime64("NaT")])
def test_nothing_said(value: Any) -> None:
    assert read(ValueKind.TEXT, value, empty="") == ("", [])


@pytest.mark.parametrize(
    ("kind", "value", "fault"),
    [
        pytest.param(ValueKind.NUMBER, "many", Fault.NOT_A_NUMBER, id="no number"),
        pytest.param(ValueKind.NUMBER, "inf", Fault.NOT_A_NUMBER, id="infinite"),
        pytest.param(ValueKind.WHOLE, 2.5, Fault.NOT_A_NUMBER, id="half a lane"),
        pytest.param(ValueKind.WHOLE, -1, Fault.NOT_A_NUMBER, id="negative"),
        pytest.param(ValueKind.DAY, "2023-02-29", Fault.IMPOSSIBLE_DATE, id="no such day"),
        pytest.param(ValueKind.DAY, "0001-01-01", Fault.IMPOSSIBLE_DATE, id="before any register"),
        pytest.param(ValueKind.DAY, "soon", Fault.IMPOSSIBLE_DATE, id="words"),
        pytest.param(ValueKind.LIST, "[1", Fault.BAD_LIST, id="broken list"),
    ],
)
def test_what_cannot_be_read_is_told(kind: ValueKind, value: Any, fault: Fault) -> None:
    assert read(kind, value) == (None, [fault])


def test_a_required_value_loses_the_row() -> None:
    reader = ValueReader([3, 4])
    form = FieldForm("code", ValueKind.TEXT, is_required=True)
    reader.read(form, ColumnRule(column="C"), {"C": np.array(["a", None], dtype=object)})
    assert reader.lost == {1}
    assert (reader.faults[0].row, reader.faults[0].fault, reader.faults[0].remedy) == (
        4,
        Fault.MISSING_VALUE,
        Remedy.LEFT_OUT,
    )


def test_a_long_text_is_cut() -> None:
    assert read(ValueKind.TEXT, "abcdef", max_length=3) == ("abc", [Fault.TOO_LONG])


@pytest.mark.parametrize(
    ("value", "rule", "expected"),
    [
        pytest.param("Built", ColumnRule("C", words={"Built": "in_force"}, default="unknown"), "in_force", id="known"),
        pytest.param("Else", ColumnRule("C", words={"Built": "in_force"}, default="unknown"), "unknown", id="default"),
        pytest.param("Else", ColumnRule("C", words={"Built": "in_force"}), "Else", id="no default"),
        pytest.param(True, ColumnRule("C", words={"True": "split"}), "split", id="truth"),
        pytest.param("x", ColumnRule(value="same"), "same", id="same for all"),
    ],
)
def test_words_are_translated(value: Any, rule: ColumnRule, expected: str) -> None:
    assert read(ValueKind.TEXT, value, rule)[0] == expected


def test_a_factor_and_a_split() -> None:
    assert read(ValueKind.NUMBER, "100", ColumnRule("C", factor=0.5))[0] == 50.0
    assert read(ValueKind.LIST, "a, b,", ColumnRule("C", separator=","))[0] == ["a", "b"]


def test_a_field_without_a_column_is_empty() -> None:
    assert ValueReader([1]).read(FieldForm("x", ValueKind.TEXT, is_required=False, empty=""), None, {}) == [""]
