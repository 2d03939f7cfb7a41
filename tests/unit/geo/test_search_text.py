"""What people type and what it is read as: golden addresses with alleys, former units, keys with and without separators."""

from __future__ import annotations

import re

import pytest

from geo.search_hits import HitKind, SearchHit, Why, near_numbers, rank, slips
from geo.search_text import AddressWords, ParcelWords, UnitWords, match_key, read_search_text

W, D = "ward", "district"


def units(*pairs: tuple[str, str]) -> tuple[UnitWords, ...]:
    return tuple(UnitWords(*pair) for pair in pairs)


@pytest.mark.parametrize(
    ("typed", "house", "street", "places"),
    [
        ("70 Nguyễn Sỹ Sách, P.15, Tân Bình", "70", "nguyen sy sach", [(W, "15"), ("", "tan binh")]),
        ("02 Lê Đại Hành, P.15, Q.11", "2", "le dai hanh", [(W, "15"), (D, "11")]),
        ("822/23/1 Hương Lộ 2", "822/23/1", "huong lo 2", []),
        ("1 hẻm 23 hẻm 822 Hương Lộ 2", "822/23/1", "huong lo 2", []),
        ("hẻm 822 Hương Lộ 2", "822", "huong lo 2", []),
        ("70 nguyen sy sach p15 tan binh", "70", "nguyen sy sach", [(W, "15"), ("", "tan binh")]),
        ("822/23/1 huong lo 2 p.binh tri dong a q binh tan", "822/23/1", "huong lo 2", [(W, "binh tri dong a"), (D, "binh tan")]),
        ("12 3/2", "12", "3/2", []),
        ("10 đường số 4, quận 7", "10", "so 4", [(D, "7")]),
        ("Phường 12, Bình Thạnh", "", "", [(W, "12"), ("", "binh thanh")]),
        ("128 Nơ Trang Long, phường Bình Thạnh (cũ: phường 12, quận Bình Thạnh)", "128", "no trang long",
         [(W, "binh thanh"), (W, "12"), (D, "binh thanh")]),
        ("457 Mount Auburn St", "457", "mount auburn street", []),
        ("số nhà 12, Lê Lợi, Bến Nghé", "12", "le loi", [("", "ben nghe")]),
        ("Quốc lộ 13", "", "quoc lo 13", []),
    ],
)  # fmt: skip
def test_an_address_is_read(typed: str, house: str, street: str, places: list[tuple[str, str]]) -> None:
    assert read_search_text(typed).address == AddressWords(house, street, units(*places))


@pytest.mark.parametrize(
    "typed", ["tờ 10 thửa 16", "Thửa số 16, tờ bản đồ số 10", "sheet 10 parcel 16", "thua 16 to 10"]
)
def test_sheet_and_parcel_in_any_order(typed: str) -> None:
    assert read_search_text(typed).parcel == ParcelWords(sheet="10", number="16")


def test_units_of_a_sheet_are_kept() -> None:
    read = read_search_text("tờ 10 thửa 16 phường 12, quận Bình Thạnh").parcel
    assert read == ParcelWords(sheet="10", number="16", units=units((W, "12"), (D, "binh thanh")))


TWELVE = re.compile(r"^(?P<ward_code>\d{5})(?P<sheet>\d{3})(?P<number>\d{4})$")
MAP_LOT = re.compile(r"^(?P<sheet>\d{1,3}[A-Z]?)-(?P<number>[0-9A-Z]+)$")


@pytest.mark.parametrize("typed", ["267970100016", "26797 010 0016", "26797-010-0016", " 26797.010.0016 "])
def test_a_key_of_twelve_digits(typed: str) -> None:
    assert match_key(typed, TWELVE) == ParcelWords("267970100016", "26797", "010", "0016")


@pytest.mark.parametrize("typed", ["246A-57", "246a 57", "246A/57"])
def test_a_key_of_map_and_lot(typed: str) -> None:
    assert match_key(typed, MAP_LOT) == ParcelWords("246A-57", "", "246A", "57")


@pytest.mark.parametrize("typed", ["26797010001", "70 Lê Lợi", ""])
def test_what_is_no_key(typed: str) -> None:
    assert match_key(typed, TWELVE) is None


@pytest.mark.parametrize(
    ("typed", "may"),
    [
        ("10.7769, 106.7009", True),
        ("1191942.305 603797.261", True),
        ("822/23", False),
        ("70 Lê Lợi", False),
        ("12", False),
    ],
)
def test_what_may_be_coordinates(typed: str, may: bool) -> None:
    assert read_search_text(typed).may_be_coordinates is may


@pytest.mark.parametrize("typed", ["", "   ", "🏠", "';--", "%%%", "(((", "\\"])
def test_signs_alone_are_no_address(typed: str) -> None:
    assert read_search_text(typed).address is None


def test_near_numbers_are_one_slip_away() -> None:
    assert near_numbers("820", ["1", "82", "28", "821", "8"]) == ("82", "821")
    assert (slips("82", "28"), slips("82", "82"), slips("", "82")) == (1, 0, 2)


def a_hit(title: str, score: float) -> SearchHit:
    return SearchHit(HitKind.ADDRESS, title, title, "town", Why.EXACT, score)


def test_the_best_hit_comes_first_and_once() -> None:
    found = rank([a_hit("b", 0.5), a_hit("a", 0.9), a_hit("b", 0.8), a_hit("far", 0.1)])
    assert [(hit.title, hit.score) for hit in found] == [("a", 0.9), ("b", 0.8)]
    assert [hit.title for hit in rank([a_hit("far", 0.1)])] == ["far"]
