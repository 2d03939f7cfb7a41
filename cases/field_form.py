"""A city pack's inspection.toml (parsed): the checklist and the acts of each kind of use, and the record's fixed texts. Pure.

[[check]]  code, vi, en, kind (yes_no, number, text, choice), unit, uses (empty: all), is_required, choices
[[act]]    code (of the dated table of fines), vi, en, uses
[record]   number_form, copies, forms, bases (texts of the record's legal bases), groups (of the table of fines: words)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import isfinite
from typing import Any

from errors import ConfigurationError, InputError

_FILE = "inspection.toml"


class CheckKind(StrEnum):
    """What may be answered."""

    YES_NO = "yes_no"
    NUMBER = "number"
    TEXT = "text"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class CheckItem:
    """One question on site. ``uses`` empty: asked everywhere."""

    code: str
    vi: str
    en: str
    kind: CheckKind
    unit: str = ""
    uses: tuple[str, ...] = ()
    is_required: bool = False
    choices: tuple[str, ...] = ()

    def is_for(self, use: str) -> bool:
        """Whether it is asked for this use."""
        return not self.uses or use in self.uses


@dataclass(frozen=True, slots=True)
class Act:
    """A breach as the law names it, by its code in the dated table of fines."""

    code: str
    vi: str
    en: str
    uses: tuple[str, ...] = ()

    def is_for(self, use: str) -> bool:
        """Whether it can be found on a visit about this use."""
        return not self.uses or use in self.uses


@dataclass(frozen=True, slots=True)
class FieldForm:
    """All of a city's forms."""

    checks: tuple[CheckItem, ...] = ()
    acts: tuple[Act, ...] = ()
    record: Mapping[str, Any] = field(default_factory=dict)

    def checks_for(self, use: str) -> tuple[CheckItem, ...]:
        """The checklist of one use."""
        return tuple(item for item in self.checks if item.is_for(use))

    def acts_for(self, use: str) -> tuple[Act, ...]:
        """The acts that a visit about this use may name."""
        return tuple(act for act in self.acts if act.is_for(use))

    def act(self, code: str) -> Act | None:
        """An act by its code."""
        return next((act for act in self.acts if act.code == code), None)


def parse_field_form(pack: Mapping[str, Any]) -> FieldForm:
    """The forms of one city; ConfigurationError names the faulty entry. An empty pack asks nothing and names no act."""
    checks = tuple(_parse_check(row) for row in _rows(pack, "check"))
    acts = tuple(Act(_word(row, "code"), _word(row, "vi"), _word(row, "en"), _uses(row)) for row in _rows(pack, "act"))
    record = pack.get("record", {})
    if not isinstance(record, Mapping):
        raise _fault("record", record)
    for name, codes in (("check", [c.code for c in checks]), ("act", [a.code for a in acts])):
        if len(codes) != len(set(codes)):
            raise _fault(f"{name}.code", codes)
    return FieldForm(checks, acts, dict(record))


def check_answers(form: FieldForm, use: str, answers: Mapping[str, Any], *, is_complete: bool) -> dict[str, Any]:
    """The answers to a use's checklist; InputError names the question. ``is_complete``: required ones must be there."""
    items = {item.code: item for item in form.checks_for(use)}
    for code in answers:
        if code not in items:
            known = ", ".join(items) or "none"
            raise InputError(
                "This checklist has no such question.", field=f"checklist.{code}", value=code, cure=f"It has: {known}."
            )
    found = {code: _answer(items[code], value) for code, value in answers.items() if value not in (None, "")}
    missing = [code for code, item in items.items() if item.is_required and code not in found]
    if is_complete and missing:
        raise InputError(
            "A question of the checklist is open.", field=f"checklist.{missing[0]}", value="", cure="Answer it."
        )
    return found


def _answer(item: CheckItem, value: Any) -> Any:
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
    fits = {
        CheckKind.YES_NO: isinstance(value, bool),
        CheckKind.NUMBER: is_number and value >= 0,
        CheckKind.TEXT: isinstance(value, str) and len(value) <= 1000,
        CheckKind.CHOICE: value in item.choices,
    }
    if not fits[item.kind]:
        raise InputError(
            "This is no answer to the question.", field=f"checklist.{item.code}", value=value,
            cure=f"Give: {', '.join(item.choices) or item.kind}.",
        )  # fmt: skip
    return value


def _parse_check(row: Mapping[str, Any]) -> CheckItem:
    try:
        kind = CheckKind(str(row.get("kind", "")))
    except ValueError as error:
        raise _fault("check.kind", row.get("kind")) from error
    choices = tuple(str(choice) for choice in row.get("choices", []))
    if (kind is CheckKind.CHOICE) != bool(choices):
        raise _fault("check.choices", dict(row))
    return CheckItem(
        _word(row, "code"), _word(row, "vi"), _word(row, "en"), kind, str(row.get("unit", "")), _uses(row),
        bool(row.get("is_required", False)), choices,
    )  # fmt: skip


def _rows(pack: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    rows = pack.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise _fault(name, rows)
    return rows


def _word(row: Mapping[str, Any], name: str) -> str:
    if not str(row.get(name, "")).strip():
        raise _fault(name, dict(row))
    return str(row[name])


def _uses(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(use) for use in row.get("uses", []))


def _fault(name: str, value: object) -> ConfigurationError:
    return ConfigurationError(f"{_FILE} cannot be read.", field=name, value=value, cure="See cities/README.md.")
