"""What callers write becomes checked values; each fault names its field and the cure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from api import parsing as p
from errors import InputError
from rules.finding import Verdict


@pytest.mark.parametrize(
    ("parse", "expected"),
    [
        pytest.param(lambda: p.parse_bounds("106.6,10.7,106.8,10.9"), (106.6, 10.7, 106.8, 10.9), id="bounds"),
        pytest.param(lambda: p.parse_bounds(""), None, id="no bounds"),
        pytest.param(lambda: p.parse_moment("2026-11-22", "since"), datetime(2026, 11, 22, tzinfo=UTC), id="a day"),
        pytest.param(
            lambda: p.parse_moment("2026-11-22T08:00:00 07:00", "since"),
            datetime(2026, 11, 22, 1, tzinfo=UTC),
            id="a plus sign that an address lost",
        ),
        pytest.param(lambda: p.parse_day("2026-11-22", "on"), date(2026, 11, 22), id="day"),
        pytest.param(lambda: p.parse_choice(" Flagged", Verdict, "verdict"), Verdict.FLAGGED, id="choice"),
        pytest.param(lambda: p.parse_choice(None, Verdict, "verdict"), None, id="no choice"),
        pytest.param(lambda: p.parse_id("0" * 31 + "1", "after"), UUID(int=1), id="id"),
        pytest.param(lambda: p.parse_limit(None), 100, id="usual page"),
        pytest.param(lambda: p.parse_limit("1000"), 1000, id="largest page"),
        pytest.param(lambda: p.parse_degrees("106,7009", "lon", 180), 106.7009, id="decimal comma"),
        pytest.param(lambda: p.read_whole({"version": "3"}, "version"), 3, id="whole number in quotes"),
        pytest.param(lambda: p.read_number({"free_width_m": 1}, "free_width_m"), 1.0, id="number"),
        pytest.param(lambda: p.read_text({"reason": " a\x00b "}, "reason"), "ab", id="text without zero bytes"),
        pytest.param(lambda: p.read_text({}, "reason"), "", id="no text"),
    ],
)
def test_good_values(parse: Callable[[], Any], expected: object) -> None:
    assert parse() == expected


@pytest.mark.parametrize(
    ("parse", "field"),
    [
        pytest.param(lambda: p.parse_bounds("1,2,3"), "bounds", id="three numbers"),
        pytest.param(lambda: p.parse_bounds("nan,0,1,1"), "bounds", id="not a number"),
        pytest.param(lambda: p.parse_bounds("2,2,1,1"), "bounds", id="east before west"),
        pytest.param(lambda: p.parse_moment("soon", "since"), "since", id="no moment"),
        pytest.param(lambda: p.parse_day("2026-02-30", "on"), "on", id="no such day"),
        pytest.param(lambda: p.parse_choice("violation", Verdict, "verdict"), "verdict", id="no such verdict"),
        pytest.param(lambda: p.parse_id("x", "after"), "after", id="no id"),
        pytest.param(lambda: p.parse_limit("-1"), "limit", id="page of less than one"),
        pytest.param(lambda: p.parse_degrees("inf", "lat", 90), "lat", id="endless"),
        pytest.param(lambda: p.parse_degrees(None, "lat", 90), "lat", id="missing"),
        pytest.param(lambda: p.read_version({}), "version", id="no version"),
        pytest.param(lambda: p.read_whole({"version": True}, "version"), "version", id="truth is no number"),
        pytest.param(lambda: p.read_number({"free_width_m": "wide"}, "free_width_m"), "free_width_m", id="wide"),
        pytest.param(lambda: p.read_text({"reason": 3}, "reason"), "reason", id="number for a text"),
        pytest.param(lambda: p.read_text({"reason": "x" * 5000}, "reason"), "reason", id="too long"),
        pytest.param(lambda: p.read_text(["to"], "to"), "", id="a list for an object"),
    ],
)
def test_faults_are_named(parse: Callable[[], Any], field: str) -> None:
    with pytest.raises(InputError) as caught:
        parse()
    assert caught.value.field == field
    assert caught.value.cure


def test_swapped_degrees_are_told_the_right_order() -> None:
    assert p.parse_point({"lon": "106.7009", "lat": "10.7769"}) == (106.7009, 10.7769)
    with pytest.raises(InputError) as told:
        p.parse_point({"lon": "10.7769", "lat": "106.7009"})
    assert (told.value.field, told.value.value) == ("lat", "106.7009")
    assert told.value.cure == "Longitude and latitude look swapped: ask for lon=106.7009&lat=10.7769."
    with pytest.raises(InputError, match="not a place on Earth"):
        p.parse_point({"lon": "170", "lat": "95"})
