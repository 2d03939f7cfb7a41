"""What a sidewalk's register allows at an hour; what it does not list, and what it does not know."""

from __future__ import annotations

from datetime import date, time

import pytest

from geo.answer import UseState
from geo.facts import AllowedUse
from geo.use_hours import judge_uses

DAY = date(2026, 11, 22)
PARKING = AllowedUse("parking", date(2026, 3, 2), date(2026, 12, 31), time(6), time(22))
NIGHT = AllowedUse("parking", from_time=time(22), to_time=time(5))


@pytest.mark.parametrize(
    ("use", "on", "at", "state"),
    [
        (PARKING, DAY, time(9), "allowed"),
        (PARKING, DAY, time(6), "allowed"),
        (PARKING, DAY, time(22), "other_hours"),
        (PARKING, date(2026, 3, 1), time(9), "other_days"),
        (PARKING, date(2027, 1, 1), time(9), "other_days"),
        (NIGHT, DAY, time(23), "allowed"),
        (NIGHT, DAY, time(4), "allowed"),
        (NIGHT, DAY, time(12), "other_hours"),
        (AllowedUse("parking"), DAY, time(3), "allowed"),
    ],
)
def test_a_listed_use_by_day_and_hour(use: AllowedUse, on: date, at: time, state: str) -> None:
    first, *_ = judge_uses([use], on, at, are_told=True)
    assert (first.use, first.state.value) == ("parking", state)


def test_what_is_not_listed_is_not_what_is_not_known() -> None:
    assert [u.state for u in judge_uses([PARKING], DAY, time(9), are_told=True)] == [
        UseState.ALLOWED,
        UseState.NOT_LISTED,
    ]
    assert {u.state for u in judge_uses([], DAY, time(9), are_told=False)} == {UseState.NO_DATA}
