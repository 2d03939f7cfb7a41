"""A generated year: the same from one seed, as many arrivals as asked, and every life by the table of moves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from numpy.random import default_rng

from cases.lifecycle import CASE_MOVES, CaseState
from pipeline.year.draw import draw_arrivals, draw_spots
from pipeline.year.lives import Lives, live

ENDS = datetime(2026, 11, 25, tzinfo=UTC)


def a_year(seed: int = 1) -> tuple[Lives, tuple[object, ...]]:
    dice = default_rng(seed)
    spots = draw_spots(dice, [(106.69 + n / 1000, 10.78, "1") for n in range(60)])
    arrivals = draw_arrivals(dice, spots, reports=400, flags=1100, ends_at=ENDS)
    return live(dice, spots, arrivals, ends_at=ENDS, inspectors=4), arrivals


@pytest.fixture(scope="module")
def year() -> tuple[Lives, tuple[object, ...]]:
    return a_year()


def test_as_many_arrive_as_asked(year: tuple[Lives, tuple[object, ...]]) -> None:
    _, arrivals = year
    assert sum(a.is_report for a in arrivals) == 400  # type: ignore[attr-defined]
    assert sum(a.has_flag for a in arrivals) == 1100  # type: ignore[attr-defined]
    moments = [a.at for a in arrivals]  # type: ignore[attr-defined]
    assert moments == sorted(moments)
    assert moments[-1] < ENDS
    assert moments[0] > ENDS - timedelta(days=367)


def test_every_case_walks_by_the_table_of_moves_and_forward_in_time(year: tuple[Lives, tuple[object, ...]]) -> None:
    for case in year[0].cases:
        states = [CaseState.OPENED, *(step.state for step in case.steps)]
        for before, after in pairwise(states):
            assert after in CASE_MOVES[before], (before, after)
        moments = [case.opened_at, *(step.at for step in case.steps)]
        assert moments == sorted(moments)
        assert moments[-1] <= ENDS


def test_every_arrival_is_in_one_place_only(year: tuple[Lives, tuple[object, ...]]) -> None:
    lives, arrivals = year
    joined = [index for case in lives.cases for index in case.arrivals]
    assert len(joined) == len(set(joined))
    assert set(joined) | set(lives.loose) | lives.waiting == set(range(len(arrivals)))


def test_what_comes_back_within_thirty_days_is_linked(year: tuple[Lives, tuple[object, ...]]) -> None:
    lives, _ = year
    again = [case for case in lives.cases if case.recurrence_of is not None]
    assert again
    for case in again:
        former = lives.cases[case.recurrence_of or 0]
        assert former.spot == case.spot
        assert former.closed_at is not None
        assert timedelta(0) <= case.opened_at - former.closed_at <= timedelta(days=30)


def test_one_seed_makes_one_year() -> None:
    (first, _), (second, _), (other, _) = a_year(3), a_year(3), a_year(4)
    assert [c.opened_at for c in first.cases] == [c.opened_at for c in second.cases]
    assert [c.opened_at for c in first.cases] != [c.opened_at for c in other.cases]
