"""A track's foot points on the ground: where it stood, how far it moved, what it covers."""

from __future__ import annotations

import numpy as np
import pytest
from shapely import Polygon

from errors import PlaceError
from geo.ground_path import feigned_displacement, largest_displacement, locate_path

Box = tuple[float, float, float, float]


class TenPixelsPerMetre:
    """A view from straight above, north up; rows above 100 px show no ground."""

    def to_ground(self, u_px: float, v_px: float) -> tuple[float, float, np.ndarray]:
        if v_px < 100:
            raise PlaceError("sky")
        return u_px / 10, (1000 - v_px) / 10, np.eye(2) * 0.04


def box_at(east_m: float, north_m: float, width_m: float = 2.0) -> Box:
    u, v = east_m * 10, 1000 - north_m * 10
    return u - width_m * 5, v - 30, u + width_m * 5, v


def test_a_standing_thing() -> None:
    path = locate_path([box_at(20, 30)] * 3, [0, 1, 2], TenPixelsPerMetre(), depth_of=lambda _breadth: 4.0)
    assert path is not None
    assert (path.east_m, path.north_m) == pytest.approx((20, 30))
    assert path.covariance_m2 == pytest.approx((0.04, 0, 0.04))
    assert path.displacement_m == 0
    outline = Polygon(path.footprint_m)
    assert outline.is_valid and len(path.footprint_m) == 9
    assert outline.bounds == pytest.approx((19.14, 30.28, 20.86, 33.72), abs=0.01)
    assert path.footprint_m[0][1] == pytest.approx(path.footprint_m[1][1])  # begins with the near side


def test_samples_without_ground_are_passed_over() -> None:
    path = locate_path([box_at(20, 95), box_at(20, 30)], [0, 1], TenPixelsPerMetre(), depth_of=lambda _breadth: 4.0)
    assert path is not None
    assert path.north_m == pytest.approx(30)
    assert locate_path([box_at(20, 95)], [0], TenPixelsPerMetre(), depth_of=lambda _breadth: 4.0) is None


def test_near_the_horizon_there_is_no_footprint() -> None:
    u, v = 200.0, 100.0
    path = locate_path([(u - 10, v - 30, u + 10, v)], [0], TenPixelsPerMetre(), depth_of=lambda _breadth: 4.0)
    assert path is not None
    assert path.footprint_m == ()


@pytest.mark.parametrize(
    ("times", "easts", "expected"),
    [
        pytest.param([0], [5], 0, id="seen once"),
        pytest.param([0, 1, 2, 3], [5, 5.1, 4.9, 5], 0.05, id="jitter"),
        pytest.param([0, 10, 20, 30], [0, 4, 8, 12], 8, id="driving through"),
        pytest.param([0, 300, 600], [0, 0, 0], 0, id="rare samples of a standing thing"),
        pytest.param([0, 300, 600], [0, 20, 20], 20, id="rare samples of one that left"),
    ],
)
def test_the_largest_move_within_a_minute(times: list[float], easts: list[float], expected: float) -> None:
    points = np.column_stack([easts, np.zeros(len(easts))]).astype(float)
    assert largest_displacement(np.array(times, dtype=float), points) == pytest.approx(expected, abs=0.06)


@pytest.mark.parametrize("step_s", [1.0, 30.0], ids=["a frame a second", "a time-lapse"])
def test_what_stands_never_moves_beyond_the_unrest_of_its_boxes(step_s: float) -> None:
    """Boxes that tremble by 5 cm to 2 m around one place: the claimed unrest covers the seeming move in nearly every case."""
    random = np.random.default_rng(7)
    covered = 0
    for _ in range(200):
        sigma = random.uniform(0.05, 2.0)
        points = random.normal(0, [sigma / 4, sigma], (40, 2))
        times = np.arange(40) * step_s
        covered += largest_displacement(times, points) <= feigned_displacement(points)
    assert covered >= 190


def test_a_drive_goes_beyond_the_unrest_of_its_boxes() -> None:
    random = np.random.default_rng(8)
    for _ in range(100):
        speed = random.uniform(1.0, 8.0)
        points = np.column_stack([np.arange(12) * speed * 0.5, np.zeros(12)]) + random.normal(0, 0.1, (12, 2))
        times = np.arange(12) * 0.5
        assert largest_displacement(times, points) > 0.5 + feigned_displacement(points)


def test_few_samples_tell_nothing_of_the_unrest() -> None:
    assert feigned_displacement(np.random.default_rng(1).normal(size=(4, 2))) == 0.0
