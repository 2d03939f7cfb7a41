"""What may stand on a sidewalk, read from the register's list."""

from __future__ import annotations

from datetime import date, time

import pytest

from geo.allowed_uses import parse_allowed_uses
from geo.facts import AllowedUse

SLOT = '{"type": "Polygon", "coordinates": []}'


def test_a_whole_entry() -> None:
    raw = {
        "use": "parking",
        "from_on": "2026-03-02",
        "to_on": None,
        "from_time": "06:00",
        "to_time": "22:00",
        "slot": SLOT,
    }
    assert parse_allowed_uses([raw]) == (AllowedUse("parking", date(2026, 3, 2), None, time(6), time(22), SLOT),)


def test_short_entries() -> None:
    assert parse_allowed_uses(["event", {"use": "parking", "slot": {"type": "Point"}}]) == (
        AllowedUse("event"),
        AllowedUse("parking", slot='{"type": "Point"}'),
    )


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"use": ""},
        7,
        None,
        {"use": "parking", "to_on": "soon"},
        {"use": "parking", "from_time": 6},
        {"use": "p", "slot": "{"},
    ],
)
def test_a_slip_of_the_pen_allows_nothing(raw: object) -> None:
    assert parse_allowed_uses([raw]) == ()
