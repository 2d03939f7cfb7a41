"""The draft of an official record: every field of domain 1.6 in order, with what is missing shown as a line to fill in. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from rules.ordinances import Fine, LawInForce


@dataclass(frozen=True, slots=True)
class LawLine:
    """One act with its clause and range on the day of the act. ``citation`` empty: the table of law has no such row."""

    code: str
    act: str
    citation: str
    ranges: tuple[str, ...]
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class PartyLines:
    """Somebody in the record. ``signature`` is a data address of the picture, empty where the reason stands."""

    part: str
    lines: tuple[tuple[str, str], ...]
    statement: str
    signature: str
    unsigned_reason: str


@dataclass(frozen=True, slots=True)
class PhotoLine:
    """A picture of the visit with the hash by which anybody can recognise its original."""

    role: str
    sha256: str
    taken_at: datetime | None


@dataclass(frozen=True, slots=True)
class RecordDraft:
    """All that the sheet shows. Moments are local to the city."""

    form: str
    case_code: str
    city: str
    office: str
    made_at: datetime
    seen_at: datetime
    place: str
    officer: str
    bases: tuple[str, ...]
    use: str
    outcome: str
    note: str
    law: tuple[LawLine, ...]
    violators: tuple[PartyLines, ...]
    witnesses: tuple[PartyLines, ...]
    harmed: tuple[PartyLines, ...]
    measures: tuple[tuple[str, str], ...]
    answers: tuple[tuple[str, str], ...]
    photos: tuple[PhotoLine, ...]
    explanation: str
    copies: int
    law_version: str
    clock_note: str = ""
    permit_note: str = ""
    missing: tuple[str, ...] = field(default=())

    @property
    def awaits_confirmation(self) -> bool:
        """Whether any line of law still waits for the city's own lawyers."""
        return any(not line.is_confirmed for line in self.law)


def find_law(
    law: LawInForce, code: str, act: str, *, is_organisation: bool, groups: Mapping[str, str] | None = None
) -> LawLine:
    """Clause and ranges of an act on the law's day, one range per group; unconfirmed where any row is.

    ``groups`` are the city's words for the groups of the table of law.
    """
    fines = [fine for fine in law.fines if fine.code == code]
    if not fines:
        return LawLine(code, act, "", (), is_confirmed=False)
    ranges = tuple(dict.fromkeys(_range(fine, groups or {}, is_organisation=is_organisation) for fine in fines))
    return LawLine(code, act, fines[0].citation, ranges, all(fine.is_confirmed for fine in fines))


def _range(fine: Fine, groups: Mapping[str, str], *, is_organisation: bool) -> str:
    share = 1.0 if is_organisation else fine.individual_share
    group = f"{groups.get(fine.group, fine.group)}: " if fine.group else ""
    return f"{group}{_money(fine.least * share)} - {_money(fine.most * share)} đ"


def _money(amount: float) -> str:
    return f"{round(amount):,}".replace(",", ".")


def list_missing(draft_parts: Sequence[tuple[str, bool]]) -> tuple[str, ...]:
    """Names of the fields that nobody filled in."""
    return tuple(name for name, is_there in draft_parts if not is_there)


def act_day(seen_at: datetime) -> date:
    """The local day that chooses the law."""
    return seen_at.date()
