"""Rows of a file made ready for a table: keys, values, outlines, fingerprints, faults; and files that are refused."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from errors import InputError
from geo.importers.faults import Fault, Remedy, RowFault
from geo.importers.forms import FieldForm, RecordForm, Shape, ValueKind
from geo.importers.outlines import Ground, choose_reprojection
from geo.importers.preparing import Preparation, ReadyRow, prepare_rows, refuse_missing_columns
from geo.importers.reading import describe_file, read_rows
from geo.pack import parse_parcel_key
from geo.source_description import FileReading, parse_source
from tests.unit.geo.grids import CITY, EAST, WEST

KEY_FORM = {"pattern": r"^(?P<ward_code>\d{5})(?P<sheet>\d{3})(?P<number>\d{4})$", "example": "267970100016"}


def text(name: str, *, is_required: bool = False) -> FieldForm:
    return FieldForm(name, ValueKind.TEXT, is_required=is_required, empty="", max_length=20)


PARCEL = RecordForm("Parcel", "geo_parcel", (text("sheet"), text("number"), text("address")), Shape.POLYGON, True)
PERMIT = RecordForm(
    "Permit",
    "geo_permit",
    (
        text("number", is_required=True),
        text("status"),
        FieldForm("issued_on", ValueKind.DAY, is_required=False),
        FieldForm("expires_on", ValueKind.DAY, is_required=False),
    ),
    Shape.ANY,
    False,
)
SUCCESSION = RecordForm(
    "AdminUnitSuccession", "t", (text("old_code"), text("old_name"), text("new_code")), Shape.NONE, False
)


def square(x: float = 0.0) -> dict[str, Any]:
    ring = [(x, 0), (x + 10, 0), (x + 10, 10), (x, 10), (x, 0)]
    return {"type": "Polygon", "coordinates": [[WEST.to_lonlat(600_000 + a, 1_190_000 + b) for a, b in ring]]}


def write_geojson(path: Path, *rows: tuple[dict[str, Any], dict[str, Any] | None]) -> Path:
    features = [{"type": "Feature", "properties": values, "geometry": shape} for values, shape in rows]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def prepare(path: Path, record: RecordForm, /, **source: Any) -> tuple[list[ReadyRow], list[RowFault]]:
    table = {"name": "s", "register": "parcel", "file": path.name, "key": ["id"], "valid_from": date(2020, 1, 1)}
    described = parse_source({**table, "crs": "EPSG:4326", **source})
    form = describe_file(path)
    refuse_missing_columns(described, record, form)
    how = Preparation(
        described,
        record,
        Ground((WEST, EAST), CITY),
        choose_reprojection("EPSG:4326", "", ()),
        parse_parcel_key(KEY_FORM),
    )
    ready, faults = [], []
    for piece in read_rows(form, described.reading, described.columns_needed()):
        rows, found = prepare_rows(piece, how)
        ready += rows
        faults += found
    return ready, faults


def test_a_parcel_gives_its_parts_by_its_key(tmp_path: Path) -> None:
    path = write_geojson(tmp_path / "p.geojson", ({"id": "267970100016", "a": "1 Main"}, square()))
    ready, faults = prepare(path, PARCEL, columns={"address": "a"})
    assert faults == []
    assert (ready[0].row, ready[0].key) == (1, "267970100016")
    assert ready[0].values[:3] == ("010", "0016", "1 Main")
    assert ready[0].values[3] == pytest.approx(100, abs=0.01)


@pytest.mark.parametrize(
    ("row", "fault", "remedy", "kept"),
    [
        pytest.param(({"id": "26-1"}, square()), Fault.KEY_FORM, Remedy.KEPT, 1, id="key of another form"),
        pytest.param(({"id": None}, square()), Fault.NO_KEY, Remedy.LEFT_OUT, 0, id="no key"),
        pytest.param(({"id": "x" * 90}, square()), Fault.NO_KEY, Remedy.LEFT_OUT, 0, id="a key too long"),
        pytest.param(({"id": "267970100016"}, None), Fault.NO_GEOMETRY, Remedy.LEFT_OUT, 0, id="no outline"),
    ],
)
def test_a_faulty_parcel(tmp_path: Path, row: Any, fault: Fault, remedy: Remedy, kept: int) -> None:
    ready, faults = prepare(write_geojson(tmp_path / "p.geojson", row), PARCEL)
    assert [(told.fault, told.remedy) for told in faults] == [(fault, remedy)]
    assert len(ready) == kept


def test_a_permit_that_ends_before_it_begins_is_of_unknown_standing(tmp_path: Path) -> None:
    values = {"id": "7", "s": "in_force", "from": "2024-05-01", "to": "2023-05-01"}
    columns = {"number": "id", "status": "s", "issued_on": "from", "expires_on": "to"}
    ready, faults = prepare(
        write_geojson(tmp_path / "p.geojson", (values, None)), PERMIT, register="permit", columns=columns
    )
    assert ready[0].values == ("7", "unknown", None, None, "7")
    assert [fault.fault for fault in faults] == [Fault.IMPOSSIBLE_DATE]


def test_a_permit_with_a_place_elsewhere_keeps_its_row(tmp_path: Path) -> None:
    far = {"type": "Point", "coordinates": [2.35, 48.85]}
    path = write_geojson(tmp_path / "p.geojson", ({"id": "7"}, far))
    ready, faults = prepare(path, PERMIT, register="permit", columns={"number": "id"})
    assert ready[0].outline is None
    assert [fault.fault for fault in faults] == [Fault.OUTSIDE_CITY]


def test_a_list_in_one_text_gives_a_row_each(tmp_path: Path) -> None:
    path = tmp_path / "moves.csv"
    path.write_text("old,name,new\n1,Phường Đa Kao,10;11\n2,Phường 2,12\n")
    columns = {"old_code": "old", "old_name": "name", "new_code": {"column": "new", "split": ";"}}
    ready, faults = prepare(
        path, SUCCESSION, register="admin_unit", record="AdminUnitSuccession", key=["old", "new"], columns=columns
    )
    assert [row.values for row in ready] == [
        ("1", "Phường Đa Kao", "10", "phuong da kao"),
        ("1", "Phường Đa Kao", "11", "phuong da kao"),
        ("2", "Phường 2", "12", "phuong 2"),
    ]
    assert [row.row for row in ready] == [1, 1, 2]
    assert len({row.key for row in ready}) == 3
    assert faults == []


def test_rows_of_other_kinds_are_no_fault(tmp_path: Path) -> None:
    rows = [({"id": "267970100016", "t": "lot"}, square()), ({"id": "267970100017", "t": "road"}, square(20))]
    ready, faults = prepare(write_geojson(tmp_path / "p.geojson", *rows), PARCEL, where={"t": "lot"})
    assert ([row.key for row in ready], faults) == (["267970100016"], [])


def test_the_fingerprint_follows_values_and_outline(tmp_path: Path) -> None:
    def sha(values: dict[str, Any], shape: dict[str, Any]) -> str:
        return prepare(write_geojson(tmp_path / "p.geojson", (values, shape)), PARCEL, columns={"address": "a"})[0][
            0
        ].sha256

    values = {"id": "267970100016", "a": "1 Main"}
    assert sha(values, square()) == sha(values, square())
    assert len({sha(values, square()), sha({**values, "a": "2 Main"}, square()), sha(values, square(1))}) == 3


def test_the_outline_may_be_the_key(tmp_path: Path) -> None:
    rows = [({"id": ""}, square()), ({"id": ""}, square(20))]
    ready, _ = prepare(write_geojson(tmp_path / "p.geojson", *rows), PARCEL, key=["@geometry"])
    assert len({row.key for row in ready}) == 2


def test_declared_days_must_follow_each_other(tmp_path: Path) -> None:
    path = write_geojson(
        tmp_path / "p.geojson", ({"id": "267970100016", "f": "2024-01-01", "t": "2020-01-01"}, square())
    )
    ready, faults = prepare(path, PARCEL, columns={"valid_from": "f", "valid_to": "t"})
    assert (ready[0].declared_from, ready[0].declared_to) == (date(2024, 1, 1), None)
    assert [fault.fault for fault in faults] == [Fault.IMPOSSIBLE_DATE]


def test_wrong_columns_are_named_with_the_expected_ones(tmp_path: Path) -> None:
    path = write_geojson(tmp_path / "p.geojson", ({"ident": "1"}, square()))
    with pytest.raises(InputError, match="lacks columns: a, id") as caught:
        prepare(path, PARCEL, columns={"address": "a"})
    assert caught.value.value == "ident"
    assert "a, id" in caught.value.cure


def test_an_unknown_field_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no field colour"):
        prepare(write_geojson(tmp_path / "p.geojson", ({"id": "1"}, square())), PARCEL, columns={"colour": "id"})


@pytest.mark.parametrize("content", ["", "not a map", '{"type": "FeatureCollection"}'])
def test_what_is_no_register_file(tmp_path: Path, content: str) -> None:
    path = tmp_path / "p.geojson"
    path.write_text(content)
    with pytest.raises(InputError):
        prepare(path, PARCEL)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not there"):
        describe_file(tmp_path / "p.gpkg")


def test_a_layer_that_is_not_there(tmp_path: Path) -> None:
    path = write_geojson(tmp_path / "p.geojson", ({"id": "1"}, square()))
    with pytest.raises(InputError, match="No such layer"):
        describe_file(path, FileReading(layer="parcels"))


def test_a_csv_with_a_place(tmp_path: Path) -> None:
    path = tmp_path / "permits.csv"
    path.write_text("id,lon,lat\n007,106.7,10.8\n")
    ready, faults = prepare(path, PERMIT, register="permit", columns={"number": "id"})
    assert (ready[0].key, ready[0].values[0], faults) == ("007", "007", [])
    assert ready[0].outline is not None
