"""What looks like a stall is a group of different things of selling, close together; furniture alone or far apart is not."""

from __future__ import annotations

import pytest

from detection.detections import Detection
from detection.stall_hint import hint_stalls


def at(label: str, x: float, y: float = 100.0, side: float = 40.0) -> Detection:
    return Detection(label, 0.6, (x, y, x + side, y + side))


def test_an_umbrella_with_a_table_and_chairs() -> None:
    things = [at("umbrella", 100, 40, 90), at("dining table", 110), at("chair", 160), at("chair", 70), at("car", 400)]
    (hint,) = hint_stalls(things)
    assert hint.indexes == (0, 1, 2, 3)
    assert [(one.label, one.count) for one in hint.labels] == [("chair", 2), ("dining table", 1), ("umbrella", 1)]
    assert hint.box_px == (70, 40, 200, 140)


@pytest.mark.parametrize(
    "things",
    [
        pytest.param([at("chair", 0), at("chair", 50), at("chair", 100)], id="chairs alone"),
        pytest.param([at("umbrella", 0), at("chair", 50)], id="two things"),
        pytest.param([at("umbrella", 0), at("dining table", 500), at("chair", 1000)], id="far apart"),
        pytest.param([at("motorcycle", 0), at("person", 20), at("car", 50)], id="traffic"),
        pytest.param([], id="nothing"),
    ],
)
def test_no_hint(things: list[Detection]) -> None:
    assert hint_stalls(things) == ()


def test_two_stalls_the_larger_first() -> None:
    small = [at("umbrella", 0), at("chair", 50), at("bottle", 90, 110, 10)]
    large = [at("umbrella", 900), at("chair", 950), at("chair", 1000), at("dining table", 1040)]
    first, second = hint_stalls([*small, *large])
    assert (len(first.indexes), len(second.indexes)) == (4, 3)
