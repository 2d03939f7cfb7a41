"""Areas uploaded as files: every form gives the same area; system, place, points and form are refused or said in words."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import pytest
import shapely
from pyproj import CRS

from errors import InputError
from geo.area_files import AreaWish, NoteKind, read_area_file
from geo.crs import CitySystem
from geo.drawn_area import MOST_VERTICES
from geo.pack import read_pack

PACK = read_pack(Path(__file__).parents[3] / "cities" / "hcmc")
SYSTEM: CitySystem = PACK.systems[0]
EAST, NORTH = 603_797.261, 1_191_942.305
METRIC = shapely.box(EAST, NORTH, EAST + 200, NORTH + 100)
DEGREES = shapely.transform(METRIC, SYSTEM.to_lonlat_array)


def wish(crs: str = "", layer: str = "") -> AreaWish:
    return AreaWish(tuple(PACK.systems), PACK.bounds, crs, layer)


def write(path: Path, shapes: list[Any], crs: str | None, driver: str, **options: Any) -> Path:
    wkb = np.array([shapely.to_wkb(shape) for shape in shapes], dtype=object)
    numbers = [np.arange(len(shapes))] if driver != "DXF" else [np.array(["A"] * len(shapes), dtype=object)]
    fields = np.array(["n" if driver != "DXF" else "Layer"], dtype=object)
    with pytest.warns() if crs is None and driver != "CSV" else _quiet():
        pyogrio.raw.write(
            path, wkb, numbers, fields, driver=driver, crs=crs, geometry_type=options.pop("kind", "Polygon"), **options
        )
    return path


def _quiet() -> Any:
    import contextlib

    return contextlib.nullcontext()


def pinned() -> str:
    return str(CRS.from_proj4(f"{SYSTEM.pinned_proj4} +type=crs").to_wkt("WKT1_GDAL"))


def geojson(path: Path, *shapes: Any) -> Path:
    features = [{"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(shape)} for shape in shapes]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def zipped(folder: Path, name: str) -> Path:
    path = folder / "area.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in folder.glob(f"{name}.*"):
            archive.write(file, file.name)
    return path


def make(form: str, folder: Path) -> tuple[Path, str]:
    """The same rectangle in one form, and what its sender has to state."""
    if form == "geojson":
        return geojson(folder / "a.geojson", DEGREES), ""
    if form == "geojson in metres":
        return geojson(folder / "a.json", METRIC), SYSTEM.name
    if form == "gpkg":
        return write(folder / "a.gpkg", [DEGREES], "EPSG:4326", "GPKG"), ""
    if form == "gpkg in metres":
        return write(folder / "a.gpkg", [METRIC], pinned(), "GPKG"), ""
    if form == "gpkg by number":
        return write(folder / "a.gpkg", [METRIC], "EPSG:9210", "GPKG"), ""
    if form == "shp":
        write(folder / "a.shp", [METRIC], pinned(), "ESRI Shapefile")
        return zipped(folder, "a"), ""
    if form == "shp without prj":
        write(folder / "a.shp", [METRIC], None, "ESRI Shapefile")
        return zipped(folder, "a"), SYSTEM.name
    if form == "kml":
        return write(folder / "a.kml", [DEGREES], "EPSG:4326", "KML"), ""
    if form == "dxf":
        line = shapely.LineString(METRIC.exterior.coords)
        return write(folder / "a.dxf", [line], None, "DXF", kind="LineString", layer="entities"), SYSTEM.name
    path = folder / "a.csv"
    path.write_text(f'name,wkt\nA,"{shapely.to_wkt(METRIC, rounding_precision=4)}"\n')
    return path, SYSTEM.name


FORMS = [
    "geojson", "geojson in metres", "gpkg", "gpkg in metres", "gpkg by number", "shp", "shp without prj", "kml", "dxf", "csv",
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_area(form: str, tmp_path: Path) -> None:
    path, stated = make(form, tmp_path)
    found = read_area_file(path, wish(stated))
    assert found.area_m2 == pytest.approx(20_000, abs=1.0)
    assert found.area.outline.hausdorff_distance(DEGREES) < 1e-6
    assert (found.parts, found.area.vertices) == (1, 5)
    assert {note.kind for note in found.notes} <= {NoteKind.OVERRULED}


@pytest.mark.parametrize("form", ["dxf", "csv", "shp without prj"])
def test_a_system_that_nobody_states_is_not_guessed(form: str, tmp_path: Path) -> None:
    path, _ = make(form, tmp_path)
    with pytest.raises(InputError, match="does not say in which system") as told:
        read_area_file(path, wish())
    assert (told.value.field, "vn2000_tm3_10545" in told.value.cure) == ("crs", True)


def test_a_wrong_system_names_the_one_that_fits(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="outside the city") as told:
        read_area_file(geojson(tmp_path / "a.geojson", METRIC), wish())
    assert "vn2000_tm3_10545" in told.value.cure
    with pytest.raises(InputError, match="no such coordinate system"):
        read_area_file(geojson(tmp_path / "a.geojson", METRIC), wish("nonsense"))


def test_another_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="outside the city") as told:
        read_area_file(geojson(tmp_path / "a.geojson", shapely.box(2, 48, 2.1, 48.1)), wish())
    assert "choose the city" in told.value.cure


@pytest.mark.parametrize("stated", ["", SYSTEM.name], ids=["degrees", "metres"])
def test_north_before_east_is_said(stated: str, tmp_path: Path) -> None:
    shape = METRIC if stated else DEGREES
    turned = shapely.transform(shape, lambda xy: xy[:, ::-1])
    found = read_area_file(geojson(tmp_path / "a.geojson", turned), wish(stated))
    assert found.area_m2 == pytest.approx(20_000, abs=1.0)
    assert NoteKind.NORTH_FIRST in {note.kind for note in found.notes}


def test_the_statement_counts_before_the_file_and_is_said(tmp_path: Path) -> None:
    path = write(tmp_path / "a.gpkg", [METRIC], "EPSG:32648", "GPKG")
    found = read_area_file(path, wish(SYSTEM.name))
    (note,) = found.notes
    assert (note.kind, note.values) == (NoteKind.OVERRULED, ("EPSG:32648", SYSTEM.name))


def test_a_grid_without_a_number_takes_the_legal_shift(tmp_path: Path) -> None:
    custom = "+proj=tmerc +lat_0=0 +lon_0=105.75 +k=0.9999 +x_0=500000 +y_0=0 +ellps=WGS84 +units=m +no_defs"
    found = read_area_file(write(tmp_path / "a.gpkg", [METRIC], custom, "GPKG"), wish())
    assert (found.system, found.area.outline.hausdorff_distance(DEGREES) < 1e-7) == (SYSTEM.name, True)


def test_crossing_outlines_lines_and_points(tmp_path: Path) -> None:
    bow = shapely.Polygon([(106.70, 10.77), (106.71, 10.78), (106.71, 10.77), (106.70, 10.78)])
    line = shapely.LineString([(106.7, 10.77), (106.71, 10.78)])
    found = read_area_file(geojson(tmp_path / "a.geojson", bow, line, shapely.Point(106.7, 10.77)), wish())
    assert [(note.kind, note.values) for note in found.notes] == [
        (NoteKind.LEFT_OUT, ("2",)), (NoteKind.MENDED, ("1",)),
    ]  # fmt: skip
    assert found.area.outline.is_valid


def test_a_million_points_are_simplified_and_that_is_said(tmp_path: Path) -> None:
    turns = np.linspace(0, 2 * np.pi, 1_000_001)[:-1]
    ring = np.column_stack([EAST + 2000 * np.cos(turns), NORTH + 2000 * np.sin(turns)]).round(3)
    path = write(tmp_path / "a.gpkg", [shapely.Polygon(ring)], pinned(), "GPKG")
    found = read_area_file(path, wish())
    (note,) = found.notes
    assert (note.kind, note.values[0], note.values[2]) == (NoteKind.SIMPLIFIED, "1000001", "0.05")
    assert found.area.vertices <= MOST_VERTICES
    assert found.area_m2 == pytest.approx(np.pi * 2000**2, rel=1e-5)


def test_several_layers_must_be_named(tmp_path: Path) -> None:
    path = write(tmp_path / "a.gpkg", [DEGREES], "EPSG:4326", "GPKG", layer="ward")
    write(path, [DEGREES.centroid.buffer(0.001)], "EPSG:4326", "GPKG", layer="other", append=True)
    with pytest.raises(InputError, match="several layers") as told:
        read_area_file(path, wish())
    assert "ward" in told.value.cure and "other" in told.value.cure
    assert read_area_file(path, wish(layer="ward")).area_m2 == pytest.approx(20_000, abs=1.0)
    with pytest.raises(InputError, match="No such layer"):
        read_area_file(path, wish(layer="third"))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.geojson", b"", "empty"),
        ("a.geojson", b"<!doctype html><p>no</p>", "cannot be read"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": []}', "no area"),
        ("a.zip", b"PK no zip", "cannot be opened"),
        ("a.gpkg", b"SQLite format 3\x00 cut off", "cannot be read"),
        ("a.csv", b"name,note\nA,no shape\n", "does not say|no area"),
        ("a.dwg", b"AC1027", "not read as an area"),
        ("a.kml", b"<kml><Document></Document></kml>", "cannot be read|no area"),
    ],
)
def test_what_is_no_area_is_refused_in_words(name: str, content: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=said) as told:
        read_area_file(tmp_path / name, wish())
    assert told.value.cure and told.value.field in ("file", "crs")
