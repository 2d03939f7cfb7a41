"""A city pack's calendar.toml (parsed) to a work calendar and deadline policies. Pure; called by the loader and readers.

    working_days = [1, 2, 3, 4, 5]                            ISO weekdays
    duty_hours = [["07:30", "11:30"], ["13:00", "17:00"]]
    covered_from, covered_to                                  the span whose holidays are known
    [[holiday]]   on, to (optional last day), name, is_confirmed
    [[swap_day]]  on, name, is_confirmed                      a weekend day that is worked in exchange
    [[policy]]    code, unit, amount, is_pausable, source, is_confirmed, valid_from, valid_to
    [[pause_reason]]  code, name, clocks (empty: all), most (how often per case, 0: any number)
    [[retention]]     class (cases.retention), days, valid_from, source, is_confirmed
    [[escalation]]    clocks (empty: all), after_hours (past the due moment; below 0: before it), tell (cases.escalation)

    [[amended]]   what people changed since: cases.calendar_amending

    [field_work]  speed, length of visits, skills, days of re-inspection: cases.routes.field_work

Dates may be TOML dates or ISO text (as they come back out of the database).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cases.calendar_amending import LONGEST_DAYS, ChangeKind, covered_to, list_days, policy_rows
from cases.deadline import ClockUnit, Holiday, Policy, WorkCalendar
from cases.escalation import DEFAULT_STEPS, EscalationStep, parse_escalations
from cases.notices.timing import QuietHours, parse_quiet_hours
from cases.pausing import DEFAULT_REASONS, PauseReason, parse_pause_reasons
from cases.retention import DEFAULT_RULES, RetentionRule, parse_retention
from cases.routes.field_work import FieldWork, parse_field_work
from errors import ConfigurationError

_FILE = "calendar.toml"


class PolicyCode:
    """The clocks that the code starts (domain 5.3); their lengths are data."""

    TRIAGE = "triage"
    ON_SITE = "on_site"
    FIRST_REPLY = "first_reply"
    FINAL_REPLY = "final_reply"
    CONSTRUCTION_FIRST_CHECK = "construction_first_check"
    ROUTINE_ROUND = "routine_round"
    FLAG_REVIEW = "flag_review"
    INFORMATION = "information"  # the sender is asked for more; then the report closes as incomplete
    AUTO_CLOSE = "auto_close"  # an answer that nobody objects to


_PRACTICE = "district practice; not confirmed"
DEFAULT_POLICIES: tuple[Policy, ...] = (
    Policy("receipt", ClockUnit.MINUTES, 1, is_pausable=False, source=_PRACTICE, is_confirmed=False),
    Policy("triage", ClockUnit.DUTY_MINUTES, 120, source=_PRACTICE, is_confirmed=False),
    Policy("on_site", ClockUnit.DUTY_MINUTES, 120, source=_PRACTICE, is_confirmed=False),
    Policy("construction_first_check", ClockUnit.HOURS, 24, source=_PRACTICE, is_confirmed=False),
    Policy("first_reply", ClockUnit.HOURS, 48, is_pausable=False, source=_PRACTICE, is_confirmed=False),
    Policy("final_reply", ClockUnit.WORKING_DAYS, 10, is_pausable=False, source="Law 42/2013/QH13 art. 28"),
    Policy("record", ClockUnit.WORKING_DAYS, 2, is_pausable=False, source=_PRACTICE, is_confirmed=False),
    Policy("decision", ClockUnit.WORKING_DAYS, 7, is_pausable=False, source=_PRACTICE, is_confirmed=False),
    Policy("comply", ClockUnit.DAYS, 10, source=_PRACTICE, is_confirmed=False),
    Policy("recheck", ClockUnit.DAYS, 3, is_pausable=False, source=_PRACTICE, is_confirmed=False),
    Policy("permit_cure", ClockUnit.DAYS, 90, is_pausable=False, source=_PRACTICE, is_confirmed=False),
    Policy("routine_round", ClockUnit.WORKING_DAYS, 2, source=_PRACTICE, is_confirmed=False),
    Policy("information", ClockUnit.DAYS, 10, is_pausable=False, source=_PRACTICE, is_confirmed=False),
    Policy("auto_close", ClockUnit.DAYS, 7, is_pausable=False, source=_PRACTICE, is_confirmed=False),
    Policy("flag_review", ClockUnit.DAYS, 14, is_pausable=False, source=_PRACTICE, is_confirmed=False),
)


@dataclass(frozen=True, slots=True)
class DatedPolicy:
    """A policy with the days on which it may be chosen; ``valid_to`` is the first day it no longer holds."""

    policy: Policy
    valid_from: date | None = None
    valid_to: date | None = None

    def holds_on(self, on: date) -> bool:
        """Whether the policy is in force on a local day."""
        return (self.valid_from or on) <= on and (self.valid_to is None or on < self.valid_to)


@dataclass(frozen=True, slots=True)
class CalendarPack:
    """A city's calendar and clocks. A clock that the pack does not name has the default length."""

    calendar: WorkCalendar
    policies: tuple[DatedPolicy, ...]
    pause_reasons: tuple[PauseReason, ...] = DEFAULT_REASONS
    escalations: tuple[EscalationStep, ...] = DEFAULT_STEPS
    field_work: FieldWork = field(default_factory=FieldWork)
    quiet_hours: QuietHours = field(default_factory=QuietHours)
    retention: tuple[RetentionRule, ...] = DEFAULT_RULES

    def policy(self, code: str, on: date) -> Policy:
        """The policy in force on a local day, the latest that holds; ConfigurationError for a code nobody knows."""
        fitting = [p for p in self.policies if p.policy.code == code and p.holds_on(on)]
        if fitting:
            return max(fitting, key=lambda p: p.valid_from or date.min).policy
        for policy in DEFAULT_POLICIES:
            if policy.code == code:
                return policy
        raise ConfigurationError(
            "No deadline policy of this code.", field="policy", value=code, cure=f"Add it to the city's {_FILE}."
        )


