"""Rounds of looking stay short where looks are slow, and leave no camera without a turn."""

from __future__ import annotations

import pytest

from pipeline.look_rounds import BATCH_S, MOST_BATCH, Rounds


@pytest.mark.parametrize(
    ("look_s", "batch"),
    [
        pytest.param(None, MOST_BATCH, id="nothing known yet"),
        pytest.param(0.01, MOST_BATCH, id="fast"),
        pytest.param(BATCH_S / 3, 3, id="slow"),
        pytest.param(10 * BATCH_S, 1, id="slower than a whole batch may be: one at a time"),
    ],
)
def test_a_batch_is_cut_to_what_a_look_takes(look_s: float | None, batch: int) -> None:
    assert Rounds(look_s).batch == batch


def test_one_slow_batch_is_forgotten_when_the_next_ones_are_fast() -> None:
    rounds = Rounds()
    rounds.note_batch(2, 40.0)
    assert rounds.batch == 1
    for _ in range(20):
        rounds.note_batch(1, 0.1)
    assert rounds.batch == MOST_BATCH


def test_a_batch_without_a_frame_says_nothing() -> None:
    rounds = Rounds()
    rounds.note_batch(0, 5.0)
    assert rounds.look_s is None


def test_every_camera_gets_its_turn_where_a_round_has_room_for_one() -> None:
    rounds, served = Rounds(), []
    for now in range(12):
        first = rounds.order([1, 2, 3, 4])[0]
        rounds.note_turn(first, float(now))
        served.append(first)
    assert served == [1, 2, 3, 4] * 3


def test_a_camera_that_was_away_comes_first_again() -> None:
    rounds = Rounds()
    for camera_id in (1, 2):
        rounds.note_turn(camera_id, float(camera_id))
    rounds.order([2])
    assert rounds.order([2, 1]) == [1, 2]
