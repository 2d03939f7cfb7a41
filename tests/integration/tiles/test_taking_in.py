"""Odd rasters land in the right place, read back pixel by pixel, or are refused in words and leave nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from affine import Affine
from rasterio.control import GroundControlPoint
from rasterio.enums import ColorInterp

from errors import InputError, MediaTooLarge, PlaceError, ProjectError, UnreadableMedia
from geo.crs import WORLD, parse_system
from tests.integration.tiles.rasters import BLUE, BLUE_AT, GREY, RED, RED_AT, SIZE, a_sheet, lonlat_of, write
from tiles.control_points import ControlPoint
from tiles.raster.taking_in import Asked, TakenIn, read_pixel, take_in

LEGAL = (
    "+proj=tmerc +lat_0=0 +lon_0=105.75 +k=0.9999 +x_0=500000 +y_0=0 +ellps=WGS84 +towgs84=-191.90441429,-39.30318279,"
    "-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278 +units=m +no_defs"
)
SYSTEM = parse_system({"name": "tm3", "srid": 990001, "proj4": LEGAL, "like_epsg": 9210, "bounds": [106, 10, 108, 12]})
UTM = "EPSG:32648"
SQUARE = Affine(0.5, 0, 686_000, 0, -0.5, 1_192_000)
TOLERANCE = 12  # of 255: photographs are kept as JPEG


@pytest.fixture
def keep(tmp_path: Path) -> Callable[..., tuple[Path, TakenIn]]:
    """Takes in a file; the kept one and what was said."""

    def take(source: Path, **asked: Any) -> tuple[Path, TakenIn]:
        target = tmp_path / "kept" / "sheet.tif"
        given: dict[str, Any] = {"kind": "uav", "systems": (SYSTEM,), "bounds": WORLD} | asked
        return target, take_in(source, target, Asked(**given))

    return take


def assert_blocks(kept: Path, crs: str, placed: Affine) -> None:
    """Red and blue are where the sheet has them, grey beside them."""
    for at, colour in ((RED_AT, RED), (BLUE_AT, BLUE), ((100, 100), GREY), ((RED_AT[0] + 20, RED_AT[1]), GREY)):
        seen = read_pixel(kept, *lonlat_of(crs, placed, at))
        assert np.abs(np.array(seen[:3]) - colour).max() <= TOLERANCE, (at, seen)


@pytest.mark.parametrize(
    "placed",
    [
        SQUARE,
        SQUARE @ Affine.rotation(30) if hasattr(Affine, "__matmul__") else SQUARE * Affine.rotation(30),
        Affine(0.5, 0, 686_000, 0, 0.5, 1_191_900),
        Affine(-0.5, 0, 686_100, 0, -0.5, 1_192_000),
    ],
    ids=["upright", "rotated", "south-up", "mirrored"],
)
def test_however_it_is_turned_it_lands_in_its_place(tmp_path: Path, keep: Any, placed: Affine) -> None:
    kept, said = keep(write(tmp_path / "a.tif", a_sheet(), crs=UTM, transform=placed))
    assert_blocks(kept, UTM, placed)
    assert said.resolution_m == pytest.approx(0.5, rel=0.05)
    turned = not placed.is_rectilinear or placed.e > 0 or placed.a < 0
    assert bool(said.notes) == turned


def test_control_points_of_the_file_are_enough(tmp_path: Path, keep: Any) -> None:
    corners = [(0, 0), (SIZE, 0), (0, SIZE), (SIZE, SIZE)]
    gcps = [GroundControlPoint(row, column, 686_000 + column / 2, 1_192_000 - row / 2) for column, row in corners]
    kept, said = keep(write(tmp_path / "a.tif", a_sheet(), crs=UTM, gcps=gcps))
    assert_blocks(kept, UTM, SQUARE)
    assert "4 control points of the file" in said.notes[0]


def test_a_picture_bent_between_its_points_is_refused(tmp_path: Path, keep: Any) -> None:
    corners = [(0, 0), (SIZE, 0), (0, SIZE), (SIZE, SIZE), (100, 100)]
    gcps = [
        GroundControlPoint(row, at, 686_000 + at / 2, 1_192_000 - row / 2 + (9 if at == 100 else 0))
        for at, row in corners
    ]
    with pytest.raises(InputError, match="bent between"):
        keep(write(tmp_path / "a.tif", a_sheet(), crs=UTM, gcps=gcps))


def test_a_scanned_plan_is_placed_by_hand(tmp_path: Path, keep: Any) -> None:
    places = {(0, 0): (0, 0), (SIZE, 0): (100, 4), (0, SIZE): (4, -100), (SIZE, SIZE): (104, -96)}
    points = tuple(
        ControlPoint(*at, *SYSTEM.to_lonlat(603_000 + east, 1_192_000 + north)) for at, (east, north) in places.items()
    )
    kept, said = keep(write(tmp_path / "plan.png", a_sheet(), driver="PNG"), kind="plan", points=points)
    lon, lat = SYSTEM.to_lonlat(
        603_000 + 0.5 * RED_AT[0] + 0.02 * RED_AT[1], 1_192_000 + 0.02 * RED_AT[0] - 0.5 * RED_AT[1]
    )
    assert tuple(read_pixel(kept, lon, lat)[:3]) == RED  # drawings are kept without loss
    assert "root mean square 0.00 m" in said.notes[0]


def test_the_legal_shift_is_used_for_the_official_number(tmp_path: Path, keep: Any) -> None:
    """Test vector of the city's system: EPSG:9210 as the library takes it would be 0.80 m to the west."""
    east, north = 603_797.261, 1_191_942.305
    placed = Affine(0.1, 0, east - 0.1 * RED_AT[0], 0, -0.1, north + 0.1 * RED_AT[1])
    kept, said = keep(write(tmp_path / "a.tif", a_sheet(), crs="EPSG:9210", transform=placed))
    assert tuple(np.abs(np.array(read_pixel(kept, 106.7009, 10.7769)[:3]) - RED) <= TOLERANCE) == (True,) * 3
    shift = 15 * 0.1 - 0.4  # blocks are 3 m wide: 0.4 m inside the edge on both sides of the middle
    for east_of, colour in ((shift, RED), (-shift, RED), (15 * 0.1 + 0.4, GREY), (-15 * 0.1 - 0.4, GREY)):
        seen = read_pixel(kept, *SYSTEM.to_lonlat(east + east_of, north))
        assert np.abs(np.array(seen[:3]) - colour).max() <= TOLERANCE
    assert "legal datum shift" in said.notes[0]


