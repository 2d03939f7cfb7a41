"""What a person typed into the one search field -> what it may mean: a parcel, an address, units. Pure.

An address is read as "822/23/1 Hương Lộ 2, P.15, Q. Tân Bình": house (1 in alley 23 of alley 822), street, units from the
smallest. Vietnamese with accents or none, and English forms, are read alike. Nothing is looked up here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from geo.plain_text import make_plain, make_street_plain

MOST_LETTERS = 200
_HOUSE = r"[a-z]{0,3}\d+[a-z]{0,3}(?:/\d*[a-z]{0,3}\d*[a-z]{0,2})*"
_HOUSE_FIRST = re.compile(
    rf"^(?:(?:so nha|so|nha so|nha|no\.?|hem|ngo|kiet)\s+)?({_HOUSE})(?:\s+bis)?(?=[\s,]|$)[\s,]*(.*)$"
)
_ALLEY_AFTER = re.compile(rf"^(?:hem|ngo|kiet)\s+({_HOUSE})[\s,]+(.*)$")
_STREET_NUMBERED = re.compile(r"^(?:(?:duong|pho)\s+)?(?:so|thang)\s+\d")
_PREFIXES = {
    "phuong": "ward", "p": "ward", "xa": "ward", "thi tran": "ward", "tt": "ward", "dac khu": "ward", "ward": "ward",
    "quan": "district", "q": "district", "huyen": "district", "h": "district", "thi xa": "district",
    "district": "district", "thanh pho": "city", "tp": "city", "tinh": "city",
}  # fmt: skip
_LONG = "phuong|xa|thi tran|dac khu|ward|quan|huyen|thi xa|district|thanh pho|tinh"
_UNIT = re.compile(
    rf"(?:^|[\s,(-])(?:(?P<long>{_LONG})\s+(?=\S)|(?P<dotted>p|q|h|tt|tp)\s*\.\s*(?=\S)|(?P<digit>p|q)\s?(?=\d{{1,2}}(?:\D|$))"
    r"|(?P<tp>tp)\s+(?=\S))"
)
_OLD_WORDS = re.compile(r"\b(?:cu|formerly|nay la|truoc day)\b\s*:?")
_NUMBERS_ONLY = re.compile(r"^[\s\d.,;:°'\"+\-nesw()xy=]+$", re.IGNORECASE)
_SHEET = re.compile(r"\b(?:to ban do so|to ban do|to so|to|sheet|map)\s*(?:so\s*)?[:#]?\s*([0-9]+[a-z]?)\b")
_NUMBER = re.compile(r"\b(?:thua dat so|thua dat|thua so|thua|parcel|lot|plot)\s*(?:so\s*)?[:#]?\s*([0-9][0-9a-z]*)\b")


@dataclass(frozen=True, slots=True)
class UnitWords:
    """A unit as typed: ``level`` is ward, district, city, or empty when only the name stands there; plain name."""

    level: str
    name: str


@dataclass(frozen=True, slots=True)
class AddressWords:
    """A typed address in plain letters. ``house`` or ``street`` may be empty; units from the smallest."""

    house: str
    street: str
    units: tuple[UnitWords, ...] = ()


@dataclass(frozen=True, slots=True)
class ParcelWords:
    """A parcel as typed: by its whole key, or by sheet and number with units as typed; empty is not said."""

    key: str = ""
    ward_code: str = ""
    sheet: str = ""
    number: str = ""
    units: tuple[UnitWords, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchText:
    """The typed text and its readings; a reading that does not fit is none."""

    text: str
    plain: str
    parcel: ParcelWords | None
    address: AddressWords | None
    may_be_coordinates: bool


def read_search_text(text: str) -> SearchText:
    """All readings that need no knowledge of the city."""
    seen = "".join(
        sign for sign in unicodedata.normalize("NFC", text) if unicodedata.category(sign) not in ("Cf", "Cc")
    )
    shown = " ".join(seen.split())[:MOST_LETTERS]
    plain = make_plain(shown)
    parcel = _read_parcel(plain)
    is_numbers = bool(_NUMBERS_ONLY.match(shown)) and len(re.findall(r"\d+", shown)) >= 2 and "/" not in shown
    address = None if parcel or not re.search(r"[^\W_]", plain) else read_address(plain)
    return SearchText(shown, plain, parcel, address, is_numbers)


def _read_parcel(plain: str) -> ParcelWords | None:
    """'tờ 10 thửa 16, phường 12, Bình Thạnh' in either order; None when either word is missing."""
    sheet, number = _SHEET.search(plain), _NUMBER.search(plain)
    if not sheet or not number:
        return None
    rest = plain
    for found in sorted((sheet, number), key=lambda match: -match.start()):
        rest = f"{rest[: found.start()]},{rest[found.end() :]}"
    return ParcelWords(sheet=sheet[1].upper(), number=number[1].upper(), units=_read_units(rest))


def match_key(text: str, pattern: re.Pattern[str]) -> ParcelWords | None:
    """The text as a parcel key of this pattern, with or without separators between its parts."""
    shown = text.strip().upper()
    for candidate in (
        shown,
        re.sub(r"\s+", "", shown),
        re.sub(r"[\s./_-]+", "", shown),
        re.sub(r"[\s./_]+", "-", shown),
    ):
        found = pattern.match(candidate)
        if found:
            parts: Mapping[str, str] = found.groupdict()
            return ParcelWords(
                candidate, parts.get("ward_code") or "", parts.get("sheet") or "", parts.get("number") or ""
            )
    return None


def read_address(text: str) -> AddressWords:
    """House, street and units of a typed address; what has no number is a street or a unit, which only a look can tell."""
    plain = make_plain(text)
    first_unit = _UNIT.search(plain)
    head, tail = (plain[: first_unit.start()], plain[first_unit.start() :]) if first_unit else (plain, "")
    head, _, more = head.partition(",") if not _HOUSE_FIRST.match(head) else _part_after_street(head)
    house, street = _split_house(head.strip(" ,-()"))
    return AddressWords(house, make_street_plain(street) if street else "", _read_units(f"{more},{tail}"))


def _part_after_street(head: str) -> tuple[str, str, str]:
    """'12, lê lợi, bến nghé': the comma after the house number does not end the street."""
    found = _HOUSE_FIRST.match(head)
    number, rest = (found[1], found[2]) if found else ("", head)
    street, comma, more = rest.partition(",")
    return f"{number} {street}".strip(), comma, more


def _split_house(head: str) -> tuple[str, str]:
    if _STREET_NUMBERED.match(head):
        return "", head
    found = _HOUSE_FIRST.match(head)
    if not found:
        return "", head
    house, street = re.sub(r"^0+(?=\d)", "", found[1]), found[2].strip()
    if not street:
        return ("", head) if re.match(r"^\d+/\d+$", head) is None else (house, "")
    alley = _ALLEY_AFTER.match(street)
    while alley:  # "1 hẻm 23 hẻm 822 đường ..." is 822/23/1
        house, street = f"{alley[1]}/{house}", alley[2].strip()
        alley = _ALLEY_AFTER.match(street)
    return house, street


def _read_units(text: str) -> tuple[UnitWords, ...]:
    """Units in the order written; the words for "formerly" are dropped, for both forms lead to the same place."""
    cleaned = _OLD_WORDS.sub(" ", text)
    units: list[UnitWords] = []
    for part in re.split(r"[,;()]", cleaned):
        pieces = [*_UNIT.finditer(part)]
        if not pieces:
            _add(units, "", part)
            continue
        _add(units, "", part[: pieces[0].start()])
        ends = [piece.start() for piece in pieces[1:]] + [len(part)]
        for piece, end in zip(pieces, ends, strict=True):
            prefix = next(word for word in piece.groups() if word)
            _add(units, _PREFIXES[prefix], part[piece.end() : end])
    return tuple(units)


def _add(units: list[UnitWords], level: str, name: str) -> None:
    """A number may carry the next name behind it: 'p15 tan binh' is ward 15 and a unit called tan binh."""
    name = " ".join(name.strip(" .,-").split())
    numbered = re.match(r"^0*(\d{1,2})\s+(\D.*)$", name)
    if level and numbered:
        units.append(UnitWords(level, numbered[1]))
        level, name = "", numbered[2].strip(" .,-")
    two = re.match(r"^(.+?)\s+(q|h|tp)\s+(.+)$", name) if level == "ward" else None
    if two:
        units.append(UnitWords(level, two[1]))
        level, name = _PREFIXES[two[2]], two[3]
    name = re.sub(r"^0+(?=\d)", "", name)
    if name:
        units.append(UnitWords(level, name))
