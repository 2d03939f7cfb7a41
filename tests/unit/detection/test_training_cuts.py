"""Windows for training lie around what is wanted, stay inside, and carry the boxes that show in them."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from detection.dataset import LabelledBox, LabelledPhoto
from detection.training_cuts import CutPlan, boxes_in, choose_windows, cut_photos

PLAN = CutPlan(640, 384, "motorbike")


def test_the_window_holds_the_most_things() -> None:
    crowd = [(1000.0 + 40 * n, 500.0, 1030.0 + 40 * n, 540.0) for n in range(5)]
    (window,) = choose_windows([(10.0, 10.0, 40.0, 50.0), *crowd], (1280, 720), PLAN)
    assert window[2] - window[0] == 640
    assert all(window[0] <= box[0] and box[2] <= window[2] for box in crowd)


def test_an_empty_photograph_gives_its_middle() -> None:
    assert choose_windows([], (1280, 720), PLAN) == ((320.0, 168.0, 960.0, 552.0),)


def test_a_second_window_goes_where_others_are_left() -> None:
    two = choose_windows([(10, 10, 40, 50), (1200, 600, 1240, 650)], (1280, 720), CutPlan(640, 384, "motorbike", 2))
    assert [window[0] for window in two] == [0.0, 640.0]


@pytest.mark.parametrize(
    ("box", "shown"),
    [((0, 0, 100, 100), (0, 0, 1, 1)), ((-40, 0, 60, 100), (0, 0, 0.6, 1)), ((-60, 0, 40, 100), None)],
)
def test_boxes_that_show_by_half_are_kept_and_cut(
    box: tuple[float, float, float, float], shown: tuple[float, float, float, float] | None
) -> None:
    found = boxes_in((0, 0, 100, 100), [("car", box)])
    assert [one.box for one in found] == ([pytest.approx(shown)] if shown else [])


def test_cut_photographs_keep_their_clip(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.jpg"), np.zeros((720, 1280, 3), np.uint8))
    cv2.imwrite(str(tmp_path / "small.jpg"), np.zeros((100, 100, 3), np.uint8))
    box = LabelledBox("motorbike", (0.5, 0.5, 0.55, 0.6))
    photos = [LabelledPhoto(tmp_path / "a.jpg", "clip", (box,)), LabelledPhoto(tmp_path / "small.jpg", "b", ())]
    cut, small = cut_photos(photos, PLAN, tmp_path / "cuts")
    assert (cut.clip, len(cut.boxes)) == ("clip", 1)
    assert cv2.imread(str(cut.path)).shape == (384, 640, 3)
    assert small is photos[1]
