"""How long evidence is kept, by class and age, as data of the city. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from errors import ConfigurationError


class RetentionClass(StrEnum):
    """What evidence is kept for. A file of several classes is kept for the longest."""

    CAMERA_IDLE = "camera_idle"  # a camera's picture that no accepted flag rests on
    REPORT_REFUSED = "report_refused"  # of reports that were not taken up
    CASE_CLOSED = "case_closed"  # of cases that have ended
    CASE_OPEN = "case_open"  # never erased


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """So many days after the class's own moment (receipt, refusal, closing) the bytes are erased. ``valid_from`` None: always."""

    kept_for: RetentionClass
    days: int
    source: str = ""
    is_confirmed: bool = False
    valid_from: date | None = None

    def is_over(self, since: datetime, now: datetime) -> bool:
        """Whether something of this class is past its time."""
        return now - since > timedelta(days=self.days)


# Domain 7 leaves the periods open; two years is the time-bar for construction and land.
DEFAULT_RULES: tuple[RetentionRule, ...] = (
    RetentionRule(RetentionClass.CAMERA_IDLE, 30, "domain 1.8: only as long as needed; to be confirmed"),
    RetentionRule(RetentionClass.REPORT_REFUSED, 180, "to be confirmed"),
    RetentionRule(RetentionClass.CASE_CLOSED, 3 * 365, "domain 1.5: time-bar of two years and a year; to be confirmed"),
)


def parse_retention(pack: Mapping[str, Any]) -> tuple[RetentionRule, ...]:
    """The pack's rules, else the defaults; ConfigurationError names the faulty entry."""
    rows = pack.get("retention")
    if rows is None:
        return DEFAULT_RULES
    if not isinstance(rows, list):
        raise _fault(rows)
    return tuple(_parse(row) for row in rows)


def rule_of(rules: Iterable[RetentionRule], kept_for: RetentionClass) -> RetentionRule | None:
    """The rule of a class; None where it is never erased."""
    return next((rule for rule in rules if rule.kept_for is kept_for), None)


def in_force(rules: Iterable[RetentionRule], on: date) -> tuple[RetentionRule, ...]:
    """Of each class the newest rule that holds on a day; a class without one is not erased that day."""
    newest: dict[RetentionClass, RetentionRule] = {}
    for rule in sorted(rules, key=lambda rule: rule.valid_from or date.min):
        if rule.valid_from is None or rule.valid_from <= on:
            newest[rule.kept_for] = rule
    return tuple(newest.values())


def _parse(row: Mapping[str, Any]) -> RetentionRule:
    try:
        kept_for, days = RetentionClass(str(row["class"])), int(row["days"])
        valid_from = None if row.get("valid_from") is None else date.fromisoformat(str(row["valid_from"]))
    except (KeyError, TypeError, ValueError) as error:
        raise _fault(dict(row)) from error
    if kept_for is RetentionClass.CASE_OPEN or days < 1:
        raise _fault(dict(row))
    return RetentionRule(kept_for, days, str(row.get("source", "")), bool(row.get("is_confirmed", False)), valid_from)


def _fault(value: object) -> ConfigurationError:
    classes = ", ".join(c for c in RetentionClass if c is not RetentionClass.CASE_OPEN)
    return ConfigurationError(
        "calendar.toml cannot be read.", field="retention", value=value,
        cure=f"Write [[retention]] tables with class (one of {classes}) and days above 0.",
    )  # fmt: skip
