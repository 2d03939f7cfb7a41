"""Tables of registers.toml: read, or refused with the word that is wrong."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from errors import ConfigurationError
from geo.facts import Register
from geo.source_description import ColumnRule, parse_source


def a_table(**changes: Any) -> dict[str, Any]:
    table = {
        "name": "parcels",
        "register": "parcel",
        "title": {"vi": "Thửa đất", "en": "Parcels"},
        "file": "data/parcels.gpkg",
        "key": ["ID"],
        "valid_from": date(2020, 1, 1),
        "columns": {"sheet": "MAP"},
    }
    return {word: value for word, value in {**table, **changes}.items() if value is not None}


def test_a_whole_table() -> None:
    source = parse_source(
        a_table(
            columns={
                "sheet": "MAP",
                "use_code": {"value": "ODT"},
                "stated_area_m2": {"column": "FT2", "factor": 0.0929},
                "address": {"column": "A", "map": {"x": "y"}, "default": "z"},
            },
            where={"TYPE": ["a", "b"], "YEAR": 2019},
            covers=[27139],
            max_withdrawn_share=0.1,
            is_generated=True,
        )
    )
    assert (source.register, source.record, source.title_vi) == (Register.PARCEL, "Parcel", "Thửa đất")
    assert source.columns["use_code"] == ColumnRule(value="ODT")
    assert source.columns["address"].words == {"x": "y"}
    assert source.where == {"TYPE": {"a", "b"}, "YEAR": {"2019"}}
    assert source.covers == ("27139",)
    assert source.columns_needed() == {"MAP", "FT2", "A", "ID", "TYPE", "YEAR"}


def test_the_geometry_as_key_needs_no_column() -> None:
    assert parse_source(a_table(key=["@geometry"], columns={})).columns_needed() == set()


def test_a_title_in_one_language() -> None:
    assert parse_source(a_table(title="Parcels")).title_vi == "Parcels"


def test_a_further_record_of_a_register() -> None:
    source = parse_source(a_table(register="admin_unit", record="AdminUnitSuccession", columns={}))
    assert source.record == "AdminUnitSuccession"


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        pytest.param({"register": None}, "register", id="missing word"),
        pytest.param({"register": "weather"}, "weather", id="no register"),
        pytest.param({"record": "AdminUnit"}, "AdminUnit", id="record of another register"),
        pytest.param({"colour": "red"}, "colour", id="unknown word"),
        pytest.param({"columns": {"sheet": {"colum": "MAP"}}}, "columns.sheet", id="misspelt rule"),
        pytest.param({"columns": {"sheet": {"column": "A", "value": 1}}}, "columns.sheet", id="column and value"),
        pytest.param({"valid_from": "2020-01-01"}, "valid_from", id="day in quotes"),
    ],
)
def test_a_faulty_table_is_refused(changes: dict[str, Any], word: str) -> None:
    with pytest.raises(ConfigurationError, match=word):
        parse_source(a_table(**changes))
