"""Calendar and offices of a city pack: what is read, and that a faulty entry is named."""

from datetime import date
from typing import Any

import pytest

from cases.calendar_pack import PolicyCode, parse_calendar
from cases.deadline import ClockUnit
from cases.jurisdiction import Candidate, OfficeDuty, choose_inspector, choose_office
from cases.offices_pack import parse_offices
from errors import ConfigurationError

ZONE = "Asia/Ho_Chi_Minh"
PACK: dict[str, Any] = {
    "covered_from": date(2026, 1, 1),
    "covered_to": "2026-12-31",
    "duty_hours": [["08:00", "12:00"]],
    "holiday": [{"on": date(2026, 9, 1), "to": date(2026, 9, 2), "name": {"vi": "Quốc khánh"}, "is_confirmed": True}],
    "swap_day": [{"on": date(2026, 8, 29), "name": "Làm bù"}],
    "policy": [
        {"code": "on_site", "unit": "duty_minutes", "amount": 60, "valid_from": date(2026, 7, 1)},
        {"code": "on_site", "unit": "duty_minutes", "amount": 120, "valid_to": date(2026, 7, 1)},
    ],
}


def test_a_calendar_is_read() -> None:
    pack = parse_calendar(PACK, ZONE)
    assert not pack.calendar.is_working(date(2026, 9, 2))
    assert pack.calendar.is_working(date(2026, 8, 29))
    assert not pack.calendar.is_certain(date(2026, 8, 28), date(2026, 8, 30))
    assert pack.calendar.is_certain(date(2026, 8, 31), date(2026, 9, 3))


def test_the_policy_of_the_day_is_chosen() -> None:
    pack = parse_calendar(PACK, ZONE)
    assert pack.policy(PolicyCode.ON_SITE, date(2026, 6, 30)).amount == 120
    assert pack.policy(PolicyCode.ON_SITE, date(2026, 7, 1)).amount == 60
    assert pack.policy(PolicyCode.FIRST_REPLY, date(2026, 7, 1)).unit is ClockUnit.HOURS
    with pytest.raises(ConfigurationError):
        pack.policy("no such clock", date(2026, 7, 1))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"working_days": [0]}, id="no such weekday"),
        pytest.param({"duty_hours": [["8 o'clock", "12:00"]]}, id="hours unreadable"),
        pytest.param({"holiday": [{"name": "no day"}]}, id="holiday without a day"),
        pytest.param({"holiday": [{"on": "2026-13-01"}]}, id="no such date"),
        pytest.param({"holiday": [{"on": "2026-09-02", "to": "2026-09-01"}]}, id="span backwards"),
        pytest.param({"policy": [{"code": "x", "unit": "fortnights", "amount": 1}]}, id="unit unknown"),
        pytest.param({"policy": [{"unit": "hours", "amount": 1}]}, id="clock without code"),
        pytest.param({"holiday": "none"}, id="not a table"),
    ],
)
def test_a_faulty_calendar_is_refused_by_name(change: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse_calendar(PACK | change, ZONE)
    assert caught.value.field
    assert caught.value.cure


def test_an_unknown_time_zone_is_refused() -> None:
    with pytest.raises(ConfigurationError):
        parse_calendar({}, "Nowhere/Town")


OFFICE: dict[str, Any] = {
    "code": "ward-police", "name": {"vi": "Công an phường", "en": "Ward police"}, "admin_unit_codes": ["10001"],
    "uses": ["parking"], "valid_from": date(2025, 7, 1),
}  # fmt: skip


def test_offices_are_read() -> None:
    (office,) = parse_offices({"unit": [OFFICE]})
    assert (office.code, office.name, office.name_en) == ("ward-police", "Công an phường", "Ward police")
    assert office.valid_to is None


@pytest.mark.parametrize(
    "unit",
    [
        pytest.param([OFFICE | {"code": ""}], id="no code"),
        pytest.param([OFFICE, OFFICE], id="code twice"),
        pytest.param([OFFICE | {"uses": ["flying"]}], id="use unknown"),
        pytest.param([OFFICE | {"valid_from": None}], id="no first day"),
        pytest.param([OFFICE | {"valid_to": "2024-01-01"}], id="ends before it begins"),
        pytest.param([OFFICE | {"admin_unit_codes": "10001"}], id="not a list"),
    ],
)
def test_faulty_offices_are_refused_by_name(unit: list[dict[str, Any]]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse_offices({"unit": unit})
    assert caught.value.field


def an_office(code: str, wards: tuple[str, ...] = (), uses: tuple[str, ...] = (), **dates: date | None) -> OfficeDuty:
    return OfficeDuty(1, code, wards, uses, **({"valid_from": date(2025, 7, 1), "valid_to": None} | dates))  # type: ignore[arg-type]


WARD_POLICE = an_office("a-police", ("10001",), ("parking",))
WARD_COMMITTEE = an_office("b-committee", ("10001",))
OLD_DISTRICT = an_office("c-district", ("10001",), valid_from=date(2020, 1, 1), valid_to=date(2025, 7, 1))
DEPARTMENT = an_office("d-department")
OFFICES = (DEPARTMENT, OLD_DISTRICT, WARD_COMMITTEE, WARD_POLICE)


@pytest.mark.parametrize(
    ("ward", "use", "on", "expected"),
    [
        pytest.param("10001", "parking", date(2026, 1, 1), "a-police", id="named use first"),
        pytest.param("10001", "construction", date(2026, 1, 1), "b-committee", id="the ward's other office"),
        pytest.param("10002", "construction", date(2026, 1, 1), "d-department", id="whole city last"),
        pytest.param("10001", "parking", date(2025, 6, 30), "c-district", id="the office of the day of the act"),
        pytest.param("10001", "parking", date(2010, 1, 1), None, id="nobody yet"),
    ],
)
def test_jurisdiction_by_ward_use_and_day(ward: str, use: str, on: date, expected: str | None) -> None:
    office = choose_office(OFFICES, unit_code=ward, use=use, on=on)
    assert (office.code if office else None) == expected


def test_the_least_loaded_goes() -> None:
    people = [Candidate(1, "b", 2), Candidate(2, "c", 1), Candidate(3, "a", 1)]
    chosen = choose_inspector(people)
    assert chosen is not None
    assert chosen.username == "a"
    assert choose_inspector([]) is None
