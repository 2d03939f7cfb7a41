"""A picture fits the network's input without distortion, and boxes find their way back."""

from __future__ import annotations

import numpy as np
import pytest

from detection.letterbox import choose_input, fit_pixels, plan_letterbox, unfit_boxes

SIZES = [(640, 480), (480, 640), (4000, 3000), (1920, 1080), (31, 900), (1, 1), (640, 640)]


@pytest.mark.parametrize(("width", "height"), SIZES, ids=lambda value: str(value))
def test_boxes_return_to_the_picture(width: int, height: int) -> None:
    box = plan_letterbox(width, height, 640, 512)
    assert box.inner_width <= 640
    assert box.inner_height <= 512
    corners = np.array([[0.25 * width, 0.5 * height, 0.75 * width, 1.0 * height]], np.float32)
    placed = corners * np.array([box.inner_width / width, box.inner_height / height] * 2, np.float32)
    placed += np.array([box.pad_left, box.pad_top] * 2, np.float32)
    back = unfit_boxes(placed, box, width_px=width, height_px=height)
    assert back == pytest.approx(corners, abs=0.01 * max(width, height))


def test_boxes_are_cut_at_the_picture_edge() -> None:
    box = plan_letterbox(640, 480, 640, 640)
    back = unfit_boxes(np.array([[-20, 0, 700, 640]], np.float32), box, width_px=640, height_px=480)
    assert back.tolist() == [[0.0, 0.0, 640.0, 480.0]]


@pytest.mark.parametrize(("width", "height"), SIZES, ids=lambda value: str(value))
def test_pixels_fill_the_input(width: int, height: int) -> None:
    box = plan_letterbox(width, height, 640, 512)
    fitted = fit_pixels(np.full((height, width, 3), 7, np.uint8), box)
    assert fitted.shape == (512, 640, 3)
    assert (fitted == 7).all(axis=2).sum() == box.inner_width * box.inner_height


@pytest.mark.parametrize(
    ("width", "height", "chosen"),
    [
        pytest.param(4000, 3000, (640, 512), id="photo"),
        pytest.param(3000, 4000, (512, 640), id="upright photo"),
        pytest.param(1920, 1080, (640, 416), id="camera"),
        pytest.param(1000, 1000, (640, 640), id="square"),
        pytest.param(5000, 1000, (640, 416), id="panorama"),
    ],
)
def test_the_smallest_input_that_shows_the_picture_largest(width: int, height: int, chosen: tuple[int, int]) -> None:
    inputs = ((640, 640), (640, 512), (640, 416), (512, 640), (416, 640))
    assert choose_input(width, height, inputs) == chosen
