"""One register in every format that land offices give: the same parcels come out, wherever their names and places stood."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from pyogrio.raw import read, write
from pyproj import Transformer

from errors import InputError
from geo.actions import load_source
from geo.importers.faults import RefusedFile
from geo.load_summary import LoadSummary
from geo.models import City, Parcel, Permit, RegisterIssue, RegisterLoad
from geo.pack import read_pack
from geo.source_description import ColumnRule, FileReading, SourceDescription
from tests.small_city import ORIGIN_M, PROJ4

LATER = date(2026, 12, 1)
LoadAs = Callable[..., LoadSummary]
pytestmark = pytest.mark.usefixtures("loaded")


@pytest.fixture
def load_as(pack_path: Path) -> LoadAs:
    """Load a file into the parcels (or ``name``) with a changed description."""
    pack = read_pack(pack_path)
    city = City.objects.get(slug=pack.slug)

    def load(path: Path, name: str = "parcels", **changes: Any) -> LoadSummary:
        source: SourceDescription = replace(pack.get_source(name), **changes)
        return load_source(source, path, city, pack, source_on=LATER)

    return load


@pytest.fixture
def parcels(pack_path: Path) -> tuple[Any, list[str], list[np.ndarray]]:
    """Outlines, column names and columns of the little city's parcels."""
    meta, _, outlines, columns = read(pack_path / "data" / "parcels.geojson")
    return outlines, list(meta["fields"]), list(columns)


def expect_all_twelve(summary: LoadSummary) -> None:
    assert (summary.state, summary.rows, summary.withdrawn, summary.issues) == ("done", 12, 0, 0)
    assert summary.new == 0
    big = Parcel.objects.get(key="000010010001", is_listed=True)
    assert big.measured_area_m2 == pytest.approx(3600, abs=0.05)
    assert (big.ward_code, big.address) == ("00001", "1 Phố Nhỏ")


@pytest.mark.parametrize(
    ("name", "driver"),
    [
        pytest.param("parcels.shp", "ESRI Shapefile", id="SHP"),
        pytest.param("parcels.gpkg", "GPKG", id="GPKG"),
        pytest.param("parcels.geojson", "GeoJSON", id="GeoJSON"),
        pytest.param("parcels.gdb", "OpenFileGDB", id="FileGDB"),
        pytest.param("parcels.kml", "LIBKML", id="KML"),
        pytest.param("parcels.gml", "GML", id="GML"),
        pytest.param("parcels.fgb", "FlatGeobuf", id="FlatGeobuf"),
    ],
)
def test_a_data_set(tmp_path: Path, load_as: LoadAs, parcels: Any, name: str, driver: str) -> None:
    outlines, fields, columns = parcels
    path = tmp_path / "given" / name
    path.parent.mkdir()
    write(path, outlines, columns, fields, geometry_type="Polygon", crs="EPSG:4326", driver=driver)
    expect_all_twelve(load_as(path))


def test_a_shapefile_in_an_old_encoding_inside_a_zip(tmp_path: Path, load_as: LoadAs, parcels: Any) -> None:
    outlines, fields, columns = parcels
    folder = tmp_path / "given"
    folder.mkdir()
    written = "Đươ\u0300ng sô\u0301 3".encode("cp1258")  # this code page writes tones as letters of their own
    columns[fields.index("address")][:] = "@" * len(written)
    write(
        folder / "p.shp", outlines, columns, fields, geometry_type="Polygon", crs="EPSG:4326", driver="ESRI Shapefile"
    )
    table = folder / "p.dbf"
    table.write_bytes(table.read_bytes().replace(b"@" * len(written), written))
    (folder / "p.cpg").unlink()
    path = tmp_path / "p.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in folder.iterdir():
            archive.write(file, file.name)
    assert load_as(path, reading=FileReading(encoding="cp1258")).issues == 0
    assert Parcel.objects.filter(is_listed=True, address="Đường số 3").count() == 12