def test_a_picture_across_the_dateline_is_seen_on_both_sides(tmp_path: Path, keep: Any) -> None:
    for name, placed in (
        ("east", Affine(0.01, 0, 179, 0, -0.01, 1)),
        ("west", Affine(0.01, 0, -181, 0, -0.01, 1)),
    ):
        kept, said = keep(write(tmp_path / f"{name}.tif", a_sheet(), crs="EPSG:4326", transform=placed))
        assert [round(bound.bounds[0]) for bound in said.footprint.geoms] in ([179, -180], [-180, 179])
        red, blue = (179.5, 0.6), (-179.5, -0.6)
        assert np.abs(np.array(read_pixel(kept, *red)[:3]) - RED).max() <= TOLERANCE
        assert np.abs(np.array(read_pixel(kept, *blue)[:3]) - BLUE).max() <= TOLERANCE
        from tiles.raster.drawing import Look, draw_tile

        for z, x, y in ((6, 63, 31), (6, 0, 32)):
            assert draw_tile(kept, hash(name), Look(), z, x, y, "png")


def test_longitudes_up_to_360_are_brought_home(tmp_path: Path, keep: Any) -> None:
    placed = Affine(0.01, 0, 253.3, 0, -0.01, 11)
    kept, said = keep(write(tmp_path / "a.tif", a_sheet(), crs="EPSG:4326", transform=placed))
    assert said.footprint.bounds == pytest.approx((-106.7, 9, -104.7, 11))
    assert_blocks(kept, "EPSG:4326", Affine(0.01, 0, -106.7, 0, -0.01, 11))


