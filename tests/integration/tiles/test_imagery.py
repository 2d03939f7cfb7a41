"""Imagery on record: taken in by command and by pack, listed by day, served as tiles, kept from the public where it must be."""

from __future__ import annotations

import json
from io import BytesIO
from math import asinh, pi, radians, tan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from affine import Affine
from PIL import Image

from tests.integration.tiles.rasters import BLUE, GREY, RED, RED_AT, a_sheet, write
from tests.small_city import ORIGIN_M, PROJ4

if TYPE_CHECKING:
    from django.test import Client

    from geo.models import City

PLACED = Affine(0.5, 0, ORIGIN_M[0] + 20, 0, -0.5, ORIGIN_M[1] + 180)  # over parcel A of the little city


def ingest(file: Path, **options: Any) -> dict[str, Any]:
    """What the command prints."""
    from django.core.management import call_command

    told = BytesIO()
    given = {
        "city": "smallville",
        "date": "2026-03-01",
        "kind": "plan",
        "source": "a recipe",
        "name": "sheet",
    } | options
    words = [
        word
        for name, value in given.items()
        for word in ([f"--{name}"] if value is True else [f"--{name}", str(value)])
    ]

    class Out:
        def write(self, text: str) -> None:
            told.write(text.encode())

    call_command("ingest_imagery", str(file), *words, stdout=Out())
    return dict(json.loads(told.getvalue()))


@pytest.fixture
def sheet(var_dir: Path, small_city: City, tmp_path: Path) -> Path:
    return write(tmp_path / "given.tif", a_sheet(), crs=PROJ4, transform=PLACED)


def tile_over(column: float, row: float, zoom: int = 19) -> tuple[str, int, int]:
    """z/x/y of the tile over a pixel of the sheet, and where in the tile it is."""
    from geo.models import City
    from tiles.imagery import read_systems

    x, y = PLACED.c + PLACED.a * column, PLACED.f + PLACED.e * row
    lon, lat = read_systems(City.objects.get(slug="smallville"))[0].to_lonlat(x, y)
    across, down = (lon + 180) / 360 * 2**zoom, (1 - asinh(tan(radians(lat))) / pi) / 2 * 2**zoom
    return f"{zoom}/{int(across)}/{int(down)}", int(across % 1 * 256), int(down % 1 * 256)


@pytest.mark.parametrize(("ending", "kind"), [("webp", "WEBP"), ("jpg", "JPEG"), ("png", "PNG")])
def test_a_tile_shows_the_known_pixels(sheet: Path, client: Client, ending: str, kind: str) -> None:
    ingest(sheet)
    for at, colour in ((RED_AT, RED), ((100, 100), GREY)):
        address, column, row = tile_over(*at)
        answer = client.get(f"/imagery/sheet/{address}.{ending}")
        assert answer.status_code == 200
        picture = Image.open(BytesIO(answer.content))
        assert (picture.format, picture.size) == (kind, (256, 256))
        assert np.abs(np.array(picture.convert("RGB").getpixel((column, row))) - colour).max() <= 12


