"""Which administrative unit a text means on a day: its own name, a former one, or an address with either. Pure.

A unit that was split gives all its successors with their shares; nobody chooses one silently. Before a reform the unit of
that time is the answer, with what became of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import SequenceMatcher

from geo.plain_text import make_plain
from geo.unit_names import UnitPart, UnitTier, WrittenUnits, parse_part, parse_units

_ALIKE = 0.84  # 'ben thanhh' and 'ben thanh' are 0.95, 'an phu' and 'an phu dong' 0.71, 'an khanh' and 'an lanh' 0.8


@dataclass(frozen=True, slots=True)
class UnitRecord:
    """A unit in its period. ``name`` in full with its kind: 'Phường Sài Gòn'."""

    code: str
    name: str
    level: str
    valid_from: date
    valid_to: date | None = None

    def holds(self, on: date) -> bool:
        """Whether it is in force on the day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


@dataclass(frozen=True, slots=True)
class Succession:
    """``old`` became (part of) ``new_code`` on a day. ``share`` of the old one's area, None when nobody says it;
    ``share_from``: "register", "outlines" (measured), or empty."""

    old_code: str
    old_name: str
    new_code: str
    on: date
    share: float | None = None
    share_from: str = ""


@dataclass(frozen=True, slots=True)
class UnitRef:
    """A unit named beside another one."""

    code: str
    name: str
    share: float | None = None
    share_from: str = ""


@dataclass(frozen=True, slots=True)
class UnitCandidate:
    """A unit of the day that may be meant.

    ``by_former`` is the ended unit that was named, with the share of it that lies in this one (None: not known). ``former``
    are the units it was made of, ``successors`` what it has become since.
    """

    code: str
    name: str
    level: str
    valid_from: date | None
    valid_to: date | None = None
    by_former: UnitRef | None = None
    former: tuple[UnitRef, ...] = ()
    successors: tuple[UnitRef, ...] = ()
    is_spelt_otherwise: bool = False


class UnitBook:
    """All units of one city with their successions: made once, asked often."""

    def __init__(self, units: Iterable[UnitRecord], moves: Iterable[Succession], provinces: frozenset[str]) -> None:
        self._units = list(units)
        self._moves = list(moves)
        self._provinces = provinces
        self._parts = {name: _parse_own(name, provinces) for name in self._all_names()}

    def _all_names(self) -> set[str]:
        return {unit.name for unit in self._units} | {move.old_name for move in self._moves}

    def resolve(self, text: str, on: date) -> list[UnitCandidate]:
        """Every unit of the day that the text may mean, likelier ones first; none when no unit bears such a name."""
        return self.find(parse_units(text, self._provinces), on)

    def find(self, wanted: WrittenUnits, on: date) -> list[UnitCandidate]:
        """The same for units that were parted before."""
        wanted = replace(wanted, bare=tuple(word for word in wanted.bare if word not in self._provinces))
        if wanted.is_empty():
            return []
        exact = self._resolve_by(wanted, on, is_exact=True)
        return exact or self._resolve_by(wanted, on, is_exact=False)

    def of_code(self, code: str, on: date) -> list[UnitCandidate]:
        """The unit that bears a code on the day."""
        return [self._as_itself(unit) for unit in self._units if unit.code == code and unit.holds(on)]

    def before(self, code: str, on: date) -> list[UnitCandidate]:
        """Units of an earlier day that led to a unit of a later one."""
        heirs = {move.old_code for move in self._moves if move.new_code == code and on < move.on}
        return [candidate for old in sorted(heirs) for candidate in self._old(old, on)]

    def _resolve_by(self, wanted: WrittenUnits, on: date, *, is_exact: bool) -> list[UnitCandidate]:
        """By names in force, and by names that ended. A text that also names a district can only mean a former unit:
        the unit of today that bears the same name then stands behind it."""
        own = [
            self._as_itself(unit) for unit in self._units if unit.holds(on) and self._fits(unit.name, wanted, is_exact)
        ]
        former = self._by_former(wanted, on, is_exact=is_exact)
        found = former + own if wanted.district or len(wanted.bare) > 1 else own + former
        unique = {(c.code, c.by_former.code if c.by_former else ""): c for c in reversed(found)}
        ordered = [
            unique[key] for key in dict.fromkeys((c.code, c.by_former.code if c.by_former else "") for c in found)
        ]
        return ordered if is_exact else [replace(candidate, is_spelt_otherwise=True) for candidate in ordered]

    def _by_former(self, wanted: WrittenUnits, on: date, *, is_exact: bool) -> list[UnitCandidate]:
        names = {move.old_name: move.old_code for move in self._moves if self._fits(move.old_name, wanted, is_exact)}
        found: list[UnitCandidate] = []
        for code in dict.fromkeys(names.values()):
            moves = [move for move in self._moves if move.old_code == code and move.on <= on]
            found += self._heirs(moves, on) if moves else self._old(code, on)
        return found

    def _heirs(self, moves: Sequence[Succession], on: date) -> list[UnitCandidate]:
        """Successors in force on the day: the largest share first, then the one that kept the code."""
        ordered = sorted(moves, key=lambda m: (-(m.share or 0.0), m.new_code != m.old_code, m.new_code))
        is_whole = len(moves) == 1
        return [
            UnitCandidate(
                code=unit.code, name=unit.name, level=unit.level, valid_from=unit.valid_from, valid_to=unit.valid_to,
                by_former=_refer(move, move.old_code, move.old_name, is_whole=is_whole),
                former=self._former(unit.code),
            )
            for move in ordered for unit in self._units if unit.code == move.new_code and unit.holds(on)
        ]  # fmt: skip

    def _old(self, code: str, on: date) -> list[UnitCandidate]:
        """A unit that was still in force on the day, whether its own record is there or only its succession."""
        moves = [move for move in self._moves if move.old_code == code and on < move.on]
        if not moves:
            return []
        record = next((unit for unit in self._units if unit.code == code and unit.holds(on)), None)
        if record is not None:
            return [self._as_itself(record)]
        return [
            UnitCandidate(
                code=code, name=moves[0].old_name, level="ward", valid_from=None, valid_to=moves[0].on,
                successors=self._successors(moves),
            )
        ]  # fmt: skip

    def _as_itself(self, unit: UnitRecord) -> UnitCandidate:
        since = [
            m for m in self._moves if m.old_code == unit.code and unit.valid_to is not None and m.on >= unit.valid_to
        ]
        return UnitCandidate(
            code=unit.code, name=unit.name, level=unit.level, valid_from=unit.valid_from, valid_to=unit.valid_to,
            former=self._former(unit.code) if unit.valid_to is None else (), successors=self._successors(since),
        )  # fmt: skip

    def _former(self, code: str) -> tuple[UnitRef, ...]:
        counts = Counter(move.old_code for move in self._moves)
        return tuple(
            _refer(m, m.old_code, m.old_name, is_whole=counts[m.old_code] == 1)
            for m in self._moves
            if m.new_code == code
        )

    def _successors(self, moves: Sequence[Succession]) -> tuple[UnitRef, ...]:
        names = {unit.code: unit.name for unit in self._units if unit.valid_to is None}
        is_whole = len(moves) == 1
        return tuple(_refer(m, m.new_code, names.get(m.new_code, m.new_code), is_whole=is_whole) for m in moves)

    def _fits(self, name: str, wanted: WrittenUnits, is_exact: bool) -> bool:
        """Whether a unit's full name is what the text names, as far as the text says."""
        own = self._parts[name]
        if own.ward is None:  # a district without wards, as the islands were
            return bool(own.district and wanted.district and _is_same(own.district, wanted.district, is_exact))
        if wanted.ward is not None:
            fits_ward = _is_same(own.ward, wanted.ward, is_exact)
            above = [wanted.district] if wanted.district else [UnitPart("", word) for word in wanted.bare]
        elif wanted.district is not None:
            fits_ward = any(_is_same(own.ward, UnitPart("", word), is_exact) for word in wanted.bare) or not wanted.bare
            above = [wanted.district]
        else:
            fits_ward = any(_is_same(own.ward, UnitPart("", word), is_exact) for word in wanted.bare)
            above = [UnitPart("", word) for word in wanted.bare if word != own.ward.name]
            above = above if own.district else []
        if not fits_ward or not above:
            return fits_ward
        if own.district is None:  # a unit of today: only its own name can have been meant
            return bool(wanted.ward or wanted.bare)
        return any(_is_same(own.district, part, is_exact) for part in above)


