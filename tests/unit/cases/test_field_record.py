"""The checklists of a city, and what a phone hands in: read, checked, its clock corrected."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cases.field_form import check_answers, parse_field_form
from cases.field_record import check_acts, read_field_record
from cases.record_draft import find_law
from errors import ConfigurationError, InputError
from rules.ordinances import Fine, LawInForce

AT = "2026-11-26T09:00:00+07:00"
PACKS = sorted((Path(__file__).resolve().parents[3] / "cities").glob("*/inspection.toml"))


def a_body(**changes: Any) -> dict[str, Any]:
    return {"outcome": "warned", "done_at": AT} | changes


@pytest.mark.parametrize("file", PACKS, ids=lambda path: path.parent.name)
def test_every_city_has_forms_that_can_be_read(file: Path) -> None:
    form = parse_field_form(tomllib.loads(file.read_text()))
    assert form.checks_for("construction")
    assert all(act.vi and act.en for act in form.acts)


def test_a_pack_with_a_fault_names_it() -> None:
    for pack in ({"check": [{"code": "a"}]}, {"check": [{"code": "a", "vi": "b", "en": "c", "kind": "colour"}]},
                 {"act": [{"code": "A", "vi": "b", "en": "c"}] * 2}, {"record": 3}):  # fmt: skip
        with pytest.raises(ConfigurationError):
            parse_field_form(pack)


FORM = parse_field_form(
    {
        "check": [
            {"code": "open", "vi": "Mở", "en": "Open", "kind": "yes_no", "is_required": True},
            {"code": "area", "vi": "Rộng", "en": "Area", "kind": "number", "uses": ["parking"]},
            {"code": "who", "vi": "Ai", "en": "Who", "kind": "choice", "choices": ["owner", "nobody"]},
        ]
    }
)


def test_answers_fit_their_questions() -> None:
    given = {"open": False, "who": "owner"}
    assert check_answers(FORM, "trading", given, is_complete=True) == given
    for wrong in ({"open": "yes"}, {"who": "me"}, {"area": 3}, {"open": None, "x": 1}):
        with pytest.raises(InputError):
            check_answers(FORM, "trading", wrong, is_complete=False)
    with pytest.raises(InputError, match="open"):
        check_answers(FORM, "trading", {}, is_complete=True)


def test_the_narrowest_way_by_tape_is_the_width() -> None:
    measures = [{"kind": "free_width", "value": v, "tool": "tape"} for v in (1.4, 0.95)]
    assert read_field_record("key-0001", a_body(measures=measures)).free_width_m == 0.95
    assert read_field_record("key-0001", a_body()).free_width_m is None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"outcome": "burned"}, "outcome"),
        ({"done_at": ""}, "done_at"),
        ({"done_at": "2026-11-26T09:00:00"}, "done_at"),
        ({"measures": [{"kind": "free_width", "value": -1, "tool": "tape"}]}, "measures.0.value"),
        ({"measures": [{"kind": "free_width", "value": 1, "tool": "eye"}]}, "measures.0.tool"),
        ({"photos": ["x"]}, "photos"),
        ({"parties": [{"part": "violator", "identity": {"name": "A"}}]}, "parties.0.unsigned_reason"),
        ({"permit_found": {"issued_on": "2026-01-01"}}, "permit_found.number"),
        ({"version": "3"}, "version"),
        ({"note": "x" * 5000}, "note"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_fault_names_its_field(body: dict[str, Any], field: str) -> None:
    with pytest.raises(InputError) as told:
        read_field_record("key-0001", a_body(**body))
    assert told.value.field == field


@pytest.mark.parametrize("body", [[], "x", None, 3], ids=str)
def test_only_an_object_is_a_form(body: Any) -> None:
    with pytest.raises(InputError):
        read_field_record("key-0001", body)


def test_the_parties_are_not_in_what_others_read() -> None:
    record = read_field_record("key-0001", a_body(parties=[
        {"part": "violator", "identity": {"name": "Bà Tư", "colour": "x"}, "unsigned_reason": "vắng mặt"}]))  # fmt: skip
    assert "Bà Tư" not in str(record.content)
    assert dict(record.parties[0].identity) == {"name": "Bà Tư"}


def test_a_clock_that_is_wrong_is_corrected() -> None:
    received = datetime(2026, 11, 26, 3, tzinfo=UTC)
    fast = read_field_record(
        "key-0001", a_body(done_at="2026-11-26T10:30:00+07:00", sent_at="2026-11-26T11:00:00+07:00")
    )
    assert fast.clock_error(received) == timedelta(hours=1)
    assert fast.done(received) == datetime(2026, 11, 26, 2, 30, tzinfo=UTC)
    fine = read_field_record("key-0001", a_body(sent_at="2026-11-26T10:01:00+07:00"))
    assert fine.clock_error(received) == timedelta()
    silent = read_field_record("key-0001", a_body(done_at="2027-01-01T00:00:00+07:00"))
    assert silent.clock_error(received) is None
    assert silent.done(received) == received  # never after its receipt


def test_a_violation_names_an_act_of_its_use() -> None:
    named = read_field_record("key-0001", a_body(outcome="violation", acts=["VH02"]))
    check_acts(named, ["VH01", "VH02"])
    for body, known in ((a_body(outcome="violation"), ["VH01"]), (a_body(outcome="violation", acts=["XD07"]), ["VH01"]),
                        (a_body(outcome="no_violation", acts=["VH01"]), ["VH01"])):  # fmt: skip
        with pytest.raises(InputError):
            check_acts(read_field_record("key-0001", body), known)
    check_acts(read_field_record("key-0001", a_body(outcome="violation")), [])  # a city without a table of fines


def test_the_range_is_that_of_the_day_and_of_who_pays() -> None:
    fine = Fine(
        "XD07", "G1", date(2022, 1, 28), None, 60_000_000, 80_000_000, 0.5, "NĐ 16/2022, Điều 16 khoản 7", False
    )
    law = LawInForce(date(2026, 8, 1), "v", (), (fine,))
    own, firm = (find_law(law, "XD07", "không phép", is_organisation=it) for it in (False, True))
    assert own.ranges == ("G1: 30.000.000 - 40.000.000 đ",)
    assert firm.ranges == ("G1: 60.000.000 - 80.000.000 đ",)
    assert not own.is_confirmed
    assert find_law(law, "VH09", "?", is_organisation=False).citation == ""
