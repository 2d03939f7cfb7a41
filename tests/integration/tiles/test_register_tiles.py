"""Register tiles: complete, readable by others, switched at once, dated; and how they are served."""

from __future__ import annotations

import gzip
from datetime import date
from math import asinh, pi, radians, tan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyogrio
import pytest

from tests.integration.tiles.conftest import read_layer
from tests.small_city import lonlat

if TYPE_CHECKING:
    from django.test import Client

    from geo.models import City

ON = date(2026, 11, 20)


def square_at(zoom: int, east_m: float, north_m: float) -> tuple[int, int, int]:
    """z, x, y of the tile over a place of the little city."""
    lon, lat = lonlat(east_m, north_m)
    across = (1 - asinh(tan(radians(lat))) / pi) / 2
    return zoom, int((lon + 180) / 360 * 2**zoom), int(across * 2**zoom)


def url_of(layer: str, zoom: int = 16, east_m: float = 50, north_m: float = 140) -> str:
    z, x, y = square_at(zoom, east_m, north_m)
    return f"/tiles/{layer}/{z}/{x}/{y}.pbf"


@pytest.mark.parametrize("zoom", [14, 15, 16])
def test_gdal_reads_every_parcel_at_every_full_zoom(built: Path, zoom: int) -> None:
    """QGIS and others read PMTiles through this driver; shapes cut by tile borders come in parts."""
    from geo.models import Parcel

    shapes, columns = read_layer(built / "parcels.pmtiles", "parcels", ZOOM_LEVEL=zoom)
    assert set(columns["key"]) == set(Parcel.objects.values_list("key", flat=True))
    assert all(shape is not None and shape.area > 0 for shape in shapes)


def test_gdals_mvt_reader_reads_a_served_tile(built: Path, client: Client, tmp_path: Path) -> None:
    z, x, y = square_at(16, 50, 140)
    file = tmp_path / f"{z}-{x}-{y}.mvt"
    file.write_bytes(client.get(url_of("parcels")).content)
    _, columns = read_layer(file, "parcels", X=x, Y=y, Z=z)
    assert "000010010001" in columns["key"]
    assert {"key", "sheet", "number", "source"} <= set(columns)


def test_a_sidewalk_says_for_what_it_is_listed(built: Path) -> None:
    from geo.models import SidewalkSegment

    _, columns = read_layer(built / "sidewalks.pmtiles", "sidewalks", ZOOM_LEVEL=16)
    listed = {row.key: row.allowed_uses for row in SidewalkSegment.objects.all()}
    told = dict(zip(columns["key"], columns.get("uses", [None] * len(columns["key"])), strict=True))
    assert any(listed.values())
    for key, uses in listed.items():
        names = [use if isinstance(use, str) else use["use"] for use in uses]
        assert [entry.split("|")[0] for entry in (told[key] or "").split(";") if entry] == names


def test_a_code_is_written_once_inside_its_district(built: Path) -> None:
    from django.contrib.gis.geos import GEOSGeometry

    from geo.models import ZoningDistrict

    shapes, columns = read_layer(built / "zoning.pmtiles", "zoning_label", ZOOM_LEVEL=16)
    district = ZoningDistrict.objects.get()
    assert set(columns["label"]) == {district.code}
    outline = district.geom.transform(3857, clone=True)
    assert all(outline.contains(GEOSGeometry(point.wkb_hex, srid=3857)) for point in shapes)


def test_the_base_map_is_one_archive_of_all_base_layers(built: Path) -> None:
    layers = {name for name, _ in pyogrio.list_layers(built / "base.pmtiles")}
    assert layers == {"roads", "sidewalks", "units", "units_label"}  # the little city has no water and no buildings


