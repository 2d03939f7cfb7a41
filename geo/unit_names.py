"""How people write administrative units: 'P.15, Q.Tân Bình', 'F15 Q. Tan Binh', 'Phường Sài Gòn' -> their parts. Pure.

Accents, case and dots do not matter; a leading zero of a number does not either. What is no unit (house, street) is kept
apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from geo.plain_text import make_plain


class UnitTier(StrEnum):
    """Which of the (former) three tiers a part of a name belongs to."""

    WARD = "ward"
    DISTRICT = "district"
    PROVINCE = "province"


@dataclass(frozen=True, slots=True)
class UnitPart:
    """One unit as written: ``kind`` in full and plain ('phuong'), empty where only a name stands; ``name`` plain."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class WrittenUnits:
    """The units that a text names, and the rest of it. ``bare`` are parts without a kind: any tier may be meant."""

    ward: UnitPart | None = None
    district: UnitPart | None = None
    province: UnitPart | None = None
    bare: tuple[str, ...] = ()
    rest: str = ""

    def is_empty(self) -> bool:
        """Nothing that may be a unit."""
        return not (self.ward or self.district or self.bare)


_KINDS = {
    "phuong": ("phuong", UnitTier.WARD), "p": ("phuong", UnitTier.WARD), "f": ("phuong", UnitTier.WARD),
    "ph": ("phuong", UnitTier.WARD), "xa": ("xa", UnitTier.WARD), "x": ("xa", UnitTier.WARD),
    "thi tran": ("thi tran", UnitTier.WARD), "tt": ("thi tran", UnitTier.WARD),
    "dac khu": ("dac khu", UnitTier.WARD), "dk": ("dac khu", UnitTier.WARD),
    "quan": ("quan", UnitTier.DISTRICT), "q": ("quan", UnitTier.DISTRICT),
    "huyen": ("huyen", UnitTier.DISTRICT), "h": ("huyen", UnitTier.DISTRICT),
    "thi xa": ("thi xa", UnitTier.DISTRICT), "tx": ("thi xa", UnitTier.DISTRICT),
    "thanh pho": ("thanh pho", UnitTier.DISTRICT), "tp": ("thanh pho", UnitTier.DISTRICT),
    "tinh": ("tinh", UnitTier.PROVINCE),
}  # fmt: skip
_WORDS = "|".join(sorted(_KINDS, key=len, reverse=True))
_SHORT = "p|f|ph|q"  # the letters before a number: P15, F.15, Q3
_NAMED = re.compile(rf"^({_WORDS})[\s.]+(\S.*)$")
_NUMBERED = re.compile(rf"^({_SHORT})[\s.]*(\d{{1,2}})$")
_HIDDEN = re.compile(
    rf"(?<=\S)\s+(?=(?:{_SHORT})[\s.]*\d{{1,2}}\b|(?:{_SHORT}|tp|tx|h|x)\.\s*\S|[qf]\s+\S"
    r"|(?:phuong|quan|huyen|thi tran|thanh pho)\s)"
)
_ABROAD = frozenset(("viet nam", "vn", "vietnam"))


def parse_units(text: str, provinces: frozenset[str] = frozenset()) -> WrittenUnits:
    """The parts of an address or name. ``provinces``: plain names of cities of the first tier, told from a district's."""
    found: dict[UnitTier, UnitPart] = {}
    bare: list[str] = []
    rest: list[str] = []
    for number, segment in enumerate(_split(text)):
        named = parse_part(segment)
        if named is None:
            (rest if number == 0 and any(c.isdigit() for c in segment) else bare).append(segment)
            continue
        part, tier = named
        if tier is UnitTier.DISTRICT and part.name in provinces:  # a ward may bear the city's name
            tier = UnitTier.PROVINCE
        found.setdefault(tier, part)
    return WrittenUnits(
        ward=found.get(UnitTier.WARD),
        district=found.get(UnitTier.DISTRICT),
        province=found.get(UnitTier.PROVINCE),
        bare=tuple(word for word in bare if word not in provinces and word not in _ABROAD),
        rest=", ".join(rest),
    )


def parse_part(segment: str) -> tuple[UnitPart, UnitTier] | None:
    """One plain segment as a unit with its tier; None where no kind is written."""
    found = _NUMBERED.match(segment) or _NAMED.match(segment)
    if not found:
        return None
    kind, tier = _KINDS[found[1]]
    return UnitPart(kind, _clean(found[2])), tier


def _split(text: str) -> list[str]:
    """Plain segments between commas, semicolons and dashes, and before a unit that stands in the middle of one."""
    segments = [part for piece in re.split(r"[,;\n]| - | – ", make_plain(text)) for part in _HIDDEN.split(piece)]
    return [segment.strip(" .") for segment in segments if segment.strip(" .")]


def _clean(name: str) -> str:
    words = name.replace(".", " ").split()
    return " ".join(word.lstrip("0") or "0" if word.isdigit() else word for word in words)
