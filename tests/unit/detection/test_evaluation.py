"""Figures of known cases: all right, all wrong, half, and a set that knows other labels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from detection.dataset import LabelledBox, LabelledPhoto
from detection.detections import Detection, Detections
from detection.evaluation import average_precision, evaluate, match_claims, same_label

BOX = (0.1, 0.1, 0.5, 0.5)
EXACT = (10.0, 10.0, 50.0, 50.0)


def photo(*labels: str) -> LabelledPhoto:
    return LabelledPhoto(Path("a.jpg"), "a", tuple(LabelledBox(label, BOX) for label in labels))


def claims(*items: tuple[str, float, tuple[float, float, float, float]]) -> Detections:
    return Detections(100, 100, tuple(Detection(*item) for item in items))


def test_everything_right() -> None:
    result = evaluate([photo("car")], [claims(("car", 0.9, EXACT))], weights_labels=["car"], thresholds={"car": 0.5})
    assert result.map50 == pytest.approx(1.0)
    assert result.map50_95 == pytest.approx(1.0)
    (car,) = result.labels
    assert (car.precision, car.recall) == (1.0, 1.0)
    assert car.calibration_error == pytest.approx(0.1)


def test_a_loose_box_counts_at_low_overlap_only() -> None:
    result = evaluate(
        [photo("car")], [claims(("car", 0.9, (10.0, 10.0, 50.0, 41.0)))], weights_labels=["car"], thresholds={}
    )
    assert result.map50 == pytest.approx(1.0)
    assert result.map50_95 == pytest.approx(0.6)


def test_a_second_claim_of_the_same_thing_is_wrong() -> None:
    right = match_claims([EXACT, EXACT], [EXACT])
    assert right[:, 0].tolist() == [True, False]


def test_average_precision_of_right_wrong_right() -> None:
    assert average_precision(np.array([True, False, True]), 2) == pytest.approx((51 * 1 + 50 * 2 / 3) / 101, abs=0.01)
    assert average_precision(np.array([], bool), 3) == 0.0


def test_labels_the_weights_do_not_know_are_named_not_averaged() -> None:
    result = evaluate([photo("car", "scaffolding")], [claims()], weights_labels=["car"], thresholds={})
    assert result.not_in_weights == ("scaffolding",)
    assert [label.label for label in result.labels] == ["car"]
    assert result.labels[0].precision is None
    assert result.labels[0].recall == 0.0


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("Motorbike", "motorcycle"),
        ("Safety-Cone", "traffic cone"),
        ("worker", "person"),
        ("dining_table", "dining table"),
    ],
)
def test_other_names_of_our_labels(theirs: str, ours: str) -> None:
    assert same_label(theirs) == ours
