"""A city's calendar as its operator keeps it: days, lengths of clocks, what is not confirmed, and the editions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cases.calendar_amending import ROWS, DayEntry, covered_to, list_days, policy_rows
from cases.calendar_pack import parse_date
from cases.models import CalendarEdition
from errors import NotFound
from geo.models import City

EDITIONS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class PolicyEntry:
    """The length of a clock with where it is written; ``by`` is empty for what the pack gave."""

    code: str
    unit: str
    amount: int
    is_pausable: bool
    source: str
    is_confirmed: bool
    by: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class EditionEntry:
    """One edition, and the change by hand that made it (empty ``by``: loaded from the pack)."""

    edition: int
    loaded_at: datetime
    by: str
    kind: str
    on: date | None
    name: str
    source: str


@dataclass(frozen=True, slots=True)
class CalendarTable:
    """The newest edition with its history, newest first."""

    city: str
    edition: int
    loaded_at: datetime
    working_days: tuple[int, ...]
    duty_hours: tuple[tuple[str, str], ...]
    covered_from: date | None
    covered_to: date | None
    days: tuple[DayEntry, ...]
    policies: tuple[PolicyEntry, ...]
    history: tuple[EditionEntry, ...]


def get_calendar_table(city: City) -> CalendarTable:
    """NotFound where none was loaded."""
    rows = list(CalendarEdition.objects.filter(city=city).order_by("-id")[:EDITIONS_SHOWN])
    if not rows:
        raise NotFound(
            "No calendar is loaded for this city.", field="city", value=city.slug, cure="Load the city's pack."
        )
    content = rows[0].content
    return CalendarTable(
        city=city.slug, edition=rows[0].pk, loaded_at=rows[0].loaded_at,
        working_days=tuple(content.get("working_days", ())),
        duty_hours=tuple((str(begins), str(ends)) for begins, ends in content.get("duty_hours", ())),
        covered_from=parse_date(content.get("covered_from"), "covered_from", "edition"),
        covered_to=parse_date(covered_to(content), "covered_to", "edition"), days=list_days(content),
        policies=tuple(_policy(row) for row in policy_rows(content)), history=tuple(map(_edition, rows)),
    )  # fmt: skip


def _policy(row: Mapping[str, Any]) -> PolicyEntry:
    return PolicyEntry(
        str(row["code"]), str(row["unit"]), int(row["amount"]), bool(row.get("is_pausable", True)), str(row.get("source", "")),
        bool(row.get("is_confirmed", False)), str(row.get("by", "")),
        parse_date(row.get("valid_from"), "valid_from", "edition"), parse_date(row.get("valid_to"), "valid_to", "edition"),
    )  # fmt: skip


def _edition(row: CalendarEdition) -> EditionEntry:
    changes = row.content.get(ROWS, [])
    newest = changes[-1] if changes else {}
    is_by_hand = bool(newest) and abs((datetime.fromisoformat(newest["at"]) - row.loaded_at).total_seconds()) < 2  # noqa: PLR2004
    if not is_by_hand:
        return EditionEntry(row.pk, row.loaded_at, "", "loaded", None, "", "")
    return EditionEntry(
        row.pk, row.loaded_at, newest["by"], newest["kind"], parse_date(newest.get("on"), "on", "edition"),
        str(newest.get("code") or newest.get("name", {}).get("vi", "")), newest["source"],
    )  # fmt: skip
