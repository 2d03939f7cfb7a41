"""Changes of the calendar by hand: days added, confirmed, removed; lengths of clocks confirmed; the pack loaded again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cases.calendar_amending import CalendarChange, ChangeKind, amend, carry_over, list_days, policy_rows
from cases.calendar_pack import parse_calendar
from errors import InputError

TET = date(2027, 2, 5)
PACK: dict[str, Any] = {
    "covered_from": "2026-01-01", "covered_to": "2027-12-31",
    "holiday": [{"on": "2027-02-05", "to": "2027-02-06", "name": {"vi": "Tết", "en": "New Year"}, "is_confirmed": False}],
    "policy": [{"code": "decision", "unit": "working_days", "amount": 7, "source": "practice", "is_confirmed": False}],
}  # fmt: skip


def changed(content: dict[str, Any], kind: ChangeKind, **changes: Any) -> dict[str, Any]:
    change = CalendarChange(**{"kind": kind, "source": "QĐ 12/2026", **changes})
    return amend(content, change, by="ope", at="2026-11-26T00:00:00+00:00")


def test_a_day_is_added_confirmed_and_removed() -> None:
    content = changed(PACK, ChangeKind.SWAP_DAY, on=date(2027, 2, 13), name_vi="Làm bù")
    assert [(day.on, day.kind, day.by) for day in list_days(content)][-1] == (date(2027, 2, 13), "swap_day", "ope")
    content = changed(content, ChangeKind.HOLIDAY, on=TET, name_vi="Tết", is_confirmed=True)
    by_day = {day.on: day for day in list_days(content)}
    assert (by_day[TET].is_confirmed, by_day[TET].source) == (True, "QĐ 12/2026")
    assert not by_day[date(2027, 2, 6)].is_confirmed
    content = changed(content, ChangeKind.REMOVED, on=date(2027, 2, 6))
    assert [day.on for day in list_days(content)] == [TET, date(2027, 2, 13)]
    calendar = parse_calendar(content, "Asia/Ho_Chi_Minh").calendar
    assert not calendar.is_working(TET)
    assert calendar.is_working(date(2027, 2, 13))
    assert calendar.is_certain(TET, TET)


def test_a_longer_coverage_and_a_confirmed_clock() -> None:
    content = changed(PACK, ChangeKind.COVERED, on=date(2028, 12, 31))
    content = changed(content, ChangeKind.POLICY, code="decision", is_confirmed=True)
    pack = parse_calendar(content, "Asia/Ho_Chi_Minh")
    assert pack.calendar.covered_to == date(2028, 12, 31)
    assert pack.policy("decision", TET).is_confirmed


def test_what_people_changed_survives_the_next_load_of_the_pack() -> None:
    content = changed(PACK, ChangeKind.HOLIDAY, on=TET, name_vi="Tết", is_confirmed=True)
    content = changed(content, ChangeKind.POLICY, code="decision", is_confirmed=True)
    longer = {**PACK, "policy": [{**PACK["policy"][0], "amount": 10}]}
    loaded = carry_over(longer, content)
    assert list_days(loaded)[0].is_confirmed
    assert not policy_rows(loaded)[0]["is_confirmed"], "another length waits for its confirmation anew"
    assert carry_over(PACK, PACK) == PACK


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": ChangeKind.HOLIDAY, "name_vi": "x"}, "on"),
        ({"kind": ChangeKind.HOLIDAY, "on": TET}, "name_vi"),
        ({"kind": ChangeKind.HOLIDAY, "on": TET, "to": date(2027, 2, 4), "name_vi": "x"}, "to"),
        ({"kind": ChangeKind.HOLIDAY, "on": TET, "name_vi": "x", "is_confirmed": True, "source": ""}, "source"),
        ({"kind": ChangeKind.POLICY}, "code"),
        ({"kind": ChangeKind.POLICY, "code": "nothing"}, "code"),
    ],
)
def test_a_change_that_makes_no_sense_is_named(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InputError) as caught:
        changed(PACK, **changes)
    assert caught.value.field == field
