"""What people changed of a city's calendar since its pack was loaded: rows under ``amended`` in the edition's content. Pure.

Each row has ``kind``, ``source`` (the paper), ``by`` and ``at``, and
    holiday, swap_day   on, to (optional), name: {vi, en}, is_confirmed      a day added, or confirmed
    removed             on, to (optional)                                    a provisional day that was not decreed
    covered             on                                                   holidays are known to this day
    policy              code, valid_from (optional), amount, unit            the length of a clock was confirmed as it stands
Later rows win. A policy that a later pack gives another length waits for its confirmation anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from errors import InputError

ROWS = "amended"
LONGEST_DAYS = 60


class ChangeKind(StrEnum):
    """What can be changed by hand."""

    HOLIDAY = "holiday"
    SWAP_DAY = "swap_day"
    REMOVED = "removed"
    COVERED = "covered"
    POLICY = "policy"


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """One change by a person. ``on`` to ``to`` are local days, both included; ``code`` names a policy."""

    kind: ChangeKind
    source: str
    on: date | None = None
    to: date | None = None
    name_vi: str = ""
    name_en: str = ""
    is_confirmed: bool = False
    code: str = ""

    def __post_init__(self) -> None:
        if self.is_confirmed and len(self.source.strip()) < len("QĐ 12"):
            raise InputError(
                "A confirmation names the paper it rests on.", field="source", value=self.source,
                cure="Give number, date and article.",
            )  # fmt: skip
        if self.kind is ChangeKind.POLICY:
            if not self.code:
                raise InputError("Name the clock.", field="code", value="", cure="Choose one of the list.")
            return
        if self.on is None:
            raise InputError("A change of the calendar needs its day.", field="on", value="", cure="Write 2027-02-05.")
        if self.to is not None and not timedelta() <= self.to - self.on <= timedelta(days=LONGEST_DAYS):
            raise InputError(
                "The last day comes after the first, within 60 days.", field="to", value=self.to, cure="Correct it."
            )
        if self.kind in (ChangeKind.HOLIDAY, ChangeKind.SWAP_DAY) and not self.name_vi.strip():
            raise InputError("A day has a name.", field="name_vi", value="", cure="Write what is kept on it.")


@dataclass(frozen=True, slots=True)
class DayEntry:
    """A holiday or a worked weekend day, with where it comes from; ``by`` is empty for what the pack gave."""

    on: date
    kind: ChangeKind
    name_vi: str
    name_en: str
    is_confirmed: bool
    source: str
    by: str


def list_days(content: Mapping[str, Any]) -> tuple[DayEntry, ...]:
    """The days of an edition in order, changes applied; dates are checked by ``cases.calendar_pack`` before."""
    days = {
        entry.on: entry
        for kind in ("holiday", "swap_day")
        for row in content.get(kind, [])
        for entry in _days(kind, row)
    }
    for row in content.get(ROWS, []):
        if row["kind"] == ChangeKind.REMOVED:
            for on in _span(row):
                days.pop(on, None)
        elif row["kind"] in ("holiday", "swap_day"):
            days |= {entry.on: entry for entry in _days(row["kind"], row)}
    return tuple(days[on] for on in sorted(days))


def covered_to(content: Mapping[str, Any]) -> Any:
    """The last day whose holidays are known."""
    given = [row["on"] for row in content.get(ROWS, []) if row["kind"] == ChangeKind.COVERED]
    return given[-1] if given else content.get("covered_to")


def policy_rows(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The policies of an edition as the pack wrote them, those confirmed by hand marked so, with ``by`` and the paper."""
    rows = content.get("policy", [])
    given = [row for row in content.get(ROWS, []) if row["kind"] == ChangeKind.POLICY]
    return [_confirmed(dict(row), given) for row in rows] if isinstance(rows, list) else rows


def amend(content: Mapping[str, Any], change: CalendarChange, *, by: str, at: str) -> dict[str, Any]:
    """The content with one change more. InputError for a clock that the calendar does not name."""
    row: dict[str, Any] = {"kind": change.kind.value, "source": change.source.strip(), "by": by, "at": at}
    if change.kind is ChangeKind.POLICY:
        known = next((p for p in reversed(list(content.get("policy", []))) if p.get("code") == change.code), None)
        if known is None:
            raise InputError(
                "The calendar has no such clock.", field="code", value=change.code, cure="Add it to the pack."
            )
        row |= {name: known.get(name) for name in ("code", "amount", "unit", "valid_from")}
        row["is_confirmed"] = change.is_confirmed
    else:
        row |= {"on": _iso(change.on), "to": _iso(change.to or change.on)}
        row |= {
            "name": {"vi": change.name_vi, "en": change.name_en or change.name_vi},
            "is_confirmed": change.is_confirmed,
        }
    return {**content, ROWS: [*content.get(ROWS, []), row]}


def carry_over(pack: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """A newly loaded pack with what people had changed of the one before."""
    rows = before.get(ROWS, [])
    return {**pack, ROWS: rows} if rows else dict(pack)


def _confirmed(row: dict[str, Any], given: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    same = [g for g in given if all(str(g.get(k)) == str(row.get(k)) for k in ("code", "amount", "unit", "valid_from"))]
    if same:
        row |= {
            "is_confirmed": same[-1]["is_confirmed"],
            "source": same[-1]["source"] or row.get("source", ""),
            "by": same[-1]["by"],
        }
    return row


def _days(kind: str, row: Mapping[str, Any]) -> Iterator[DayEntry]:
    name = row.get("name", "")
    vi, en = (name.get("vi", ""), name.get("en", "")) if isinstance(name, Mapping) else (str(name), str(name))
    for on in _span(row):
        yield DayEntry(
            on, ChangeKind(kind), vi or en, en or vi, bool(row.get("is_confirmed", False)), str(row.get("source", "")),
            str(row.get("by", "")),
        )  # fmt: skip


def _span(row: Mapping[str, Any]) -> list[date]:
    first = _date(row.get("on", row.get("from")))
    last = _date(row.get("to")) if row.get("to") else first
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]


def _date(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _iso(on: date | None) -> str | None:
    return on.isoformat() if on is not None else None
