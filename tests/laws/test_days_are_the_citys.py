"""A day turns at the city's midnight: no room takes the server's day, which in Ho Chi Minh City is yesterday until seven."""

from __future__ import annotations

import re

import pytest

from tests.laws.house import ROOMS, ROOT, python_files

SERVERS_DAY = re.compile(r"\blocaldate\(\)|\bnow\(\)\.date\(\)|(?<!local)\bnow\.date\(\)|\bdate\.today\(")
# A day that may be too early is widened there and held against the city's own below; one says when figures were measured.
WIDENED = {"cases/actions/following.py", "detection/management/commands/evaluate.py", "geo/answers.py"}


def test_no_room_takes_the_servers_day() -> None:
    taken = [
        str(path.relative_to(ROOT))
        for path in python_files(*ROOMS)
        if SERVERS_DAY.search(path.read_text()) and str(path.relative_to(ROOT)) not in WIDENED
    ]
    assert not taken, "geo.today tells the day in a city"


@pytest.mark.parametrize("text", ["timezone.localdate()", "timezone.now().date()", "on = now.date()", "date.today()"])
def test_a_servers_day_is_found(text: str) -> None:
    assert SERVERS_DAY.search(text)
