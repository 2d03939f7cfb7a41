"""Files for GIS and CAD, read back with GDAL: places to the centimetre, names as the format can hold them."""

from __future__ import annotations

import csv
import zipfile
from datetime import date
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from shapely.geometry import Point, box

from geo.crs import CitySystem
from geo.exporting import ExportForm, Table, export_table, shorten_names

VN2000 = CitySystem(
    "vn2000_tm3_10545", 990105,
    "+proj=tmerc +lat_0=0 +lon_0=105.75 +k=0.9999 +x_0=500000 +y_0=0 +ellps=WGS84"
    " +towgs84=-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278 +units=m +no_defs",
)  # fmt: skip
COLUMNS = ("key", "measured_area_m2", "measured_area_m2_before", "last_on", "address")
ROWS = [("a", 12.5, None, date(2026, 1, 2), "1 Phố Nhỏ"), ("b", None, 3.0, None, "=SUM(A1)")]


def a_table() -> Table:
    outlines = np.array([box(106.70, 10.77, 106.7009, 10.7769), box(106.71, 10.77, 106.72, 10.78)], dtype=object)
    return Table("parcels", COLUMNS, ROWS, outlines)


@pytest.mark.parametrize("form", [ExportForm.GPKG, ExportForm.GEOJSON])
def test_a_file_keeps_rows_and_places(form: ExportForm, tmp_path: Path) -> None:
    export = export_table(a_table(), form, None, tmp_path)
    meta, _, outlines, data = pyogrio.raw.read(export.path)
    assert list(meta["fields"]) == list(COLUMNS)
    assert meta["crs"] == "EPSG:4326"
    assert list(data[0]) == ["a", "b"] and data[1][0] == 12.5 and np.isnan(data[1][1])
    assert shapely.from_wkb(outlines[0]).bounds == pytest.approx((106.70, 10.77, 106.7009, 10.7769), abs=1e-7)


def test_metres_are_those_of_the_legal_shift(tmp_path: Path) -> None:
    export = export_table(a_table(), ExportForm.GPKG, VN2000, tmp_path)
    meta, _, outlines, _ = pyogrio.raw.read(export.path)
    corners = shapely.get_coordinates(shapely.from_wkb(outlines[0]))
    corner = VN2000.to_metric(106.7009, 10.7769)
    assert corner == pytest.approx((603797.261, 1191942.305), abs=0.001)
    assert np.hypot(*(corners - corner).T).min() < 0.001
    assert "191.90441429" in export.notes[0] and meta["crs"]


def test_a_shapefile_says_its_short_names(tmp_path: Path) -> None:
    export = export_table(a_table(), ExportForm.SHP, VN2000, tmp_path)
    names = zipfile.ZipFile(export.path).namelist()
    assert {"parcels_areas.shp", "parcels_areas.dbf", "parcels_areas.prj", "README.txt"} <= set(names)
    assert (
        "measured_a = measured_area_m2" in export.notes[1] and "measured_2 = measured_area_m2_before" in export.notes[1]
    )
    meta, _, _, data = pyogrio.raw.read(f"/vsizip/{export.path}/parcels_areas.shp")
    assert list(meta["fields"]) == ["key", "measured_a", "measured_2", "last_on", "address"]
    assert data[4][0] == "1 Phố Nhỏ"


def test_short_names_are_all_different() -> None:
    assert shorten_names(["abcdefghijk", "abcdefghijx", "abcdefghijy", "a"]) == (
        "abcdefghij",
        "abcdefgh_2",
        "abcdefgh_3",
        "a",
    )


def test_a_table_for_spreadsheets_runs_nothing(tmp_path: Path) -> None:
    export = export_table(a_table(), ExportForm.CSV, None, tmp_path)
    rows = list(csv.reader(export.path.open(encoding="utf-8-sig")))
    assert rows[0] == [*COLUMNS, "wkt"] and rows[2][4] == "'=SUM(A1)"
    assert rows[1][5].startswith("POLYGON ((106.7009")


def test_a_drawing_holds_closed_lines(tmp_path: Path) -> None:
    export = export_table(a_table(), ExportForm.DXF, VN2000, tmp_path)
    meta, _, outlines, data = pyogrio.raw.read(export.path)
    assert len(outlines) == 2
    assert set(data[list(meta["fields"]).index("Layer")]) == {"PARCELS"}
    assert shapely.from_wkb(outlines[0]).is_closed


def test_points_and_empty_places(tmp_path: Path) -> None:
    table = Table("flags", ("id",), [("1",), ("2",)], np.array([Point(106.7, 10.7), None], dtype=object))
    export = export_table(table, ExportForm.SHP, None, tmp_path)
    assert "1 rows without a place" in " ".join(export.notes)
    _, _, outlines, _ = pyogrio.raw.read(f"/vsizip/{export.path}/flags_points.shp")
    assert len(outlines) == 1


def test_no_rows_at_all(tmp_path: Path) -> None:
    empty = Table("parcels", ("key",), [], np.array([], dtype=object))
    for form in (ExportForm.GPKG, ExportForm.GEOJSON, ExportForm.CSV):
        (tmp_path / form.value).mkdir()
        assert export_table(empty, form, None, tmp_path / form.value).path.exists()
