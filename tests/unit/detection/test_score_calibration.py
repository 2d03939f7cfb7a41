"""Curves make frequencies of scores, never change the order of claims, and stay away where too little is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection.reliability import bin_scores, calibration_error
from detection.score_calibration import AS_IT_IS, NO_CALIBRATION, ScoreCalibration, ScoreCurve, fit_curve
from errors import InputError


def drawn(slope: float, offset: float, count: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """Claims whose true share right follows a known curve."""
    chance = np.random.default_rng(7)
    scores = chance.uniform(0.06, 0.99, count)
    return scores, chance.uniform(size=count) < ScoreCurve(slope, offset).apply(scores)


@pytest.mark.parametrize(("slope", "offset"), [(1.0, 0.0), (0.6, -1.0), (2.0, 0.8)])
def test_a_known_curve_is_found_again(slope: float, offset: float) -> None:
    curve = fit_curve(*drawn(slope, offset))
    assert curve is not None
    assert curve.slope == pytest.approx(slope, abs=0.15)
    assert curve.offset == pytest.approx(offset, abs=0.15)


def test_error_falls_by_the_curve() -> None:
    scores, right = drawn(0.7, -1.2)
    curve = fit_curve(scores[::2], right[::2])
    assert curve is not None
    before = calibration_error(bin_scores(scores[1::2], right[1::2]))
    after = calibration_error(bin_scores(curve.apply(scores[1::2]), right[1::2]))
    assert before is not None
    assert after is not None
    assert after < 0.03 < before


@given(st.floats(0.05, 5), st.floats(-4, 4), st.lists(st.floats(0, 1), min_size=2, max_size=30))
def test_order_is_kept_and_answers_are_shares(slope: float, offset: float, scores: list[float]) -> None:
    ordered = np.sort(np.array(scores))
    told = ScoreCurve(slope, offset).apply(ordered)
    assert (np.diff(told) >= 0).all()
    assert ((told >= 0) & (told <= 1)).all()


@pytest.mark.parametrize(
    ("scores", "right"),
    [
        pytest.param(np.full(10, 0.5), np.array([True, False] * 5), id="few"),
        pytest.param(np.linspace(0.1, 0.9, 100), np.ones(100, bool), id="all right"),
        pytest.param(np.linspace(0.9, 0.1, 100), np.linspace(0.9, 0.1, 100) < 0.5, id="upside down"),
    ],
)
def test_no_curve_where_nothing_is_known(scores: np.ndarray, right: np.ndarray) -> None:
    assert fit_curve(scores, right) is None


def test_a_curve_rises() -> None:
    with pytest.raises(InputError):
        ScoreCurve(0.0, 1.0)


def test_versions_tell_curves_apart() -> None:
    one = ScoreCalibration(AS_IT_IS, {"car": ScoreCurve(0.5, 0.1, 99)})
    assert NO_CALIBRATION.version == ""
    assert one.version != ScoreCalibration(AS_IT_IS, {"car": ScoreCurve(0.5, 0.2, 99)}).version
    assert one.curve_of("bus") == AS_IT_IS


def test_nothing_claimed_has_no_error() -> None:
    assert calibration_error(bin_scores(np.array([]), np.array([], bool))) is None