def test_a_tile_is_served_as_stored_with_an_etag(built: Path, client: Client) -> None:
    answer = client.get(url_of("parcels"), headers={"Accept-Encoding": "gzip"})
    assert (answer.status_code, answer["Content-Encoding"]) == (200, "gzip")
    plain = client.get(url_of("parcels"))
    assert gzip.decompress(answer.content) == plain.content
    again = client.get(url_of("parcels"), headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    nothing = client.get(url_of("parcels", east_m=90_000))
    assert (nothing.status_code, nothing.content) == (204, b"")


def test_a_rebuilt_layer_is_seen_at_the_next_tile(built: Path, client: Client, small_city: City) -> None:
    from geo.models import Parcel
    from tiles.register_tiles import build_registers

    before = client.get(url_of("parcels"))
    Parcel.objects.filter(key="000010010001").update(is_listed=False)
    assert client.get(url_of("parcels"))["ETag"] == before["ETag"]
    assert build_registers({"parcel"}, ON) == {"parcels": 11}
    after = client.get(url_of("parcels"), headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert b"000010010001" not in after.content
    assert not list(built.glob(".*"))


def test_a_build_that_fails_leaves_the_old_tiles(built: Path, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from errors import ConfigurationError
    from tiles import register_tiles
    from tiles.layers import find_layer

    before = client.get(url_of("parcels")).content
    command = register_tiles._command
    monkeypatch.setattr(register_tiles, "_command", lambda *given: [*command(*given), "--no-such-option"])
    layer = find_layer("parcels")
    assert layer is not None
    with pytest.raises(ConfigurationError, match="tippecanoe failed"):
        register_tiles.build_layer(layer, ON)
    assert client.get(url_of("parcels")).content == before
    assert not list(built.glob(".*"))


def _keys(tile: bytes, zoom: int, tmp_path: Path, layer: str = "parcels") -> set[str]:
    z, x, y = square_at(zoom, 50, 140)
    file = tmp_path / f"{z}-{x}-{y}.mvt"
    file.write_bytes(tile)
    return set(read_layer(file, layer, X=x, Y=y, Z=z)[1]["key"])


def test_another_day_is_cut_from_the_registers_or_comes_from_its_build(
    built: Path, client: Client, small_city: City, tmp_path: Path
) -> None:
    from geo.models import Parcel
    from tiles.register_tiles import build_all

    Parcel.objects.filter(key="000010010002").update(valid_from=date(2025, 1, 1))
    early = f"{url_of('parcels')}?on=2024-06-01"
    cut = client.get(early)
    assert _keys(cut.content, 16, tmp_path) >= {"000010010001"}
    assert "000010010002" not in _keys(cut.content, 16, tmp_path)
    assert client.get(f"{url_of('parcels')}?on=2023-06-01").status_code == 204
    assert b"units_label" in client.get(f"{url_of('base', 14)}?on=2024-06-01").content
    build_all(date(2024, 6, 1), as_of=date(2024, 6, 1))
    from_build = client.get(early)
    assert from_build["ETag"] != cut["ETag"]
    assert _keys(from_build.content, 16, tmp_path) == _keys(cut.content, 16, tmp_path)
    assert b"000010010002" in client.get(url_of("parcels")).content  # today's tiles are as they were


def test_a_whole_archive_is_read_by_ranges(built: Path, client: Client) -> None:
    whole = (built / "parcels.pmtiles").read_bytes()
    head = client.get("/tiles/parcels.pmtiles", headers={"Range": "bytes=0-126"})
    assert (head.status_code, head.content) == (206, whole[:127])
    assert head["Content-Range"] == f"bytes 0-126/{len(whole)}"
    stale = client.get("/tiles/parcels.pmtiles", headers={"Range": "bytes=0-126", "If-Range": '"older"'})
    assert (stale.status_code, b"".join(stale)) == (200, whole)  # a reader of the old file is given the new one whole
    assert client.get("/tiles/parcels.pmtiles", headers={"Range": f"bytes={len(whole)}-"}).status_code == 416
    assert client.get("/tiles/permits-of-mars.pmtiles").status_code == 404


def test_tilejson_says_where_and_what(built: Path, client: Client) -> None:
    body = client.get("/tiles/parcels.json").json()
    assert body["tiles"] == ["http://testserver/tiles/parcels/{z}/{x}/{y}.pbf"]
    assert (body["minzoom"], body["maxzoom"]) == (14, 16)
    west, south, east, north = body["bounds"]
    lon, lat = lonlat(50, 140)
    assert west < lon < east
    assert south < lat < north
    assert "sheet" in body["vector_layers"][0]["fields"]
    empty = client.get("/tiles/buildings.json").json()  # no records: described all the same
    assert empty["vector_layers"][0]["id"] == "buildings"


@pytest.mark.parametrize("theme", ["light", "sun", "dark"])
def test_a_style_asks_nobody_but_us(built: Path, client: Client, theme: str) -> None:
    style = client.get(f"/tiles/style.json?theme={theme}").json()
    assert not {"glyphs", "sprite"} & set(style)
    assert all(url.startswith("http://testserver/") for source in style["sources"].values() for url in source["tiles"])
    used = {layer["source"] for layer in style["layers"] if "source" in layer}
    assert used == set(style["sources"])
    ids = [layer["id"] for layer in style["layers"]]
    assert len(ids) == len(set(ids))


def test_a_day_in_the_style_is_the_day_of_its_tiles(built: Path, client: Client) -> None:
    style = client.get("/tiles/style.json?on=2024-06-01").json()
    assert style["sources"]["parcels"]["tiles"][0].endswith("?on=2024-06-01")


@pytest.mark.parametrize(
    ("query", "status", "word"),
    [("theme=neon", 400, "sun"), ("on=tomorrow", 400, "2026-06-30"), ("city=atlantis", 404, "load_city")],
)
def test_what_cannot_be_drawn_is_said_with_the_cure(
    client: Client, small_city: City, query: str, status: int, word: str
) -> None:
    answer = client.get(f"/tiles/style.json?{query}")
    assert answer.status_code == status
    assert word in answer.json()["errors"][0]["cure"]


def test_a_city_may_bring_its_own_base_map(built: Path, client: Client, small_city: City, settings: Any) -> None:
    folder = built / "pack"
    folder.mkdir()
    (folder / "base.pmtiles").write_bytes((built / "base.pmtiles").read_bytes())
    small_city.pack_path = str(folder)
    small_city.settings = {**small_city.settings, "base_map": {"pmtiles": "base.pmtiles"}}
    small_city.save()
    style = client.get("/tiles/style.json").json()
    assert style["sources"]["city-base"]["url"] == "http://testserver/tiles/city-smallville.json"
    assert {"city-water", "city-major", "city-places-label", "units-label"} <= {
        layer["id"] for layer in style["layers"]
    }
    assert client.get("/tiles/city-smallville.json").json()["maxzoom"] == 16
    assert client.get(url_of("city-smallville", 14)).status_code == 200
    assert client.get("/tiles/city-elsewhere.json").status_code == 404


def test_the_legend_tells_codes_fills_and_patterns(client: Client, small_city: City) -> None:
    answer = client.get("/tiles/legend.json?lang=en")
    entry = answer.json()["plans"]["zoning"][0]
    assert (entry["code"], entry["name"], entry["fill"], entry["pattern"]) == ("NO", "housing", "#F7EBC3", "plain")
    assert answer.json()["layers"]["parcels"][0]["generated"] is True
    assert client.get("/tiles/legend.json?lang=en", headers={"If-None-Match": answer["ETag"]}).status_code == 304
