"""A late run cut into pieces that add up to it again."""

from __future__ import annotations

import pytest

from cases.late_pieces import Piece, SpentEntry, cut_late

SPENT: tuple[SpentEntry, ...] = (
    ("visit", "waiting", 600.0, 900.0), ("visit", "work", 200.0, 200.0), ("visit", "pause", 0.0, 5000.0),
    ("approval", "waiting", 200.0, 400.0),
)  # fmt: skip


def test_lateness_falls_on_the_counted_time_by_its_share() -> None:
    pieces = cut_late(SPENT, late_s=100.0, late_wall_s=1000.0)
    assert [piece.late_s for piece in pieces] == pytest.approx([60.0, 20.0, 0.0, 20.0])
    assert sum(piece.late_wall_s for piece in pieces) == pytest.approx(1000.0)
    assert [(p.step, p.part, p.clock_s, p.wall_s) for p in pieces] == list(SPENT)


def test_a_run_counts_once_and_once_in_each_of_its_steps() -> None:
    pieces = cut_late(SPENT, late_s=100.0, late_wall_s=100.0)
    assert [piece.leads for piece in pieces] == [1, 0, 0, 0]
    assert [piece.begins for piece in pieces] == [1, 0, 0, 1]


@pytest.mark.parametrize(
    "spent", [pytest.param((), id="no time at all"), pytest.param((("visit", "pause", 9.0, 9.0),), id="only a pause")]
)
def test_a_run_without_counted_time_still_counts(spent: tuple[SpentEntry, ...]) -> None:
    (piece,) = cut_late(spent, late_s=5.0, late_wall_s=5.0)
    assert (piece.leads, piece.begins, piece.late_s) == (1, 0, 0.0)
    assert isinstance(piece, Piece)