def test_numbers_keep_their_values_and_their_holes(tmp_path: Path, keep: Any) -> None:
    heights = np.full((1, SIZE, SIZE), 7.25, dtype=np.float32)
    heights[0, :, :100] = 3.5
    heights[0, 150:, :] = np.nan
    kept, said = keep(write(tmp_path / "a.tif", heights, crs=UTM, transform=SQUARE, nodata=np.nan), kind="elevation")
    assert read_pixel(kept, *lonlat_of(UTM, SQUARE, (50, 50))) == [3.5]
    assert read_pixel(kept, *lonlat_of(UTM, SQUARE, (150, 50))) == [7.25]
    assert np.isnan(read_pixel(kept, *lonlat_of(UTM, SQUARE, (150, 180)))[0])
    assert said.rescale == [[3.5, 7.25]]


def test_sixteen_bits_keep_their_values(tmp_path: Path, keep: Any) -> None:
    bands = np.stack([np.full((SIZE, SIZE), value, dtype=np.uint16) for value in (1000, 30_000, 65_535)])
    bands[:, :, :20] = 0
    kept, said = keep(write(tmp_path / "a.tif", bands, crs=UTM, transform=SQUARE, nodata=0), kind="satellite")
    assert read_pixel(kept, *lonlat_of(UTM, SQUARE, (100, 100))) == [1000, 30_000, 65_535]
    assert np.isnan(read_pixel(kept, *lonlat_of(UTM, SQUARE, (10, 100)))).all()
    assert len(said.rescale) == 3


def test_a_palette_is_looked_up(tmp_path: Path, keep: Any) -> None:
    import rasterio

    codes = np.zeros((1, SIZE, SIZE), dtype=np.uint8)
    codes[0, :, 100:] = 7
    path = write(tmp_path / "a.tif", codes, crs=UTM, transform=SQUARE, photometric="palette")
    with rasterio.open(path, "r+") as file:
        file.write_colormap(1, {0: (*GREY, 255), 7: (*BLUE, 255)})
    kept, said = keep(path, kind="plan")
    assert tuple(read_pixel(kept, *lonlat_of(UTM, SQUARE, (150, 100)))[:3]) == BLUE
    assert said.is_nearest
    assert "palette" in said.notes[0]


def test_printing_colours_become_red_green_blue(tmp_path: Path, keep: Any) -> None:
    ink = np.zeros((4, SIZE, SIZE), dtype=np.uint8)
    ink[0, :, 100:] = 255  # full cyan, no black: no red left
    path = write(tmp_path / "a.tif", ink, crs=UTM, transform=SQUARE, photometric="CMYK")
    kept, said = keep(path, kind="plan")
    assert tuple(read_pixel(kept, *lonlat_of(UTM, SQUARE, (150, 100)))[:3]) == (0, 255, 255)
    assert tuple(read_pixel(kept, *lonlat_of(UTM, SQUARE, (50, 100)))[:3]) == (255, 255, 255)
    assert "CMYK" in said.notes[0]


@pytest.mark.parametrize(
    ("count", "asked", "kept_bands", "note"),
    [
        (1, {}, 2, ""),
        (2, {}, 2, "shown as grey"),
        (5, {}, 4, "1, 2, 3 of 5"),
        (5, {"bands": (5, 4, 3)}, 4, ""),
        (5, {"bands": (2,)}, 2, ""),
    ],
    ids=["one", "two", "five", "chosen", "one chosen"],
)
def test_any_number_of_bands(tmp_path: Path, keep: Any, count: int, asked: Any, kept_bands: int, note: str) -> None:
    import rasterio

    bands = np.stack([np.full((SIZE, SIZE), 40 * (band + 1), dtype=np.uint8) for band in range(count)])
    path = write(tmp_path / "a.tif", bands, crs=UTM, transform=SQUARE, photometric="MINISBLACK")
    with rasterio.open(path, "r+") as file:
        file.colorinterp = [ColorInterp.gray, *[ColorInterp.undefined] * (count - 1)]
    kept, said = keep(path, kind="plan", **asked)
    seen = read_pixel(kept, *lonlat_of(UTM, SQUARE, (100, 100)))
    chosen = asked.get("bands") or ((1, 2, 3) if count >= 3 else (1,))
    assert seen == [*(40.0 * band for band in chosen), 255.0]
    assert len(seen) == kept_bands
    assert note in " ".join(said.notes)