def _parse_own(name: str, provinces: frozenset[str]) -> WrittenUnits:
    """The parts of a unit's own name. One without a kind, as cities without wards have, stands as it is; what brackets
    hold is a remark."""
    parts = parse_units(re.sub(r"\s*\([^)]*\)", "", name), provinces)
    if parts.ward is None and parts.district is None and parts.bare:
        return replace(parts, ward=UnitPart("", parts.bare[0]))
    return parts


def _refer(move: Succession, code: str, name: str, *, is_whole: bool) -> UnitRef:
    """The other side of a succession with the share; a unit with one heir went to it whole."""
    share = 1.0 if is_whole else move.share
    return UnitRef(code, name, share, "register" if is_whole else move.share_from)


def _is_same(own: UnitPart, wanted: UnitPart, is_exact: bool) -> bool:
    if wanted.kind and wanted.kind != own.kind:
        return False
    if own.name == wanted.name:
        return True
    if is_exact or own.name.isdigit() or wanted.name.isdigit():
        return False
    match = SequenceMatcher(None, own.name, wanted.name)
    return match.real_quick_ratio() >= _ALIKE and match.quick_ratio() >= _ALIKE and match.ratio() >= _ALIKE


def name_both(candidate: UnitCandidate, was: str, now: str) -> str:
    """Both forms as papers need them: 'Phường 15, Quận 11 (cũ), nay Phường Phú Thọ'; ``was`` and ``now`` are the words."""
    if candidate.by_former is not None and candidate.by_former.name != candidate.name:
        return f"{_short(candidate.by_former.name)} ({was}), {now} {candidate.name}"
    if candidate.successors:
        heirs = ", ".join(heir.name for heir in candidate.successors)
        return f"{_short(candidate.name)} ({was}), {now} {heirs}"
    return candidate.name


def _short(name: str) -> str:
    """Ward and district without the province, which everybody knows."""
    return ", ".join([part.strip() for part in name.split(",") if not _is_province(part)][:2])


def _is_province(part: str) -> bool:
    named = parse_part(make_plain(part).strip())
    return named is not None and named[1] is UnitTier.PROVINCE