def test_only_the_table_of_a_shapefile_changed(tmp_path: Path, load_as: LoadAs, parcels: Any) -> None:
    outlines, fields, columns = parcels
    for turn, use in enumerate(("a", "b")):
        columns[fields.index("address")][:] = f"street {use}"
        write(
            tmp_path / "p.shp", outlines, columns, fields, geometry_type="Polygon", crs="EPSG:4326",
            driver="ESRI Shapefile",
        )  # fmt: skip
        assert load_as(tmp_path / "p.shp").changed == 12, turn
    assert load_as(tmp_path / "p.shp").state == "unchanged"


def test_a_table_with_outlines_as_text(tmp_path: Path, load_as: LoadAs, parcels: Any) -> None:
    outlines, fields, columns = parcels
    path = tmp_path / "parcels.csv"
    rows = [";".join([*fields, "wkt"])]
    for values, outline in zip(zip(*columns, strict=True), outlines, strict=True):
        rows.append(";".join([*(str(value) for value in values), f'"{shapely.from_wkb(outline).wkt}"']))
    path.write_text("\ufeff" + "\n".join(rows), encoding="utf-8")
    expect_all_twelve(load_as(path))


@pytest.mark.parametrize("name", ["permits.csv", "permits.xlsx"])
def test_a_table_with_places_in_two_columns(tmp_path: Path, load_as: LoadAs, name: str) -> None:
    """In metres, north first as surveyors write, the second row without a place."""
    path = tmp_path / name
    columns = {
        "number": np.array(["GP-1", "GP-2"], dtype=object),
        "status": np.array(["in_force", "in_force"], dtype=object),
        "X": np.array([str(ORIGIN_M[1] + 120), ""], dtype=object),
        "Y": np.array([str(ORIGIN_M[0] + 30).replace(".", ","), ""], dtype=object),
    }
    driver = "CSV" if name.endswith("csv") else "XLSX"
    write(path, None, list(columns.values()), list(columns), driver=driver, layer="permits")
    summary = load_as(
        path, "permits", crs="small", reading=FileReading(point=("Y", "X")),
        columns={word: ColumnRule(column=word) for word in ("number", "status")},
    )  # fmt: skip
    assert (summary.rows, summary.left_out, summary.issues) == (2, 0, 0)
    place = Permit.objects.get(number="GP-1", is_listed=True).geom
    assert (place.x, place.y) == pytest.approx((106.66473, 10.76137), abs=0.02)
    assert Permit.objects.get(number="GP-2", is_listed=True).geom is None


def draw(folder: Path) -> Path:
    """A drawing as AutoCAD writes it: closed lines, and the parcel numbers as texts inside them on a layer of their own."""
    east, north = ORIGIN_M
    drawn = ["0", "SECTION", "2", "ENTITIES"]
    for index, (key, x) in enumerate((("000010010001", 20.0), ("000010010002", 100.0))):
        corners = ((x, 114.0), (x + 60, 114.0), (x + 60, 174.0), (x, 174.0))
        drawn += ["0", "LWPOLYLINE", "5", f"A{index}", "100", "AcDbEntity", "8", "RANH_THUA", "100", "AcDbPolyline"]
        drawn += ["90", "4", "70", "1"]
        for along, up in corners:
            drawn += ["10", str(east + along), "20", str(north + up)]
        drawn += ["0", "TEXT", "5", f"B{index}", "100", "AcDbEntity", "8", "SO_THUA", "100", "AcDbText"]
        drawn += ["10", str(east + x + 30), "20", str(north + 140), "30", "0", "40", "2.5", "1", key, "100", "AcDbText"]
    drawn += ["0", "ENDSEC", "0", "EOF"]
    path = folder / "parcels.dxf"
    path.write_text("\n".join(drawn))
    return path


def test_a_drawing_with_its_numbers_as_texts(tmp_path: Path, load_as: LoadAs) -> None:
    summary = load_as(
        draw(tmp_path), crs="small", key=("so_thua",), columns={}, where={"Layer": frozenset(["RANH_THUA"])},
        reading=FileReading(labels={"so_thua": "SO_THUA"}), max_withdrawn_share=1.0,
    )  # fmt: skip
    assert (summary.changed, summary.withdrawn, summary.issues) == (2, 10, 0)
    parcel = Parcel.objects.get(key="000010010002", is_listed=True)
    assert parcel.measured_area_m2 == pytest.approx(3600, abs=0.01)