def parse_calendar(pack: Mapping[str, Any], timezone: str) -> CalendarPack:
    """The calendar of one city; ConfigurationError names the faulty entry. An empty pack gives provisional dates."""
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise _fault("timezone", timezone, "Use a name such as Asia/Ho_Chi_Minh.") from error
    calendar = WorkCalendar(
        timezone=timezone,
        working_weekdays=_parse_weekdays(pack.get("working_days", [1, 2, 3, 4, 5])),
        **_optional_hours(pack),
        days=tuple(_parse_days(pack)),
        covered_from=parse_date(pack.get("covered_from"), "covered_from", _FILE),
        covered_to=parse_date(covered_to(pack), "covered_to", _FILE),
    )
    _rows(pack, "policy")
    policies = tuple(_parse_policy(row) for row in policy_rows(pack))
    return CalendarPack(
        calendar,
        policies,
        parse_pause_reasons(pack),
        parse_escalations(pack),
        parse_field_work(pack),
        parse_quiet_hours(pack),
        parse_retention(pack),
    )


def parse_date(value: object, name: str, file: str) -> date | None:
    """A TOML date or ISO text; None when absent."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise _fault(name, value, "Write a date as 2026-09-02.", file) from error


def name_of(value: object, language: str = "vi") -> str:
    """A name given as text, or as a table of languages; the other language where the asked one is missing."""
    if isinstance(value, Mapping):
        return str(value.get(language) or next(iter(value.values()), ""))
    return str(value or "")


def _fault(name: str, value: object, cure: str, file: str = _FILE) -> ConfigurationError:
    return ConfigurationError(f"{file} cannot be read.", field=name, value=value, cure=cure)


def _rows(pack: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    rows = pack.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise _fault(name, rows, f"Write [[{name}]] tables.")
    return rows


def _parse_weekdays(value: object) -> frozenset[int]:
    if not isinstance(value, list) or not all(isinstance(day, int) and 1 <= day <= 7 for day in value):
        raise _fault("working_days", value, "List ISO weekdays, Monday is 1.")
    return frozenset(value)


def _optional_hours(pack: Mapping[str, Any]) -> dict[str, tuple[tuple[time, time], ...]]:
    if "duty_hours" not in pack:
        return {}
    try:
        spans = tuple((_parse_time(begins), _parse_time(ends)) for begins, ends in pack["duty_hours"])
    except (TypeError, ValueError) as error:
        raise _fault("duty_hours", pack["duty_hours"], 'Write pairs such as ["07:30", "11:30"].') from error
    return {"duty_hours": spans}


def _parse_time(value: object) -> time:
    return value if isinstance(value, time) else time.fromisoformat(str(value))


def _parse_days(pack: Mapping[str, Any]) -> Iterator[Holiday]:
    for kind in ("holiday", "swap_day"):
        for row in _rows(pack, kind):
            _check_span(kind, row)
    for day in list_days(pack):
        yield Holiday(day.on, day.kind is ChangeKind.SWAP_DAY, day.is_confirmed, day.name_vi)


def _check_span(kind: str, row: Mapping[str, Any]) -> None:
    first = parse_date(row.get("on", row.get("from")), f"{kind}.on", _FILE)
    if first is None:
        raise _fault(f"{kind}.on", row, "Every day needs its date.")
    last = parse_date(row.get("to"), f"{kind}.to", _FILE) or first
    if not 0 <= (last - first).days <= LONGEST_DAYS:
        raise _fault(f"{kind}.to", last, "The last day comes after the first, within 60 days.")


def _parse_policy(row: Mapping[str, Any]) -> DatedPolicy:
    try:
        unit, amount = ClockUnit(str(row.get("unit"))), int(row["amount"])
    except (KeyError, TypeError, ValueError) as error:
        units = ", ".join(ClockUnit)
        raise _fault("policy", dict(row), f"Give code, amount and unit (one of {units}).") from error
    if not row.get("code"):
        raise _fault("policy.code", dict(row), "Every policy needs its code.")
    policy = Policy(
        code=str(row["code"]), unit=unit, amount=amount, is_pausable=bool(row.get("is_pausable", True)),
        source=str(row.get("source", "")), is_confirmed=bool(row.get("is_confirmed", False)),
    )  # fmt: skip
    return DatedPolicy(
        policy,
        parse_date(row.get("valid_from"), "policy.valid_from", _FILE),
        parse_date(row.get("valid_to"), "policy.valid_to", _FILE),
    )
