"""A camera that sees far is looked at closely; one that sees only near things is not; ground without certainty counts nothing."""

from __future__ import annotations

import numpy as np
import pytest

from detection.camera_layout import choose_camera_layout, part_that_matters, smallest_seen_px
from detection.layout import ALL_OF_IT, WHOLE
from geo.homography import Calibration, fit

SIZE = (1280, 720)


def a_camera(height_m: float, far_m: float) -> Calibration:
    """A level street seen from a pole, 12 points surveyed up to ``far_m`` ahead; the horizon lies above the picture's middle."""
    focal, horizon = 900.0, 200.0
    pairs = []
    for ahead in (far_m * 0.25, far_m * 0.45, far_m * 0.7, far_m):
        for aside in (-0.25, 0.02, 0.24):
            east = aside * ahead
            pairs.append((640 + focal * east / ahead, horizon + focal * height_m / ahead, east, ahead))
    return fit(pairs)


def test_far_things_are_small_and_ask_for_a_closer_look() -> None:
    near, far = a_camera(4.0, 16.0), a_camera(6.0, 60.0)
    near_px, far_px = smallest_seen_px(near, SIZE), smallest_seen_px(far, SIZE)
    assert near_px is not None
    assert far_px is not None
    assert near_px > far_px
    close = choose_camera_layout(far, SIZE, SIZE)
    assert close.cost >= choose_camera_layout(near, SIZE, SIZE).cost


def test_the_far_end_of_useful_ground_counts_not_the_horizon() -> None:
    far = smallest_seen_px(a_camera(6.0, 60.0), SIZE, useful_error_m=5.0)
    strict = smallest_seen_px(a_camera(6.0, 60.0), SIZE, useful_error_m=0.5)
    assert far is not None
    assert strict is None or strict >= far


def test_no_useful_ground_no_closer_look() -> None:
    chosen = choose_camera_layout(a_camera(6.0, 60.0), SIZE, SIZE, most_cost=5)
    assert chosen.cost <= 5
    nowhere = smallest_seen_px(a_camera(6.0, 60.0), SIZE, useful_error_m=1e-9)
    assert nowhere is None


def test_smaller_frames_of_the_same_view_are_accounted_for() -> None:
    camera = a_camera(6.0, 40.0)
    whole = choose_camera_layout(camera, SIZE, SIZE)
    shrunk = choose_camera_layout(camera, SIZE, (640, 360))
    assert shrunk.shown_px == pytest.approx(whole.shown_px, rel=0.35) or shrunk.cost >= whole.cost


def test_the_budget_binds() -> None:
    assert choose_camera_layout(a_camera(6.0, 60.0), SIZE, SIZE, most_cost=1).layout == WHOLE


def test_the_part_that_matters_holds_the_things_that_stand_there() -> None:
    """A sidewalk on the right of the view, 10 to 30 m ahead: feet there, and heads above them, lie in the part."""
    camera = a_camera(6.0, 60.0)
    left, top, right, bottom = part_that_matters(camera, SIZE, lambda p: p[0] > 2 and 10 < p[1] < 30) or (8, 8, 0, 0)
    assert left >= 4
    for east, north in ((2.5, 12.0), (2.5, 29.0), (5.0, 29.0), (8.0, 25.0)):
        u, v = camera.to_image(east, north)
        if 0 <= u < SIZE[0] and 0 <= v < SIZE[1]:
            head_v = v - 1.5 * 900.0 / north  # a figure of 1.5 m; its middle is the vertical line through its foot
            assert left * SIZE[0] / 8 <= u <= right * SIZE[0] / 8
            assert top * SIZE[1] / 8 <= max(0.0, head_v)
            assert v <= bottom * SIZE[1] / 8


def test_where_nothing_or_all_matters() -> None:
    camera = a_camera(6.0, 60.0)
    assert part_that_matters(camera, SIZE, lambda _place: False) is None
    whole = part_that_matters(camera, SIZE, lambda _place: True)
    assert whole is not None
    assert whole[0::2] == ALL_OF_IT[0::2]
    assert whole[3] == 8


def test_pixels_of_the_sky_show_no_ground() -> None:
    ground, is_ground = a_camera(6.0, 60.0).to_ground_all(np.array([[640.0, 700.0], [640.0, 10.0]]))
    assert list(is_ground) == [True, False]
    assert ground[0, 1] == pytest.approx(900 * 6 / 500, rel=0.05)
