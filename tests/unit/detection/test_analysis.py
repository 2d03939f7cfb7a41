"""A photo and a clip through a detector double."""

from __future__ import annotations

import numpy as np
import pytest

from detection.analysis import analyse_clip, analyse_photo
from detection.default_detector import get_default_detector, use_detector
from detection.detections import Detection
from detection.fake_detector import FakeDetector
from errors import InputError

CAR = Detection("car", 0.9, (5.0, 5.0, 20.0, 20.0))
BLACK = np.zeros((40, 60, 3), np.uint8)


def test_a_photo() -> None:
    analysis = analyse_photo(BLACK, detector=FakeDetector([CAR]))
    assert (analysis.count, analysis.frame_times_s, analysis.shown_frame_s) == (1, (), None)
    assert analysis.shown_detections.of_label("car")[0].track == 1
    assert analysis.runtime == "fake"
    assert analysis.duration_ms >= 0


def test_a_clip_shows_the_frame_with_most_claims() -> None:
    detector = FakeDetector(lambda _, number: [CAR] * (2 if number == 11 else number % 2))
    analysis = analyse_clip(((number * 1.0, BLACK + number) for number in range(20)), detector=detector)
    assert (analysis.shown, analysis.shown_frame_s) == (11, 11.0)
    assert analysis.shown_frame[0, 0, 0] == 11
    assert len(analysis.frame_times_s) == 20
    assert max(len(track.indexes) for track in analysis.tracks) == 10


def test_a_clip_without_frames_is_refused() -> None:
    with pytest.raises(InputError, match="no frames"):
        analyse_clip([], detector=FakeDetector())


def test_one_detector_for_the_process() -> None:
    double = FakeDetector()
    use_detector(double)
    try:
        assert get_default_detector() is get_default_detector() is double
    finally:
        use_detector(None)


def test_frames_and_times_must_match() -> None:
    with pytest.raises(InputError):
        FakeDetector().detect([BLACK, BLACK], frame_times_s=[0.0])
