"""A rider over a two-wheeler makes one figure with the score of both; bystanders and second riders do not."""

from __future__ import annotations

import numpy as np
import pytest

from detection.riders import join_riders

BIKE = (100.0, 100.0, 120.0, 125.0)
RIDER = (101.0, 85.0, 119.0, 115.0)


def join(*claims: tuple[str, float, tuple[float, float, float, float]]):  # noqa: ANN201 (a test's shorthand)
    boxes = np.array([box for _, _, box in claims], np.float32).reshape(-1, 4)
    labels = np.array([label for label, _, _ in claims])
    scores = np.array([score for _, score, _ in claims], np.float32)
    return join_riders(boxes, scores, is_wheeler=labels == "motorcycle", is_person=labels == "person")


def test_one_figure_from_head_to_wheels() -> None:
    joined = join(("motorcycle", 0.2, BIKE), ("person", 0.3, RIDER))
    assert joined.is_ridden.tolist() == [True]
    assert joined.scores[0] == pytest.approx(1 - 0.8 * 0.7)
    assert joined.boxes[0].tolist() == [100.0, 85.0, 120.0, 125.0]


@pytest.mark.parametrize(
    "person",
    [
        pytest.param((160.0, 80.0, 175.0, 130.0), id="beside"),
        pytest.param((100.0, 40.0, 120.0, 90.0), id="behind, farther away"),
        pytest.param((95.0, 20.0, 130.0, 130.0), id="near and tall, in front"),
        pytest.param((101.0, 115.0, 119.0, 160.0), id="below"),
    ],
)
def test_a_bystander_is_no_rider(person: tuple[float, float, float, float]) -> None:
    joined = join(("motorcycle", 0.4, BIKE), ("person", 0.9, person))
    assert joined.is_ridden.tolist() == [False]
    assert joined.boxes[0].tolist() == list(BIKE)


def test_a_rider_sits_on_one_two_wheeler() -> None:
    other = (112.0, 101.0, 134.0, 126.0)
    joined = join(("motorcycle", 0.6, BIKE), ("motorcycle", 0.5, other), ("person", 0.3, RIDER))
    assert sorted(joined.is_ridden.tolist()) == [False, True]


def test_nothing_seen_is_nothing_joined() -> None:
    assert len(join().index) == 0
    assert len(join(("person", 0.9, RIDER)).index) == 0


def test_two_claims_of_one_figure_become_one() -> None:
    joined = join(("motorcycle", 0.4, BIKE), ("motorcycle", 0.3, (100.0, 101.0, 121.0, 126.0)))
    assert joined.scores.tolist() == [pytest.approx(0.4)]
