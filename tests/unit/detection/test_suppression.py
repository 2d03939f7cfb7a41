"""From raw numbers to few boxes; two label sets become one."""

from __future__ import annotations

import numpy as np
import pytest

from detection.detections import Detection
from detection.suppression import keep_candidates, merge_label_sets, suppress


def raw(*rows: tuple[float, float, float, float, float, float]) -> np.ndarray:
    """Anchors as centre x, centre y, width, height and two label scores."""
    return np.array(rows, np.float32).T


def claim(label: str, score: float, *box: float) -> Detection:
    return Detection(label, score, (box[0], box[1], box[2], box[3]))


def test_each_label_has_its_own_threshold() -> None:
    answers = raw((50, 50, 20, 10, 0.4, 0.0), (50, 50, 20, 10, 0.0, 0.4), (9, 9, 2, 2, 0.9, 0.1))
    boxes, scores, numbers = keep_candidates(answers, np.array([0.3, 0.5], np.float32))
    assert numbers.tolist() == [0, 0]
    assert scores.tolist() == pytest.approx([0.9, 0.4])
    assert boxes[1].tolist() == [40, 45, 60, 55]


def test_nothing_above_the_threshold_is_none_found() -> None:
    boxes, _, numbers = keep_candidates(raw((50, 50, 20, 10, 0.1, 0.2)), np.array([0.3, 0.3], np.float32))
    assert len(boxes) == 0
    assert suppress(boxes, numbers, overlap_limit=0.6).size == 0


def test_duplicates_go_within_a_label_only() -> None:
    boxes = np.array([[0, 0, 10, 10], [1, 0, 11, 10], [0, 0, 10, 10], [40, 0, 50, 10]], np.float32)
    numbers = np.array([0, 0, 1, 0], np.intp)
    assert suppress(boxes, numbers, overlap_limit=0.6).tolist() == [0, 2, 3]


def test_many_boxes_match_a_plain_reference() -> None:
    chance = np.random.default_rng(7)
    corners = chance.uniform(0, 90, (200, 2)).astype(np.float32)
    boxes = np.concatenate([corners, corners + chance.uniform(5, 40, (200, 2)).astype(np.float32)], axis=1)
    numbers = chance.integers(0, 3, 200).astype(np.intp)
    assert suppress(boxes, numbers, overlap_limit=0.5).tolist() == _reference(boxes, numbers, 0.5)


def _reference(boxes: np.ndarray, numbers: np.ndarray, limit: float) -> list[int]:
    from detection.detections import overlap

    kept: list[int] = []
    for index, box in enumerate(boxes):
        if all(numbers[index] != numbers[other] or overlap(tuple(box), tuple(boxes[other])) <= limit for other in kept):
            kept.append(index)
    return kept


def labels(*answers: list[Detection]) -> list[str]:
    return [item.label for item in merge_label_sets(answers)]


PERSON = claim("person", 0.7, 0, 0, 40, 100)


@pytest.mark.parametrize(
    ("first", "second", "merged"),
    [
        pytest.param([PERSON], [claim("person", 0.8, 1, 0, 40, 100)], ["person"], id="one person for two weights"),
        pytest.param([PERSON], [claim("person", 0.8, 60, 0, 99, 100)], ["person", "person"], id="two persons"),
        pytest.param(
            [claim("truck", 0.9, 0, 0, 100, 80)], [claim("site machinery", 0.6, 2, 0, 100, 80)], ["site machinery"],
            id="an excavator is no truck",
        ),
        pytest.param(
            [claim("bus", 0.5, 0, 0, 100, 80), claim("truck", 0.4, 0, 0, 100, 80)],
            [claim("site machinery", 0.9, 2, 0, 100, 80)], ["bus", "truck"], id="a bus is no machinery",
        ),
        pytest.param(
            [claim("car", 0.4, 0, 0, 100, 80)], [claim("site vehicle", 0.9, 2, 0, 100, 80)], ["car"],
            id="a car on a site is a car",
        ),
        pytest.param([PERSON], [claim("hardhat", 0.6, 10, 0, 30, 15)], ["worker", "hardhat"], id="worker by hardhat"),
        pytest.param([PERSON], [claim("safety vest", 0.6, 5, 20, 35, 60)], ["worker", "safety vest"], id="worker by vest"),
        pytest.param([PERSON], [claim("hardhat", 0.6, 80, 0, 99, 15)], ["person"], id="a hardhat on nobody"),
        pytest.param(
            [PERSON, claim("motorcycle", 0.6, 0, 50, 40, 110)], [claim("hardhat", 0.9, 10, 0, 30, 15)],
            ["person", "motorcycle"], id="a rider's helmet",
        ),
        pytest.param(
            [claim("motorcycle", 0.6, 0, 50, 40, 110)], [claim("hardhat", 0.9, 10, 5, 30, 20)], ["motorcycle"],
            id="helmet of a rider who was not seen",
        ),
    ],
)  # fmt: skip
def test_two_label_sets_become_one(first: list[Detection], second: list[Detection], merged: list[str]) -> None:
    assert labels(first, second) == merged
