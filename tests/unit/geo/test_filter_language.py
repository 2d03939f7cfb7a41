"""CQL2 filters by an allow-list: values travel as parameters, names are listed ones, everything else is refused in words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from errors import InputError
from geo.filter_language import MOST_PARTS, compile_filter
from geo.query_layers import LAYERS

PARCELS = LAYERS["parcels"]


def told(raw: Any) -> tuple[str, list[Any]]:
    made = compile_filter(raw, PARCELS)
    return made.sql.as_string(None), list(made.values.values())


@pytest.mark.parametrize(
    ("raw", "values"),
    [
        ("measured_area_m2 > 200 AND use_code = 'ODT'", [200.0, "ODT"]),
        ("sheet IN ('29', '30') OR number <> 'seven'", ["29", "30", "seven"]),
        ("address LIKE '%Sữa%'", ["%Sữa%"]),
        ("last_permit_on >= DATE('2024-01-01')", [date(2024, 1, 1)]),
        ("last_permit_on IS NULL", []),
        ("measured_area_m2 BETWEEN 10 AND 20", [10.0, 20.0]),
        ("measured_area_m2 / 2 > stated_area_m2 + 5", [2.0, 5.0]),
        ("NOT (use_code = 'ODT')", ["ODT"]),
        ({"op": "=", "args": [{"property": "use_code"}, "ODT"]}, ["ODT"]),
        ('{"op": ">", "args": [{"property": "measured_area_m2"}, 5]}', [5.0]),
        ("", []),
        (None, []),
    ],
)
def test_a_filter_is_compiled_with_its_values_beside_it(raw: Any, values: list[Any]) -> None:
    sql, found = told(raw)
    assert found == values
    assert all(str(value) not in sql for value in values if isinstance(value, str))


def test_a_place_in_a_filter() -> None:
    sql, values = told("S_INTERSECTS(geometry, POLYGON((106.6 10.7, 106.7 10.7, 106.7 10.8, 106.6 10.7)))")
    assert sql.startswith("ST_Intersects(r.geom") and isinstance(values[0], bytes)


HOSTILE = "x'; DROP TABLE geo_parcel; --"


def test_sql_in_a_value_stays_a_value() -> None:
    sql, values = told({"op": "=", "args": [{"property": "use_code"}, HOSTILE]})
    assert values == [HOSTILE] and "DROP" not in sql


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("use_code = 'x'; DROP TABLE geo_parcel", "not CQL2"),
        ("1=1) OR (1=1", "not CQL2"),
        ("measured_area_m2 > (SELECT 1)", "not CQL2"),
        ("pg_sleep(5) = 1", "names a property"),
        ("1 = 1", "names a property"),
        ("owner = 'x'", "no such property"),
        ("geom = 'x'", "no such property"),
        ("use_code = 5", "does not fit"),
        ("measured_area_m2 = 'much'", "does not fit"),
        ("last_permit_on > 'yesterday'", "does not fit"),
        ("use_code = measured_area_m2", "cannot be compared"),
        ({"op": "nonsense", "args": []}, "not CQL2"),
        ({"op": "=", "args": [{"property": "use_code"}, {"$ne": 1}]}, "not CQL2"),
        ([1, 2], "not understood"),
        ("use_code = 'a' OR " * 500 + "use_code = 'a'", "too long"),
        ("S_INTERSECTS(geometry, POINT(106 10))", "area is needed"),
        ("\x00", "not CQL2"),
    ],
)
def test_what_is_refused_in_words(raw: Any, said: str) -> None:
    with pytest.raises(InputError, match=said) as error:
        compile_filter(raw, PARCELS)
    assert error.value.cure


def test_an_unknown_property_is_told_which_exist() -> None:
    with pytest.raises(InputError) as error:
        compile_filter("owner = 'x'", PARCELS)
    assert "measured_area_m2" in error.value.cure


def test_too_many_parts_are_refused() -> None:
    raw = {"op": "or", "args": [{"op": "isNull", "args": [{"property": "key"}]}] * (MOST_PARTS + 1)}
    with pytest.raises(InputError):
        compile_filter(raw, PARCELS)
