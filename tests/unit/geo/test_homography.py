"""A camera of known pose: what is fitted finds the ground again, says how well, and refuses what fixes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis.strategies import floats

from errors import InputError, PlaceError
from geo.homography import FEW_PAIRS, LEFT_OUT, Calibration, fit
from geo.lens import Lens, parse_lens
from geo.plane_camera import ROUGHER_FROM_M

FOCAL, CENTRE, HEIGHT, TILT = 1400.0, (960.0, 540.0), 6.0, np.radians(20)


def see(east: float, north: float, up: float = 0.0) -> tuple[float, float]:
    """Pixel of a point by a camera 6 m up at the origin, looking north and 20 degrees down."""
    ahead = north * np.cos(TILT) + (HEIGHT - up) * np.sin(TILT)
    below = (HEIGHT - up) * np.cos(TILT) - north * np.sin(TILT)
    return CENTRE[0] + FOCAL * east / ahead, CENTRE[1] + FOCAL * below / ahead


GRID = list(product((-6.0, -2.0, 3.0, 7.0), (12.0, 18.0, 26.0, 40.0)))


def pairs_of(points: list[tuple[float, float]]) -> list[tuple[float, float, float, float]]:
    return [(*see(*point), *point) for point in points]


TRUE = fit(pairs_of(GRID))


@pytest.mark.parametrize("point", [(0.0, 15.0), (5.0, 30.0), (-4.0, 22.5)])
def test_a_true_calibration_finds_the_ground(point: tuple[float, float]) -> None:
    calibration = fit(pairs_of(GRID))
    east, north, covariance = calibration.to_ground(*see(*point))
    assert (east, north) == pytest.approx(point, abs=1e-3)
    assert np.all(np.linalg.eigvalsh(covariance) > 0)
    assert calibration.to_image(*point) == pytest.approx(see(*point), abs=1e-2)


def test_the_error_grows_with_distance() -> None:
    calibration = fit(pairs_of(GRID))
    errors = [calibration.error_m(*see(0, north)) for north in (12, 20, 40, 80)]
    assert errors == sorted(errors)


def test_the_claimed_error_is_honest() -> None:
    """Noise of 1 px and ground uneven by 0.1 m: about 68 % of the points lie inside their ellipse."""
    draw = np.random.default_rng(7)
    inside = []
    for _ in range(30):
        noisy = [(*(np.array(see(e, n, draw.normal(0, 0.1))) + draw.normal(0, 1, 2)), e, n) for e, n in GRID]
        calibration = fit(noisy)
        for e, n in ((1.0, 14.0), (-3.0, 24.0), (4.0, 33.0)):
            u, v = np.array(see(e, n, draw.normal(0, 0.1))) + draw.normal(0, 1, 2)
            east, north, covariance = calibration.to_ground(u, v)
            miss = np.array([east - e, north - n])
            inside.append(miss @ np.linalg.solve(covariance, miss) <= 2.28)
    assert 0.55 <= np.mean(inside) <= 0.85


def test_the_ground_is_taken_to_leave_its_plane_with_distance() -> None:
    """Far off, slope and curve add to the kerbs; nearby they do not."""
    camera = replace(TRUE.camera, tilt=np.zeros(2))
    seen = camera.project(np.array([[0.0, 5.0], [0.0, ROUGHER_FROM_M], [0.0, 3 * ROUGHER_FROM_M]]))
    growth = np.linalg.norm(seen.by_unevenness, axis=1) / np.linalg.norm(seen.by_height, axis=1)
    assert growth == pytest.approx(np.sqrt([1, 2, 1 + 3**6]), rel=0.12)


def test_swapped_pairs_are_left_out_and_said() -> None:
    pairs = pairs_of(GRID)
    pairs[3], pairs[12] = (*pairs[12][:2], *pairs[3][2:]), (*pairs[3][:2], *pairs[12][2:])
    calibration = fit(pairs)
    assert [index for index, used in enumerate(calibration.used) if not used] == [3, 12]
    assert LEFT_OUT in calibration.warnings


@pytest.mark.parametrize(
    "mirror",
    [
        pytest.param(lambda u, v, e, n: (u, v, n, e), id="north before east"),
        pytest.param(lambda u, v, e, n: (1920 - u, v, e, n), id="counted from the right"),
    ],
)
def test_a_mirrored_view_is_refused(mirror: Callable[..., tuple[float, ...]]) -> None:
    with pytest.raises(InputError, match="mirrored"):
        fit([mirror(*pair) for pair in pairs_of(GRID)])


def test_points_that_no_camera_sees_so_are_refused() -> None:
    draw = np.random.default_rng(3)
    pairs = np.column_stack([draw.uniform(0, 1920, 12), draw.uniform(0, 1080, 12), draw.uniform(-50, 50, (12, 2))])
    with pytest.raises(InputError, match="do not agree"):
        fit(pairs)


def test_above_the_horizon_there_is_no_ground() -> None:
    with pytest.raises(PlaceError, match="horizon"):
        fit(pairs_of(GRID)).to_ground(960, 10)


def test_behind_the_camera_there_is_no_pixel() -> None:
    with pytest.raises(PlaceError, match="behind"):
        fit(pairs_of(GRID)).to_image(0, -40)


@pytest.mark.parametrize(
    ("pairs", "error", "words"),
    [
        pytest.param(pairs_of(GRID[:3]), InputError, "at least 4", id="three pairs"),
        pytest.param(pairs_of([(0, 12), (0, 18), (0, 26), (0, 40)]), InputError, "on one line", id="one line"),
        pytest.param(pairs_of([(0, 12), (0, 12), (0, 12), (5, 30)]), InputError, "are the same", id="same point"),
        pytest.param(
            pairs_of([(0, 12), (0, 20), (0, 30), (5, 30)]), InputError, "All points but number 4", id="three on a line"
        ),
        pytest.param([(1, 2, 3, float("nan"))] * 5, InputError, "finite", id="not a number"),
        pytest.param([("a", 2, 3, 4)] * 5, InputError, "four", id="words"),
        pytest.param([], InputError, "at least 4", id="none"),
    ],
)
def test_a_layout_that_fixes_nothing_is_refused_in_words(pairs: list, error: type, words: str) -> None:
    with pytest.raises(error, match=words):
        fit(pairs)


def test_few_pairs_are_warned_of() -> None:
    assert FEW_PAIRS in fit(pairs_of([(-5, 12), (6, 13), (-6, 35), (5, 30), (1, 20)])).warnings
    assert fit(pairs_of(GRID)).warnings == ()


def test_json_there_and_back() -> None:
    lens = Lens((FOCAL, FOCAL), CENTRE, (-0.05, 0.0, 0.0, 0.0, 0.0))
    bent = lens.bend(np.array([see(*point) for point in GRID]))
    calibration = fit(np.column_stack([bent, GRID]), distortion=lens)
    assert calibration.to_image(0.0, 15.0) == pytest.approx(lens.bend(np.array([see(0.0, 15.0)]))[0], abs=1e-2)
    again = Calibration.from_json(json.loads(json.dumps(calibration.to_json())))
    assert again.to_ground(900, 700)[:2] == pytest.approx(calibration.to_ground(900, 700)[:2])


def test_what_is_no_calibration_is_refused() -> None:
    with pytest.raises(InputError, match="no record"):
        Calibration.from_json({"matrix": [[1]]})


def test_the_view_footprint_keeps_to_the_good_ground() -> None:
    calibration = fit(pairs_of(GRID), image_size_px=(1920, 1080))
    ring = calibration.view_footprint((1920, 1080), error_m=1.0)
    assert ring[0] == ring[-1]
    assert max(calibration.error_m(*see(*point)) for point in ring) < 1.01
    assert calibration.view_footprint((1920, 1080), error_m=1e-6) == ()


def test_the_one_who_saw_adds_an_error() -> None:
    calibration = fit(pairs_of(GRID))
    own, with_seen = (calibration.to_ground(900, 700, pixel_sigma_px=sigma)[2] for sigma in (0.0, 5.0))
    assert np.trace(with_seen) > np.trace(own)


@given(u=floats(0, 1920), v=floats(0, 1080))
def test_a_lens_bends_back(u: float, v: float) -> None:
    lens = parse_lens([[1400, 0, 960], [0, 1400, 540], [0, 0, 1]], [-0.19, 0.02])
    pixels = np.array([[u, v]])
    assert lens.bend(lens.straighten(pixels)) == pytest.approx(pixels, abs=1e-4)


@pytest.mark.parametrize("matrix", [np.eye(2), [[1400, 3, 960], [0, 1400, 540], [0, 0, 1]], [[0, 0, 0]] * 3])
def test_what_is_no_lens_is_refused(matrix: object) -> None:
    with pytest.raises(InputError):
        parse_lens(matrix, [0.0])


@given(east=floats(-8, 8), north=floats(11, 45))
def test_ground_to_picture_and_back(east: float, north: float) -> None:
    calibration = TRUE
    assert calibration.to_ground(*calibration.to_image(east, north))[:2] == pytest.approx((east, north), abs=1e-6)


@pytest.mark.parametrize("count", [8, 12, 20])
def test_two_interchanged_points_are_named(count: int) -> None:
    """Said in the warnings where the rest carries the fit, in the cure where it does not."""
    pairs = pairs_of(GRID)[:count]
    pairs[1], pairs[6] = (*pairs[6][:2], *pairs[1][2:]), (*pairs[1][:2], *pairs[6][2:])
    try:
        assert "pairs_swapped_2_7" in fit(pairs).warnings
    except InputError as error:
        assert "points 2 and 7" in error.cure
