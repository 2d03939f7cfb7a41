"""A camera's weekly spans, over midnight too; what cannot be read is named."""

from __future__ import annotations

from datetime import datetime

import pytest

from errors import InputError
from intake.schedule import is_watched_at, parse_schedule

FRIDAY = datetime(2026, 11, 20)  # noqa: DTZ001 - local by design


def at(hour: int, minute: int = 0, day: int = 20) -> datetime:
    return FRIDAY.replace(day=day, hour=hour, minute=minute)


@pytest.mark.parametrize(
    ("spans", "moment", "watched"),
    [
        pytest.param([], at(3), True, id="no schedule is always"),
        pytest.param([{"from": "06:00", "to": "22:00"}], at(6), True, id="every day, first minute"),
        pytest.param([{"from": "06:00", "to": "22:00"}], at(22), False, id="last minute is outside"),
        pytest.param([{"days": [5, 6], "from": "06:00", "to": "22:00"}], at(12), False, id="weekend on a Friday"),
        pytest.param([{"days": [4], "from": "22:00", "to": "05:00"}], at(23), True, id="evening before midnight"),
        pytest.param([{"days": [4], "from": "22:00", "to": "05:00"}], at(4, day=21), True, id="the morning after"),
        pytest.param([{"days": [4], "from": "22:00", "to": "05:00"}], at(4), False, id="the morning of the day"),
        pytest.param([{"from": "00:00", "to": "24:00"}], at(13), True, id="the whole day"),
    ],
)
def test_watched(spans: list[object], moment: datetime, watched: bool) -> None:
    assert is_watched_at(parse_schedule(spans), moment) is watched


@pytest.mark.parametrize(
    "raw", ["06:00-22:00", [["06:00"]], [{"days": [7], "from": "06:00", "to": "07:00"}], [{"from": "6", "to": "7h"}]]
)
def test_a_schedule_that_cannot_be_read_is_named(raw: object) -> None:
    with pytest.raises(InputError) as caught:
        parse_schedule(raw)
    assert caught.value.field.startswith("schedule")
    assert caught.value.cure
