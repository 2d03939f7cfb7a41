"""City packs on disk: read whole, or refused with file and word."""

from __future__ import annotations

from pathlib import Path

import pytest

from errors import ConfigurationError
from geo.pack import read_pack
from geo.recipes import locate_file
from tests.unit.geo.grids import WEST

PACK = f"""
slug = "smallville"
timezone = "Asia/Ho_Chi_Minh"
languages = ["vi"]
bounds = [106.3, 10.2, 107.7, 11.6]
center = [106.7, 10.8]
gps_default_accuracy_m = 8.0
[names]
vi = "Thị trấn"
[[crs]]
name = "west"
srid = 990105
proj4 = "{WEST.proj4}"
check = [106.7009, 10.7769, 603797.261, 1191942.305]
[parcel_key]
pattern = '^(?P<ward_code>\\d{{5}})(?P<sheet>\\d{{3}})(?P<number>\\d{{4}})$'
parts = ["ward_code", "sheet", "number"]
"""
SOURCE = """
[[source]]
name = "parcels"
register = "parcel"
file = "generated/parcels.geojson"
key = ["ID"]
valid_from = 2020-01-01
"""


def write_pack(folder: Path, pack: str = PACK, registers: str = SOURCE) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "pack.toml").write_text(pack)
    (folder / "registers.toml").write_text(registers)
    return folder


def test_a_pack(tmp_path: Path) -> None:
    pack = read_pack(write_pack(tmp_path / "smallville"))
    assert (pack.slug, pack.name_vi, pack.name_en) == ("smallville", "Thị trấn", "smallville")
    assert pack.settings["gps_default_accuracy_m"] == 8.0
    assert pack.get_source("parcels").file == "generated/parcels.geojson"
    assert pack.read_table("offices.toml") == {}
    assert pack.parcel_key is not None
    assert pack.parcel_key.parse("267970100016") == {"ward_code": "26797", "sheet": "010", "number": "0016"}
    assert pack.parcel_key.parse("2679") is None


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        pytest.param('slug = "smallville"', "", "slug", id="no slug"),
        pytest.param("Asia/Ho_Chi_Minh", "Asia/Nowhere", "time zone", id="time zone"),
        pytest.param("[106.3, 10.2,", "[108.3, 10.2,", "Bounds", id="bounds"),
        pytest.param("603797.261", "603798.1", "check point", id="check point"),
        pytest.param("(?P<ward_code>", "(?P<ward_code", "pattern", id="pattern"),
        pytest.param("[names]", "[names", "not TOML", id="not TOML"),
    ],
)
def test_a_faulty_pack_is_refused(tmp_path: Path, old: str, new: str, word: str) -> None:
    with pytest.raises(ConfigurationError, match=word):
        read_pack(write_pack(tmp_path, PACK.replace(old, new)))


def test_a_folder_without_a_pack(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="missing"):
        read_pack(tmp_path)


def test_two_sources_of_one_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="one name"):
        read_pack(write_pack(tmp_path, registers=SOURCE + SOURCE))


def test_an_unknown_source_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="parcels"):
        read_pack(write_pack(tmp_path)).get_source("roads")


def test_a_recipe_runs_once_and_again_when_it_changes(tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "pack")
    recipe = folder / "recipe.py"
    recipe.write_text("def write(out):\n    (out / 'ran').open('a').write('x')\n")
    pack = read_pack(folder)
    for _ in range(2):
        assert locate_file(pack, "generated/parcels.geojson", tmp_path).parts[-2:] == ("generated", "parcels.geojson")
    assert (tmp_path / "cities/smallville/ran").read_text() == "x"
    recipe.write_text(recipe.read_text() + "\n")
    locate_file(pack, "generated/parcels.geojson", tmp_path)
    assert (tmp_path / "cities/smallville/ran").read_text() == "xx"
    assert locate_file(pack, "data/units.geojson", tmp_path) == folder / "data/units.geojson"


@pytest.mark.parametrize("recipe", [None, "ready = True\n"])
def test_a_pack_without_a_working_recipe(tmp_path: Path, recipe: str | None) -> None:
    folder = write_pack(tmp_path / "pack")
    if recipe is not None:
        (folder / "recipe.py").write_text(recipe)
    with pytest.raises(ConfigurationError, match="recipe"):
        locate_file(read_pack(folder), "generated/parcels.geojson", tmp_path)
