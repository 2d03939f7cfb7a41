"""The demonstration cameras look where they should: parked cars on a sidewalk, moving ones on a roadway."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from shapely.geometry import Point

from cities.hcmc.recipe_parts.calibrations import all_calibrations, camera_points, to_text
from cities.hcmc.recipe_parts.ground import PACK
from cities.hcmc.recipe_parts.ward import make_ward
from geo.homography import fit

# Bottom centres of boxes that YOLO11n draws in the frames, in pixels.
PARKED_NEAR = {"blue SUV": (974, 1063), "black pick-up": (1157, 1003), "red SUV": (532, 1075)}
MOVING = {
    "xuan-hoa-02": ((362, 407), (347, 275), (342, 117), (405, 428), (165, 411), (209, 428), (384, 164), (60, 300)),
    "xuan-hoa-03": ((120, 242), (135, 150), (85, 85), (330, 48), (428, 65)),
}


def place(camera: str, pixel: tuple[float, float]) -> tuple[Point, float]:
    """Ground point in the ward's metres and its one-sigma error."""
    raw = json.loads((PACK / "cameras" / f"{camera}.json").read_text(encoding="utf-8"))
    calibration = fit(raw["pairs"])
    east, north, _ = calibration.to_ground(*pixel)
    east_0, north_0 = make_ward().ground.system.to_metric(*raw["anchor"])
    return Point(east_0 + east, north_0 + north), calibration.error_m(*pixel)


@pytest.mark.parametrize("name", sorted(all_calibrations()))
def test_committed_files_are_those_of_the_recipe(name: str) -> None:
    assert (PACK / "cameras" / f"{name}.json").read_text(encoding="utf-8") == to_text(all_calibrations()[name])


@pytest.mark.parametrize("name", sorted(all_calibrations()))
def test_pairs_agree_among_themselves(name: str) -> None:
    calibration = fit(json.loads((PACK / "cameras" / f"{name}.json").read_text(encoding="utf-8"))["pairs"])
    assert calibration.warnings == ()
    assert max(calibration.residuals_m) < 2.0


@pytest.mark.parametrize("pixel", PARKED_NEAR.values(), ids=PARKED_NEAR.keys())
def test_parked_cars_stand_on_the_forecourt_with_room_for_the_error(pixel: tuple[float, float]) -> None:
    forecourt = next(p.shape for p in make_ward().reserves.sidewalks if p.is_forecourt)
    point, error_m = place("xuan-hoa-01", pixel)
    assert forecourt.contains(point)
    assert forecourt.exterior.distance(point) > 3 * error_m
    assert min(parcel.shape.distance(point) for parcel in make_ward().cadastre.parcels) > 3 * error_m


@pytest.mark.parametrize(
    ("camera", "pixel"), [pytest.param(c, p, id=f"{c}-{p[0]}-{p[1]}") for c, ps in MOVING.items() for p in ps]
)
def test_moving_things_are_on_a_roadway(camera: str, pixel: tuple[float, float]) -> None:
    assert make_ward().reserves.roadway.contains(place(camera, pixel)[0])


def test_cameras_hang_where_the_pack_says() -> None:
    text = Path(PACK / "cameras.toml").read_text(encoding="utf-8")
    for lon, lat in camera_points().values():
        assert f"point = [{lon:.7f}, {lat:.7f}]" in text
