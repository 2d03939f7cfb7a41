"""Which parcel a position may mean."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis.strategies import floats
from shapely import box

from geo.parcel_match import error_covariance_m2, match_parcels, search_radius_m
from geo.position import Position, PositionMethod

LEFT, RIGHT, FAR = box(-20, -50, 0, 50), box(0, -50, 20, 50), box(100, 0, 120, 20)


def circle(sigma_m: float) -> np.ndarray:
    return np.eye(2) * sigma_m**2


@pytest.mark.parametrize(
    ("shift", "sigma", "expected"),
    [
        pytest.param(0.0, 3.0, 0.5, id="on the line"),
        pytest.param(-3.0, 3.0, 0.8413, id="one sigma inside"),
        pytest.param(-9.0, 3.0, 0.9987, id="three sigmas inside"),
    ],
)
def test_the_share_of_the_error_on_a_parcel(shift: float, sigma: float, expected: float) -> None:
    left, right = box(-200, -200, -shift, 200), box(-shift, -200, 200, 200)
    likelihood = match_parcels([left, right], circle(sigma))
    assert likelihood[0] == pytest.approx(expected, abs=0.01)
    assert sum(likelihood) == pytest.approx(1)


def test_a_far_parcel_is_none() -> None:
    assert match_parcels([LEFT, RIGHT, FAR], circle(3))[2] == 0
    assert match_parcels([FAR], circle(3)) == [0.0]
    assert match_parcels([], circle(3)) == []


def test_an_ellipse_reaches_further_along_its_length() -> None:
    north, east = box(-5, 8, 5, 18), box(8, -5, 18, 5)
    likelihood = match_parcels([north, east], np.diag([1.0, 36.0]))
    assert likelihood[0] > 0.9


def test_a_near_miss_between_the_sample_points_still_counts() -> None:
    sliver = box(0.5, 2.0, 0.6, 2.1)
    assert match_parcels([sliver], circle(1)) == [1.0]


@given(x=floats(-10, 10), sigma=floats(0.1, 15))
def test_likelihoods_sum_to_one_or_are_all_zero(x: float, sigma: float) -> None:
    likelihood = match_parcels([box(x, -5, x + 4, 5), box(x + 4, -5, x + 30, 5)], circle(sigma))
    assert sum(likelihood) == pytest.approx(1) or not any(likelihood)


def a_position(accuracy_m: float, covariance: tuple[float, float, float] | None = None) -> Position:
    return Position(106.7, 10.8, accuracy_m, PositionMethod.SENDER_PIN, covariance)


def test_the_radius_holds_95_per_cent() -> None:
    assert search_radius_m(a_position(5)) == pytest.approx(5 / 1.5096 * 2.4477)
    assert search_radius_m(a_position(3, (4.0, 0.0, 9.0))) == pytest.approx(3 * 2.4477)


def test_the_error_of_a_position() -> None:
    assert error_covariance_m2(a_position(1.5096)) == pytest.approx(np.eye(2), abs=1e-6)
    assert error_covariance_m2(a_position(3, (4.0, 1.0, 9.0))).tolist() == [[4.0, 1.0], [1.0, 9.0]]