def save_pages(folder: Path, pack_path: Path, form: str, *, per_page: int = 5) -> Path:
    """The parcels as an endpoint would have sent them."""
    features = json.loads((pack_path / "data" / "parcels.geojson").read_text())["features"]
    folder.mkdir(exist_ok=True)
    for number, start in enumerate(range(0, len(features), per_page)):
        some = features[start : start + per_page]
        if form == "arcgis":
            page: dict[str, Any] = {
                "geometryType": "esriGeometryPolygon", "spatialReference": {"wkid": 4326},
                "fields": [
                    {"name": name, "type": "esriFieldTypeDouble" if name == "area" else "esriFieldTypeString"}
                    for name in some[0]["properties"]
                ],
                "features": [
                    {"attributes": f["properties"], "geometry": {"rings": f["geometry"]["coordinates"]}} for f in some
                ],
            }  # fmt: skip
            if start + per_page < len(features):
                page["exceededTransferLimit"] = True
        else:
            page = {"type": "FeatureCollection", "features": some, "numberMatched": len(features)}
            page |= {"numberReturned": len(some), "links": []}
        (folder / f"page-{number}.json").write_text(json.dumps(page))
    return folder


@pytest.mark.parametrize("form", ["arcgis", "ogc"])
def test_saved_pages(tmp_path: Path, load_as: LoadAs, pack_path: Path, form: str) -> None:
    expect_all_twelve(load_as(save_pages(tmp_path / "pages", pack_path, form)))


def test_saved_pages_of_a_wfs_with_north_before_east(tmp_path: Path, load_as: LoadAs, parcels: Any) -> None:
    outlines, fields, columns = parcels
    folder = tmp_path / "pages"
    folder.mkdir()
    for number, part in enumerate((slice(0, 6), slice(6, 12))):
        write(
            folder / f"page-{number}.gml", outlines[part], [column[part] for column in columns], fields,
            geometry_type="Polygon", crs="EPSG:4326", driver="GML", dataset_options={"FORMAT": "GML3.2"},
        )  # fmt: skip
        (folder / f"page-{number}.xsd").unlink(missing_ok=True)
    before = sorted(file.name for file in folder.iterdir())
    expect_all_twelve(load_as(folder))
    assert sorted(file.name for file in folder.iterdir()) == before


@pytest.mark.parametrize(
    ("spoil", "fault", "words"),
    [
        pytest.param(lambda f: f.write_text("<!DOCTYPE html><html>Sign in</html>"), "bad_page", "HTML", id="HTML"),
        pytest.param(lambda f: f.write_text(f.read_text()[:-40]), "bad_page", "broken off", id="broken off"),
        pytest.param(lambda f: f.write_text(""), "bad_page", "empty", id="timed out"),
        pytest.param(
            lambda f: f.write_text('{"error": {"code": 504, "message": "Gateway timeout"}}'), "bad_page", "Gateway timeout",
            id="the server's error",
        ),
        pytest.param(lambda f: f.unlink(), "missing_page", "page-0.json and page-2.json", id="a page left out"),
        pytest.param(
            lambda f: f.with_name("page-2.json").unlink(), "missing_page", "10 of 12 rows", id="the last page left out"
        ),
    ],
)  # fmt: skip
def test_pages_that_are_not_whole(
    tmp_path: Path, load_as: LoadAs, pack_path: Path, spoil: Callable[[Path], Any], fault: str, words: str
) -> None:
    folder = save_pages(tmp_path / "pages", pack_path, "ogc")
    spoil(folder / "page-1.json")
    with pytest.raises(RefusedFile, match=words):
        load_as(folder)
    assert Parcel.objects.filter(is_listed=True).count() == 12
    refused = RegisterLoad.objects.get(state="refused")
    assert fault in {issue.fault for issue in RegisterIssue.objects.filter(load=refused)}


def test_the_last_arcgis_page_left_out(tmp_path: Path, load_as: LoadAs, pack_path: Path) -> None:
    folder = save_pages(tmp_path / "pages", pack_path, "arcgis")
    (folder / "page-2.json").unlink()
    with pytest.raises(RefusedFile, match="more rows follow"):
        load_as(folder)