def test_black_that_means_nothing_is_seen_through(tmp_path: Path, keep: Any) -> None:
    sheet = a_sheet()
    sheet[:, :, 180:] = 0
    kept, _ = keep(write(tmp_path / "a.tif", sheet, crs=UTM, transform=SQUARE), nodata=0.0)
    import rasterio
    from rasterio.warp import transform

    with rasterio.open(kept) as file:
        masks = []
        for at in ((190, 100), (100, 100)):
            xs, ys = transform("EPSG:4326", file.crs, *[[value] for value in lonlat_of(UTM, SQUARE, at)])[:2]
            row, column = file.index(xs[0], ys[0])
            masks.append(int(file.dataset_mask()[row, column]))
    assert masks == [0, 255]


def _cut_short(path: Path) -> Path:
    whole = write(
        path, np.random.default_rng(1).integers(0, 255, (3, 900, 900), dtype=np.uint8), crs=UTM, transform=SQUARE
    )
    whole.write_bytes(whole.read_bytes()[:1_200_000])
    return whole


REFUSED: dict[str, tuple[Callable[[Path], Path], dict[str, Any], type[ProjectError], str]] = {
    "no place at all": (lambda at: write(at, a_sheet()), {}, InputError, "does not say where"),
    "a system, no placement": (lambda at: write(at, a_sheet(), crs=UTM), {}, InputError, "no placement in it"),
    "a placement, no system": (lambda at: write(at, a_sheet(), transform=SQUARE), {}, InputError, "--crs"),
    "metres said to be degrees": (
        lambda at: write(at, a_sheet(), crs="EPSG:4326", transform=SQUARE), {}, PlaceError, "nowhere on earth",
    ),
    "another city": (
        lambda at: write(at, a_sheet(), crs=UTM, transform=SQUARE), {"bounds": (-71.2, 42.3, -71.0, 42.5)}, PlaceError,
        "does not lie in the city",
    ),
    "cut short": (_cut_short, {}, UnreadableMedia, "cut short"),
    "no raster": (lambda at: (at.write_text("hello"), at)[1], {}, UnreadableMedia, "cannot be read"),
    "not there": (lambda at: at, {}, InputError, "no such file"),
    "radar": (
        lambda at: write(at, np.ones((1, 9, 9), dtype=np.complex64), crs=UTM, transform=SQUARE), {}, InputError, "complex",
    ),
    "a band it has not": (
        lambda at: write(at, a_sheet(), crs=UTM, transform=SQUARE), {"bands": (4,)}, InputError, "bands 1 to 3",
    ),
    "far too fine": (
        lambda at: write(at, a_sheet(), crs=UTM, transform=Affine(500, 0, 400_000, 0, -500, 1_192_000)),
        {"resolution_m": 0.01}, MediaTooLarge, "coarser",
    ),
    "an unknown system": (
        lambda at: write(at, a_sheet(), transform=SQUARE), {"crs": "EPSG:999999"}, InputError, "No such coordinate system",
    ),
    "points that do not fit": (
        lambda at: write(at, a_sheet()),
        {"points": tuple(ControlPoint(c, r, 106.69 + c * 1e-5 + off, 10.78 - r * 1e-5)
                         for c, r, off in ((0, 0, 0), (200, 0, 0), (0, 200, 0), (200, 200, 0.01)))},
        PlaceError, "do not fit",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED, ids=list(REFUSED))
def test_what_cannot_be_placed_or_read_is_refused_in_words(tmp_path: Path, keep: Any, case: str) -> None:
    make, asked, kind, word = REFUSED[case]
    with pytest.raises(kind) as refusal:
        keep(make(tmp_path / "given.tif"), **asked)
    assert word in str(refusal.value)
    assert refusal.value.cure
    assert not (tmp_path / "kept").exists() or not list((tmp_path / "kept").iterdir())


def test_a_missing_system_can_be_given_by_hand(tmp_path: Path, keep: Any) -> None:
    kept, said = keep(write(tmp_path / "a.tif", a_sheet(), transform=SQUARE), crs=UTM)
    assert_blocks(kept, UTM, SQUARE)
    assert "given by hand" in said.notes[0]
