"""The full answer and the search, on the little city: one statement for an answer, words for what cannot be answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from errors import InputError, NotFound, PlaceError
from geo.answer import PlaceAnswer, Subject, UseState
from geo.answers import answer_point
from geo.asking import ask_address, ask_area, ask_parcel, ask_permit, ask_street
from geo.facts import Coverage, Register
from geo.models import (
    Address,
    AdminUnit,
    AdminUnitSuccession,
    Parcel,
    ParcelSuccession,
    Permit,
    PlanLine,
    RegisterSource,
)
from geo.permit_number import make_permit_plain
from geo.search import search
from geo.search_hits import HitKind, NoteKind, Why
from geo.search_wording import say_note
from geo.street_names import rebuild_street_names
from tests.small_city import lonlat, rectangle

pytestmark = pytest.mark.usefixtures("loaded")
ON, NINE = date(2026, 11, 22), time(9)


def at(east_m: float, north_m: float, on: date = ON, hour: time = NINE, **more: Any) -> PlaceAnswer:
    return answer_point(*lonlat(east_m, north_m), on, hour, **more)


def a_row(like: Any, **fields: Any) -> dict[str, Any]:
    return {
        "city": like.city,
        "source": like.source,
        "load": like.load,
        "row_sha256": "x",
        "valid_from": date(2024, 1, 1),
        **fields,
    }


@pytest.fixture
def houses() -> None:
    parcel = Parcel.objects.first()
    assert parcel is not None
    source = RegisterSource.objects.create(city=parcel.city, register="address", name="houses", title_vi="Số nhà",
                                           valid_from=date(2024, 1, 1))  # fmt: skip
    for index, (number, street, former) in enumerate(
        [("822/23/1", "Hương Lộ 2", "Phường 15, Quận Tân Bình"), ("822/23/3", "Hương Lộ 2", ""), ("822", "Hương Lộ 2", ""),
         ("70", "Nguyễn Sỹ Sách", ""), ("1", "Phố Nhỏ", ""), ("12", "3/2", "")]
    ):  # fmt: skip
        lon, lat = lonlat(30 + index, 140)
        Address.objects.create(**a_row(parcel, source=source, key=str(index), house_number=number, street=street,
            house_number_plain=number.lower(), street_plain={"Hương Lộ 2": "huong lo 2", "Nguyễn Sỹ Sách": "nguyen sy sach",
            "Phố Nhỏ": "nho"}.get(street, street), former_unit=former, geom=f"SRID=4326;POINT({lon} {lat})"))  # fmt: skip
    rebuild_street_names(parcel.city_id)


def test_a_parcel_with_plans_permit_and_lines() -> None:
    answer = at(50, 140)
    parcel = answer.parcel
    assert parcel is not None and parcel.key == "000010010001"
    assert (parcel.stated_area_m2, round(parcel.measured_area_m2)) == (3600, 3600)
    assert [(z.code, round(z.share_pct), round(z.area_m2)) for z in parcel.zoning] == [("NO-01", 100, 3600)]
    assert parcel.land_use == answer.land_use == ()
    assert [(p.number, p.standing, p.distance_m) for p in answer.permits] == [("GP-1", "in_force", 0)]
    assert answer.is_generated and answer.units[0].name == "Phường Nhỏ"


def test_the_sidewalk_by_hour() -> None:
    def states(hour: time) -> dict[str, UseState]:
        return {use.use: use.state for use in at(205, 112, hour=hour).sidewalks[0].uses}

    assert states(NINE) == {"parking": UseState.ALLOWED, "trading": UseState.NOT_LISTED}
    assert states(time(23))["parking"] is UseState.OTHER_HOURS


def test_a_red_line_takes_the_part_at_the_road() -> None:
    line = PlanLine.objects.get()
    (west, south), (east, north) = lonlat(0, 116), lonlat(400, 116)
    PlanLine.objects.filter(pk=line.pk).update(geom=f"SRID=4326;LINESTRING({west} {south}, {east} {north})")
    answer = at(50, 140)
    assert answer.plan_lines[0].affected_m2 == pytest.approx(120, abs=0.5)  # 60 m front, 2 m deep
    assert answer.parcel is not None and answer.parcel.plan_lines == answer.plan_lines


def test_stretches_of_one_line_cut_together_and_count_once() -> None:
    line = PlanLine.objects.get()

    def draw(west_m: float, east_m: float) -> str:
        (west, south), (east, north) = lonlat(west_m, 116), lonlat(east_m, 116)
        return f"SRID=4326;LINESTRING({west} {south}, {east} {north})"

    PlanLine.objects.filter(pk=line.pk).update(geom=draw(0, 50), name="Phố Nhỏ")
    assert at(50, 140).plan_lines[0].affected_m2 == 0  # it ends inside the parcel and parts nothing
    other = PlanLine.objects.create(**a_row(line, key="m2", kind=line.kind, name="Phố Nhỏ", geom=draw(50, 400)))
    (told,) = at(50, 140).plan_lines
    assert told.affected_m2 == pytest.approx(120, abs=0.5)
    PlanLine.objects.filter(pk__in=(line.pk, other.pk)).update(geom=draw(0, 400))
    (told,) = at(50, 140).plan_lines
    assert told.affected_m2 == pytest.approx(120, abs=0.5)


def test_several_parcels_none_chosen() -> None:
    answer = at(265, 120, accuracy_m=6)
    assert answer.chosen == "" and answer.parcel is None
    assert len(answer.parcels) == 4
    assert sum(parcel.likelihood for parcel in answer.parcels) == pytest.approx(1)
    assert all(line.affected_m2 is None for line in answer.plan_lines)


@pytest.mark.parametrize("place", [(50, 140), (265, 120), (205, 112), (390, 390)])
def test_one_statement_answers(place: tuple[float, float]) -> None:
    with CaptureQueriesContext(connection) as asked:
        at(*place)
    assert len(asked) == 1
    at(*place, lean=True)  # what the sources say of themselves is read once
    with CaptureQueriesContext(connection) as asked:
        at(*place, lean=True)
    assert len(asked) == 1


def test_nothing_here_is_told_from_no_data_and_from_before_all_data() -> None:
    answer = at(50, 300)
    states = {state.register: state.coverage for state in answer.registers}
    assert states[Register.PARCEL] is Coverage.CHECKED and states[Register.OVERLAY] is Coverage.NO_DATA
    before = at(50, 140, on=date(1990, 1, 1))
    assert {state.coverage for state in before.registers} == {Coverage.NO_DATA}
    assert before.data_from == date(2024, 1, 1)


def test_outside_every_city() -> None:
    with pytest.raises(PlaceError, match="no city"):
        answer_point(2.35, 48.85, ON, NINE)


def test_by_key_however_it_is_written() -> None:
    for key in ("000010010001", "00001 001 0001", "00001-001-0001"):
        answer = ask_parcel(key, ON, NINE)
        assert (answer.chosen, answer.asked.subject) == ("000010010001", Subject.PARCEL)


@pytest.mark.parametrize(
    ("key", "said"),
    [("000010020820", "Sheet 2 has no parcel 820; there is"), ("000010090001", "There is no sheet 9; there is 1"),
     ("999990010001", "ward code 99999")],
)  # fmt: skip
def test_a_wrong_key_says_which_part(key: str, said: str) -> None:
    with translation.override("en"), pytest.raises(NotFound) as told:
        ask_parcel(key, ON, NINE)
    assert said in told.value.message and told.value.is_worded


def test_a_renumbered_parcel_leads_to_the_new_one() -> None:
    parcel = Parcel.objects.get(key="000010010001")
    ParcelSuccession.objects.create(
        **a_row(parcel, key="m", old_key="000010030009", new_key=parcel.key, kind="renumbered")
    )
    found = search("000010030009", ON)
    assert [(hit.key, hit.why) for hit in found.hits] == [("000010010001", Why.SUCCESSOR)]


def test_by_permit_street_address_and_area(houses: None) -> None:
    assert ask_permit("gp-1", ON, NINE).chosen == "000010010001"
    street = ask_street("pho nho", ON, NINE)
    assert street.asked.subject is Subject.STREET and street.asked.area_m2 == pytest.approx(
        400 * 10 + 400 * 4 + 78, rel=0.05
    )
    assert ask_address("1 Phố Nhỏ", ON, NINE).chosen == "000010010001"
    area = ask_area(rectangle(20, 114, 160, 174), ON, NINE)
    assert area.parcels_in_all == 2 and area.chosen == ""
    assert area.asked.area_m2 == pytest.approx(140 * 60, rel=1e-3)
    assert [(z.code, round(z.share_pct)) for z in area.zoning] == [("NO-01", 100)]


@pytest.mark.parametrize(
    "typed", ["0042/2026/GPXD-XH (minh hoạ)", "42/2026/gpxđ-xh", "042 2026 gpxd", "Giấy phép số 42/2026"]
)
def test_a_permit_is_opened_as_the_search_field_reads_it(houses: None, typed: str) -> None:
    permit = Permit.objects.get()
    number = "0042/2026/GPXD-XH (minh hoạ)"
    Permit.objects.update(number=number, number_plain=make_permit_plain(number))
    assert search(typed, ON).hits[0].key == number
    answer = ask_permit(typed, ON, NINE)
    assert (answer.chosen, answer.asked.text) == ("000010010001", number)
    Permit.objects.create(**a_row(permit, key="p2", number="42/2026/NV", number_plain="42 2026 nv"))
    if typed.endswith("42/2026"):
        with pytest.raises(InputError, match="Several permits fit") as told:
            ask_permit(typed, ON, NINE)
        assert "42/2026/NV" in str(told.value.value) and number in str(told.value.value)
    else:
        assert ask_permit(typed, ON, NINE).asked.text == number
    with pytest.raises(NotFound):
        ask_permit("42/202", ON, NINE)


def test_a_permit_that_is_not_drawn_is_answered_by_its_parcels() -> None:
    Permit.objects.update(geom=None, parcel_keys=["000010010001"])
    answer = ask_permit("GP-1", ON, NINE)
    assert (answer.asked.subject, answer.chosen) == (Subject.PERMIT, "000010010001")
    Permit.objects.update(parcel_keys=["000010010001", "000010010002"])
    assert {parcel.key for parcel in ask_permit("GP-1", ON, NINE).parcels} == {"000010010001", "000010010002"}
    Permit.objects.update(parcel_keys=[])
    with pytest.raises(NotFound, match="no place for this permit"):
        ask_permit("GP-1", ON, NINE)


def test_what_is_asked_for_in_vain(houses: None) -> None:
    for ask, value in ((ask_permit, "GP-9"), (ask_street, "Đường Không Có"), (ask_address, "9 Đường Không Có")):
        with pytest.raises(NotFound) as told:
            ask(value, ON, NINE)
        assert told.value.cure
    with pytest.raises(InputError, match="too large"):
        ask_area(
            {"type": "Polygon", "coordinates": [[[106.6, 10.7], [106.7, 10.7], [106.7, 10.8], [106.6, 10.7]]]}, ON, NINE
        )


@pytest.mark.parametrize(
    ("text", "kind", "title", "why"),
    [
        ("822/23/1 hương lộ 2", HitKind.ADDRESS, "822/23/1 Hương Lộ 2", Why.EXACT),
        ("822/23/1 huong lo 2", HitKind.ADDRESS, "822/23/1 Hương Lộ 2", Why.EXACT),
        ("822/23 Huong Lo 2", HitKind.ADDRESS, "822/23/1 Hương Lộ 2", Why.IN_ALLEY),
        ("70 Nguyen Sy Sac", HitKind.ADDRESS, "70 Nguyễn Sỹ Sách", Why.SPELLING),
        ("nguyễn sĩ sách", HitKind.STREET, "Nguyễn Sỹ Sách", Why.SPELLING),
        ("12 3/2", HitKind.ADDRESS, "12 3/2", Why.EXACT),
        ("gp-1", HitKind.PERMIT, "GP-1", Why.NUMBER),
        ("phuong nho", HitKind.UNIT, "Phường Nhỏ", Why.EXACT),
    ],
)
def test_one_field_for_everything(houses: None, text: str, kind: HitKind, title: str, why: Why) -> None:
    best = search(text, ON).hits[0]
    assert (best.kind, best.title, best.why) == (kind, title, why)


def test_an_address_bears_both_units(houses: None) -> None:
    (best, *_) = search("822/23/1 Hương Lộ 2, P.15, Q. Tân Bình", ON).hits
    assert (best.unit, best.former_unit) == ("Phường Nhỏ", "Phường 15, Quận Tân Bình")
    assert best.score > search("822/23/1 Hương Lộ 2, P.3, Q.9", ON).hits[0].score


def test_a_split_unit_gives_every_part() -> None:
    unit = AdminUnit.objects.get()
    second = AdminUnit.objects.get()
    second.pk, second.key, second.code, second.name, second.name_plain = None, "2", "00002", "Phường Kia", "phuong kia"
    second.save()
    for number, code in ((1, "00001"), (2, "00002")):
        AdminUnitSuccession.objects.create(**a_row(unit, key=str(number), old_code="00002", new_code=code, kind="split",
            old_name="Phường 15, Quận Tân Bình", old_name_plain="phuong 15, quan tan binh"))  # fmt: skip
    found = search("70 Nguyễn Sỹ Sách, P.15, Tân Bình", ON)
    assert [hit.title for hit in found.hits if hit.kind is HitKind.UNIT] == ["Phường Kia", "Phường Nhỏ"]
    assert NoteKind.SPLIT_UNIT in {note.kind for note in found.notes}


def test_a_sheet_and_number_in_a_ward_by_its_new_or_former_name() -> None:
    unit = AdminUnit.objects.get()
    AdminUnitSuccession.objects.create(**a_row(unit, key="1", old_code="00001", new_code="00001", kind="whole",
        old_name="Phường 15, Quận Tân Bình", old_name_plain="phuong 15, quan tan binh"))  # fmt: skip
    for ward in ("phường Nhỏ", "p15 tan binh"):
        found = search(f"tờ 1 thửa 1, {ward}", ON)
        assert [(hit.key, hit.why) for hit in found.hits] == [("000010010001", Why.SHEET_AND_NUMBER)], ward


def test_a_ward_without_parcels_and_one_that_is_not_there() -> None:
    with translation.override("en"):
        Parcel.objects.update(ward_code="00077")
        (note,) = search("tờ 1 thửa 1, phường Nhỏ", ON).notes
        assert (note.kind, say_note(note)) == (NoteKind.NO_PARCELS, "The register holds no parcels of this ward.")
        (note,) = search("tờ 1 thửa 1, phường Xyz", ON).notes
        assert say_note(note) == "No unit called “xyz” is on record."


def test_before_the_reform_the_unit_of_that_time_answers() -> None:
    unit = AdminUnit.objects.get()
    AdminUnitSuccession.objects.create(**a_row(unit, key="1", old_code="00009", new_code="00001", kind="whole",
        old_name="Phường 15, Quận Tân Bình", old_name_plain="phuong 15, quan tan binh") | {"valid_from": ON})  # fmt: skip
    assert [hit.title for hit in search("P.15, Tân Bình", date(2024, 6, 1)).hits] == ["Phường 15, Quận Tân Bình"]
    (now,) = search("P.15, Tân Bình", ON).hits
    assert (now.title, now.why, now.former_unit) == ("Phường Nhỏ", Why.FORMER_NAME, "Phường 15, Quận Tân Bình")


def test_coordinates_are_understood_and_said() -> None:
    lon, lat = lonlat(50, 140)
    for text in (f"{lat:.6f}, {lon:.6f}", f"{lon:.6f} {lat:.6f}"):
        found = search(text, ON)
        assert found.hits[0].why is Why.COORDINATES and found.hits[0].lon == pytest.approx(lon, abs=1e-6)
        with translation.override("en"):
            assert say_note(found.notes[0]).startswith("Read as WGS 84")


@pytest.mark.parametrize("text", ["", "   ", "🏠"[:0], "\u200b"])
def test_nothing_to_look_for(text: str) -> None:
    with pytest.raises(InputError, match="nothing to look for"):
        search(text, ON)


@pytest.mark.parametrize(
    "text", ["';DROP TABLE geo_parcel;--", "%' OR 1=1", "\\", "%(on)s", "a" * 200, "((((", "+-*/", "🏠🏠"]
)
def test_hostile_words_only_find_nothing(text: str) -> None:
    assert search(text, ON).hits == ()
    assert Parcel.objects.exists()


def test_the_number_of_statements_of_a_search_is_bounded(houses: None) -> None:
    for text in (
        "822/23/1 Hương Lộ 2, P.15, Q. Tân Bình",
        "000010010001",
        "tờ 9 thửa 9",
        "xyz abc def",
        "9 Phố Nhỏ",
        "GP-1",
    ):
        with CaptureQueriesContext(connection) as asked:
            search(text, ON)
        assert len(asked) <= 13, text


def test_a_permit_of_a_former_key() -> None:
    permit = Permit.objects.get()
    Permit.objects.filter(pk=permit.pk).update(parcel_keys=["old-key"], geom=None)
    assert at(50, 140).permits == ()
    ParcelSuccession.objects.create(
        **a_row(permit, key="m", old_key="old-key", new_key="000010010001", kind="renumbered")
    )
    assert at(50, 140).permits[0].parcel_keys == ("old-key", "000010010001")


def test_load_rebuilds_street_names(load: Callable[..., Any]) -> None:
    found = search("pho nho", ON)
    assert (found.hits[0].kind, found.hits[0].title) == (HitKind.STREET, "Phố Nhỏ")