def test_a_file_that_lies_about_its_coordinates(tmp_path: Path, load_as: LoadAs, parcels: Any) -> None:
    """Metres that call themselves degrees: refused with the system in which they would lie in the city."""
    outlines, fields, columns = parcels
    pack_system = City.objects.get().crs[0]["name"]
    to_metres = Transformer.from_crs("EPSG:4326", PROJ4, always_xy=True)
    metres = shapely.to_wkb(
        shapely.transform(shapely.from_wkb(outlines), lambda xy: np.column_stack(to_metres.transform(*xy.T)))
    )
    path = tmp_path / "p.gpkg"
    write(path, metres, columns, fields, geometry_type="Polygon", crs="EPSG:4326", driver="GPKG")
    with pytest.raises(RefusedFile, match=f"as {pack_system}"):
        load_as(path)
    issue = RegisterIssue.objects.get(load__state="refused")
    assert (issue.fault, issue.action) == ("wrong_crs", "left_out")
    assert issue.point is not None
    expect_all_twelve(load_as(path, crs=pack_system))


@pytest.mark.parametrize("form", ["arcgis", "ogc"])
def test_saved_pages_that_lie_about_their_coordinates(
    tmp_path: Path, load_as: LoadAs, pack_path: Path, form: str
) -> None:
    """An endpoint that sends metres and calls them degrees: nothing is loaded, and the true system is named."""
    to_metres = Transformer.from_crs("EPSG:4326", PROJ4, always_xy=True)
    file = pack_path / "data" / "parcels.geojson"
    told = json.loads(file.read_text())
    for feature in told["features"]:
        rings = feature["geometry"]["coordinates"]
        feature["geometry"]["coordinates"] = [[list(to_metres.transform(*point)) for point in ring] for ring in rings]
    file.write_text(json.dumps(told))
    folder = save_pages(tmp_path / "pages", pack_path, form)
    pack_system = City.objects.get().crs[0]["name"]
    with pytest.raises(RefusedFile, match=f"as {pack_system}"):
        load_as(folder)
    assert RegisterIssue.objects.get(load__state="refused").fault == "wrong_crs"
    assert Parcel.objects.filter(is_listed=True).count() == 12
    pages_in_metres = [json.loads(page.read_text()) for page in sorted(folder.iterdir())]
    for page, path in zip(pages_in_metres, sorted(folder.iterdir()), strict=True):
        page.pop("spatialReference", None)
        path.write_text(json.dumps(page))
    expect_all_twelve(load_as(folder, crs=pack_system))


@pytest.mark.parametrize("form", ["arcgis", "ogc"])
def test_saved_pages_with_north_and_east_swapped(tmp_path: Path, load_as: LoadAs, pack_path: Path, form: str) -> None:
    file = pack_path / "data" / "parcels.geojson"
    told = json.loads(file.read_text())
    for feature in told["features"]:
        rings = feature["geometry"]["coordinates"]
        feature["geometry"]["coordinates"] = [[point[::-1] for point in ring] for ring in rings]
    file.write_text(json.dumps(told))
    summary = load_as(save_pages(tmp_path / "pages", pack_path, form))
    assert (summary.state, summary.rows, summary.withdrawn, summary.left_out) == ("done", 12, 0, 0)
    assert set(
        RegisterIssue.objects.filter(load__state="done", load__source_on=LATER).values_list("fault", "action")
    ) == {("swapped_axes", "repaired")}
    assert Parcel.objects.get(key="000010010001", is_listed=True).measured_area_m2 == pytest.approx(3600, abs=0.05)


def test_a_drawing_without_layers_is_refused(tmp_path: Path, load_as: LoadAs) -> None:
    path = tmp_path / "x.dwg"
    path.write_bytes(b"AC1032" + bytes(64))
    with pytest.raises(InputError, match="cannot be read"):
        load_as(path)
    shutil.copy(path, tmp_path / "x.gpkg")
    with pytest.raises(InputError, match="cannot be read"):
        load_as(tmp_path / "x.gpkg")
