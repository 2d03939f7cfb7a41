"""Where more is sampled than can be looked at, frames are sampled less often, and as asked again when there is room."""

from __future__ import annotations

import pytest

from pipeline.camera_pace import MOST_STRETCH, SLOWEST_S, Pace, slowed_period_s


def run_for(
    pace: Pace, seconds: int, dropped_share: float, first_s: int = 0, seen: int = 0, dropped: int = 0
) -> tuple[int, int]:
    for now in range(first_s, first_s + seconds, 3):
        seen += 30
        dropped += round(30 * dropped_share)
        pace.note(float(now), seen, dropped)
    return seen, dropped


def test_a_few_dropped_frames_change_nothing() -> None:
    pace = Pace()
    run_for(pace, 120, 0.1)
    assert not pace.is_slowed


def test_many_dropped_frames_slow_it_down_within_bounds_and_room_brings_it_back() -> None:
    pace = Pace()
    seen, dropped = run_for(pace, 30, 0.5)
    assert 1 < pace.stretch <= 3
    seen, dropped = run_for(pace, 300, 0.5, 30, seen, dropped)
    assert pace.stretch == MOST_STRETCH
    run_for(pace, 900, 0.0, 330, seen, dropped)
    assert not pace.is_slowed


def test_looks_become_coarse_only_where_slowing_down_does_not_help_and_close_ones_come_back_first() -> None:
    pace = Pace()
    seen, dropped = run_for(pace, 300, 0.5)
    assert pace.stretch == MOST_STRETCH
    assert not pace.is_coarse
    seen, dropped = run_for(pace, 60, 0.8, 300, seen, dropped)
    assert pace.is_coarse
    seen, dropped = run_for(pace, 90, 0.0, 360, seen, dropped)
    assert not pace.is_coarse
    assert pace.stretch == MOST_STRETCH


def test_counters_that_begin_again_say_nothing() -> None:
    pace = Pace()
    pace.note(0.0, 1000, 500)
    pace.note(20.0, 30, 20)
    assert not pace.is_slowed


@pytest.mark.parametrize(
    ("every_s", "stretch", "period_s"), [(1.0, 1.0, 1.0), (1.0, 3.0, 3.0), (1.0, 8.0, SLOWEST_S), (20.0, 8.0, 20.0)]
)
def test_no_camera_is_sampled_so_seldom_that_a_stay_cannot_be_judged(
    every_s: float, stretch: float, period_s: float
) -> None:
    assert slowed_period_s(every_s, stretch) == period_s
