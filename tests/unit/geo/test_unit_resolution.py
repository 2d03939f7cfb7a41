"""Names and addresses of before and after the reform, on the city's real list of 442 old and 168 new units."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import pytest

from geo.unit_names import UnitPart, parse_units
from geo.unit_resolution import Succession, UnitBook, UnitRecord, name_both

DATA = Path(__file__).resolve().parents[3] / "cities" / "hcmc" / "data"
REFORM = date(2025, 7, 1)
TODAY, BEFORE = date(2026, 11, 25), date(2024, 3, 1)
PROVINCES = frozenset(("ho chi minh", "hcm", "tphcm", "tp hcm", "tp.hcm"))


@pytest.fixture(scope="module")
def book() -> UnitBook:
    shapes = json.loads((DATA / "wards_2025.geojson").read_text())["features"]
    units = [UnitRecord(f["properties"]["code"], f["properties"]["fullName"], "ward", REFORM) for f in shapes]
    with (DATA / "old_to_new_wards.csv").open() as stream:
        moves = [
            Succession(row["old_code"], row["old"], code, REFORM)
            for row in csv.DictReader(stream)
            for code in row["new_codes"].split(";")
        ]
    return UnitBook(units, moves, PROVINCES)


@pytest.mark.parametrize(
    ("text", "ward", "district", "bare", "rest"),
    [
        ("70 Nguyễn Sỹ Sách, P.15, Tân Bình", ("phuong", "15"), None, ("tan binh",), "70 nguyen sy sach"),
        ("822/23/1 Hương Lộ 2 P15 Q.Tân Bình", ("phuong", "15"), ("quan", "tan binh"), (), "822/23/1 huong lo 2"),
        ("F15 q tan binh", ("phuong", "15"), ("quan", "tan binh"), (), ""),
        ("Phường 05, Quận 3, TP.HCM", ("phuong", "5"), ("quan", "3"), (), ""),
        ("xã Bình Hưng, H. Bình Chánh, TP Hồ Chí Minh, Việt Nam", ("xa", "binh hung"), ("huyen", "binh chanh"), (), ""),
        ("Sài Gòn", None, None, ("sai gon",), ""),
        ("phường Hiệp Thành, thành phố Thủ Dầu Một, tỉnh Bình Dương", ("phuong", "hiep thanh"),
         ("thanh pho", "thu dau mot"), (), ""),
        ("Đặc khu Côn Đảo", ("dac khu", "con dao"), None, (), ""),
        ("  ", None, None, (), ""),
    ],
)  # fmt: skip
def test_an_address_is_taken_apart(text: str, ward: object, district: object, bare: object, rest: str) -> None:
    found = parse_units(text, PROVINCES)
    assert found.ward == (UnitPart(*ward) if ward else None)
    assert found.district == (UnitPart(*district) if district else None)
    assert (found.bare, found.rest) == (bare, rest)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("70 Nguyễn Sỹ Sách, P.15, Tân Bình", ["Phường Tân Sơn", "Phường Tân Bình"], id="a split ward"),
        pytest.param("02 Lê Đại Hành, P.15, Q.11", ["Phường Phú Thọ"], id="a whole ward"),
        pytest.param("02 le dai hanh p15 q11", ["Phường Phú Thọ"], id="no accents, no commas"),
        pytest.param("F.15 Quận 11, TPHCM", ["Phường Phú Thọ"], id="F for phường"),
        pytest.param("P.25, Q. Bình Thạnh", ["Phường Thạnh Mỹ Tây"], id="domain's example"),
        pytest.param("Phường Bến Nghé", ["Phường Sài Gòn"], id="an old name alone"),
        pytest.param("da kao, quan 1", ["Phường Tân Định", "Phường Sài Gòn"], id="an old name without its kind"),
        pytest.param("Phường Tân Sơn", ["Phường Tân Sơn"], id="a new name"),
        pytest.param("phuong sai gon, tp hcm", ["Phường Sài Gòn"], id="a new name with the city"),
        pytest.param("Phường 999, Quận 1", [], id="no such ward"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_what_a_name_means_today(book: UnitBook, text: str, names: list[str]) -> None:
    assert [candidate.name for candidate in book.resolve(text, TODAY)] == names


def test_a_split_ward_says_that_its_shares_are_not_known(book: UnitBook) -> None:
    first, second = book.resolve("P.15, Q. Tân Bình", TODAY)
    assert first.by_former is not None
    assert (first.by_former.code, first.by_former.share, second.by_former.share) == ("27007", None, None)
    assert name_both(first, "cũ", "nay") == "Phường 15, Quận Tân Bình (cũ), nay Phường Tân Sơn"


def test_a_whole_ward_went_to_its_heir_whole(book: UnitBook) -> None:
    (found,) = book.resolve("P.15, Q.11", TODAY)
    assert found.by_former is not None
    assert found.by_former.share == 1.0
    assert "Phường 15, Quận 11, Thành phố Hồ Chí Minh" in {former.name for former in found.former}


def test_before_the_reform_the_unit_of_that_time_is_the_answer(book: UnitBook) -> None:
    (found,) = book.resolve("P.15, Tân Bình", BEFORE)
    assert (found.code, found.valid_to, found.by_former) == ("27007", REFORM, None)
    assert {heir.name for heir in found.successors} == {"Phường Tân Bình", "Phường Tân Sơn"}
    assert name_both(found, "cũ", "nay") == "Phường 15, Quận Tân Bình (cũ), nay Phường Tân Bình, Phường Tân Sơn"
    assert book.resolve("Phường Sài Gòn", BEFORE) == []


def test_a_number_alone_gives_every_district(book: UnitBook) -> None:
    assert len({c.by_former.name for c in book.resolve("Phường 15", TODAY) if c.by_former}) > 5


def test_a_district_alone_gives_all_its_heirs(book: UnitBook) -> None:
    with (DATA / "old_to_new_wards.csv").open() as stream:
        heirs = {c for row in csv.DictReader(stream) if ", Quận 3," in row["old"] for c in row["new_codes"].split(";")}
    assert {candidate.code for candidate in book.resolve("Quận 3", TODAY)} == heirs


@pytest.mark.parametrize(
    ("text", "name"), [("phuong thanh my tay", "Phường Thạnh Mỹ Tây"), ("phuong thanh mi tay", "Phường Thạnh Mỹ Tây")]
)
def test_a_slip_of_the_pen_is_forgiven_and_said(book: UnitBook, text: str, name: str) -> None:
    found = book.resolve(text, TODAY)
    assert name in {candidate.name for candidate in found}
    assert {candidate.is_spelt_otherwise for candidate in found} == {text.endswith("mi tay")}


def test_every_old_ward_leads_somewhere(book: UnitBook) -> None:
    with (DATA / "old_to_new_wards.csv").open() as stream:
        rows = [row for row in csv.DictReader(stream) if row["old_code"]]
    for row in rows:
        codes = {c.code for c in book.resolve(row["old"], TODAY) if c.by_former and c.by_former.code == row["old_code"]}
        assert codes == set(row["new_codes"].split(";")), row["old"]


def test_the_ones_that_led_to_a_unit(book: UnitBook) -> None:
    before = book.before("27226", BEFORE)
    assert "Phường 15, Quận 11, Thành phố Hồ Chí Minh" in {candidate.name for candidate in before}


def test_a_name_without_a_kind_is_a_unit_of_its_own() -> None:
    """As cities without wards have; what brackets hold is a remark."""
    book = UnitBook([UnitRecord("w", "West Side (clip)", "ward", REFORM)], [], frozenset(("river town",)))
    assert [unit.code for unit in book.resolve("west side, River Town", TODAY)] == ["w"]
    assert book.resolve("phường West Side", TODAY) == []


def test_a_ward_may_bear_the_name_of_its_city() -> None:
    book = UnitBook([UnitRecord("n", "Phường Nhỏ", "ward", REFORM)], [], frozenset(("nho", "tp nho")))
    assert [unit.code for unit in book.resolve("phuong nho, TP. Nhỏ", TODAY)] == ["n"]
    assert book.resolve("TP. Nhỏ", TODAY) == []
