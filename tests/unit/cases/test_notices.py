"""Quiet hours, pauses between tries, and notices in words."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from cases.notices.kinds import FOR_STAFF, OF_MOVE, RULES, NoticeKind
from cases.notices.timing import QuietHours, parse_quiet_hours, pause_after
from errors import ConfigurationError

ZONE = "Asia/Ho_Chi_Minh"


def at(hour: int, minute: int = 0, day: int = 26) -> datetime:
    """A moment by the clock of Ho Chi Minh City's zone, told in UTC."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=7)


@pytest.mark.parametrize(
    ("moment", "first"),
    [
        (at(12), at(12)),
        (at(20, 59), at(20, 59)),
        (at(21), at(7, day=27)),
        (at(23, 30), at(7, day=27)),
        (at(2), at(7)),
        (at(7), at(7)),
    ],
    ids=str,
)
def test_quiet_hours_hold_until_the_morning(moment: datetime, first: datetime) -> None:
    assert QuietHours().first_allowed(moment, ZONE) == first


def test_hours_within_a_day_and_none_at_all() -> None:
    assert QuietHours(time(12), time(13)).first_allowed(at(12, 10), ZONE) == at(13)
    assert QuietHours(time(0), time(0)).first_allowed(at(3), ZONE) == at(3)


def test_quiet_hours_are_data() -> None:
    assert parse_quiet_hours({}) == QuietHours()
    assert parse_quiet_hours({"notices": {"quiet": ["22:00", "06:30"]}}) == QuietHours(time(22), time(6, 30))
    for wrong in (["22:00"], "x", ["25:00", "06:00"]):
        with pytest.raises(ConfigurationError):
            parse_quiet_hours({"notices": {"quiet": wrong}})


def test_pauses_grow_and_stop_growing() -> None:
    pauses = [pause_after(n) for n in range(1, 15)]
    assert pauses[:3] == [timedelta(seconds=15), timedelta(seconds=30), timedelta(seconds=60)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == timedelta(hours=1)


def test_every_kind_has_its_rule_and_outlives_a_day_of_silence_where_it_is_a_senders() -> None:
    assert set(RULES) == set(NoticeKind)
    for kind in set(NoticeKind) - FOR_STAFF:
        assert RULES[kind].worth > timedelta(days=1)
    assert set(OF_MOVE.values()) <= set(NoticeKind) - FOR_STAFF