def test_tiles_outside_are_empty_and_known_ones_are_not_sent_again(sheet: Path, client: Client) -> None:
    ingest(sheet)
    address, *_ = tile_over(*RED_AT)
    answer = client.get(f"/imagery/sheet/{address}.webp")
    again = client.get(f"/imagery/sheet/{address}.webp", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    assert client.get("/imagery/sheet/19/0/0.webp").status_code == 204
    assert client.get("/imagery/sheet/19/999999/0.webp").status_code == 404
    assert client.get("/imagery/none/19/0/0.webp").json()["errors"][0]["field"] == "imagery"


def test_the_list_is_by_day_and_names_source_and_assumptions(sheet: Path, client: Client) -> None:
    ingest(sheet, name="older", date="2020-01-01", decision="QĐ 1/2020")
    ingest(sheet, name="newer", date="2026-03-01", title="Mới")
    names = [one["id"] for one in client.get("/imagery.json").json()["imagery"]]
    assert names == ["newer", "older"]
    (old,) = client.get("/imagery.json?on=2021-06-30").json()["imagery"]
    assert (old["taken_on"], old["decision"], old["source"]) == ("2020-01-01", "QĐ 1/2020", "a recipe")
    assert client.get("/imagery.json?on=2019-01-01").json()["imagery"] == []
    assert client.get("/imagery.json?on=soon").status_code == 400
    tilejson = client.get("/imagery/newer.json").json()
    assert "{z}/{x}/{y}.webp?v=" in tilejson["tiles"][0]
    assert tilejson["bounds"][0] < old["bounds"][2]


def test_the_same_file_again_changes_nothing_and_a_newer_one_takes_its_place(
    sheet: Path, client: Client, tmp_path: Path, var_dir: Path
) -> None:
    first = ingest(sheet)
    kept = var_dir / first["path"]
    written = kept.stat().st_mtime_ns
    assert ingest(sheet) == first
    assert kept.stat().st_mtime_ns == written
    other = np.full((3, 200, 200), 0, dtype=np.uint8)
    other[:] = np.array(BLUE, dtype=np.uint8)[:, None, None]
    address, column, row = tile_over(*RED_AT)
    client.get(f"/imagery/sheet/{address}.png")
    second = ingest(write(tmp_path / "newer.tif", other, crs=PROJ4, transform=PLACED))
    assert second["path"] != first["path"]
    assert [path.name for path in kept.parent.iterdir()] == [Path(second["path"]).name]
    picture = Image.open(BytesIO(client.get(f"/imagery/sheet/{address}.png").content))
    assert picture.convert("RGB").getpixel((column, row)) == BLUE


def test_what_is_for_staff_is_not_for_the_public(sheet: Path, client: Client, small_city: City) -> None:
    from django.test import Client as Browser

    from tests.builders import a_staff

    ingest(sheet, **{"staff-only": True})
    address, *_ = tile_over(*RED_AT)
    assert client.get("/imagery.json").json()["imagery"] == []
    assert client.get(f"/imagery/sheet/{address}.webp").status_code == 403
    assert client.get("/imagery/sheet.json").status_code == 403
    inspector = Browser()
    inspector.force_login(a_staff().inspector)
    assert [one["id"] for one in inspector.get("/imagery.json").json()["imagery"]] == ["sheet"]
    answer = inspector.get(f"/imagery/sheet/{address}.webp")
    assert (answer.status_code, answer["Cache-Control"].split(",")[0]) == (200, "private")


def test_a_refusal_says_the_cure_and_keeps_what_was(sheet: Path, tmp_path: Path) -> None:
    from django.core.management.base import CommandError

    from geo.models import Imagery

    ingest(sheet)
    with pytest.raises(CommandError, match="--crs"):
        ingest(write(tmp_path / "nowhere.tif", a_sheet()))
    with pytest.raises(CommandError, match="load_city"):
        ingest(sheet, city="atlantis")
    record = Imagery.objects.get()
    assert record.coverage.contains(record.coverage.point_on_surface)


def test_a_scanned_plan_with_control_points_in_metres(
    var_dir: Path, small_city: City, tmp_path: Path, client: Client
) -> None:
    scan = write(tmp_path / "scan.png", a_sheet(), driver="PNG")
    corners = ((0, 0), (200, 0), (0, 200), (200, 200))
    rows = [f"{c},{r},{PLACED.c + PLACED.a * c},{PLACED.f + PLACED.e * r}" for c, r in corners]
    points = tmp_path / "points.csv"
    points.write_text("\n".join(["column,row,east,north", *rows]))
    told = ingest(scan, gcps=points)
    assert any("east before north" in note for note in told["notes"])
    address, column, row = tile_over(*RED_AT)
    picture = Image.open(BytesIO(client.get(f"/imagery/sheet/{address}.png").content))
    assert picture.convert("RGB").getpixel((column, row)) == RED


def test_a_pack_brings_its_pictures_once(sheet: Path, small_city: City, tmp_path: Path) -> None:
    from errors import ConfigurationError
    from geo.models import Imagery
    from geo.pack import read_pack
    from tests.small_city import write_small_city
    from tiles.imagery_loading import load_imagery

    pack = write_small_city(tmp_path / "pack")
    table = '[[imagery]]\nname = "sheet"\nfile = "given.tif"\ntitle = "Tờ bịa"\nkind = "plan"\nsource = "a recipe"\n'
    (pack / "given.tif").write_bytes(sheet.read_bytes())
    (pack / "imagery.toml").write_text(table + "taken_on = 2026-01-01\n")
    assert load_imagery(small_city, read_pack(pack)) == {"imagery": 1}
    before = Imagery.objects.values().get()
    load_imagery(small_city, read_pack(pack))
    assert Imagery.objects.values().get() == before
    (pack / "imagery.toml").write_text(table + "colour = 3\n")
    with pytest.raises(ConfigurationError, match="colour"):
        load_imagery(small_city, read_pack(pack))
