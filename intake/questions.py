"""Extra questions that a city asks of some kinds of report: dated data of its pack (questions.toml). Pure.

[[question]]
code = "since"
category = ["construction"]
valid_from = 2026-07-01
text = { vi = "Từ khi nào?", en = "Since when?" }
[[question.option]]
code = "today"
name = { vi = "Hôm nay", en = "Today" }

None needs an answer: a report is never held up by a question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from errors import ConfigurationError, InputError
from intake.kinds import Category

_MOST_OPTIONS = 8
_FILE = "questions.toml"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that may be chosen."""

    code: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its answers, for some kinds of report, asked from a day on, up to the day before another."""

    code: str
    categories: frozenset[Category]
    text: str
    text_en: str
    options: tuple[Option, ...]
    valid_from: date
    valid_to: date | None = None

    def is_asked(self, category: Category, on: date) -> bool:
        """Whether it is asked of this kind of report on a day."""
        in_time = self.valid_from <= on and (self.valid_to is None or on < self.valid_to)
        return in_time and category in self.categories

    def say(self, language: str) -> str:
        """The question in one language."""
        return (self.text_en if language == "en" else "") or self.text

    def say_option(self, code: str, language: str) -> str:
        """An answer in one language; a code that is no longer offered as it is."""
        found = next((one for one in self.options if one.code == code), None)
        return ((found.name_en if language == "en" else "") or found.name) if found else code


def parse_questions(pack: Mapping[str, Any]) -> tuple[Question, ...]:
    """The questions of a pack, none where it names none; ConfigurationError names the faulty entry."""
    rows = pack.get("question", [])
    if not isinstance(rows, list):
        raise _fault("question", rows, "Write [[question]] tables.")
    questions = tuple(_parse(row) for row in rows)
    seen: set[tuple[str, date]] = set()
    for one in questions:
        if (one.code, one.valid_from) in seen:
            raise _fault("question.code", one.code, "Give each question of a day its own code.")
        seen.add((one.code, one.valid_from))
    return questions


def read_answers(
    questions: Sequence[Question], given: Mapping[str, str], category: Category, on: date
) -> tuple[tuple[str, str], ...]:
    """The answers that count, by code; empty ones are left out. InputError for a question or answer that is not offered."""
    asked = {one.code: one for one in questions if one.is_asked(category, on)}
    found = []
    for code, value in sorted(given.items()):
        if not value.strip():
            continue
        question = asked.get(code)
        if question is None:
            known = ", ".join(sorted(asked)) or "none"
            raise InputError(
                "This is not asked here.", field=f"answers.{code}", value=value, cure=f"Use one of: {known}."
            )
        if value not in {option.code for option in question.options}:
            offered = ", ".join(option.code for option in question.options)
            raise InputError(
                "This answer is not offered.", field=f"answers.{code}", value=value[:40], cure=f"Use one of: {offered}."
            )
        found.append((code, value))
    return tuple(found)


def _parse(row: Mapping[str, Any]) -> Question:
    code, text, options = str(row.get("code", "")), row.get("text"), row.get("option", [])
    if not code or not isinstance(text, Mapping) or not text.get("vi"):
        raise _fault("question", dict(row), "Give code and text = { vi = ..., en = ... }.")
    try:
        categories = frozenset(Category(name) for name in row.get("category", []))
    except ValueError as error:
        raise _fault(f"{code}.category", row.get("category"), f"Some of: {', '.join(Category)}.") from error
    if not categories:
        raise _fault(f"{code}.category", "", "Name the kinds of report that it is asked of.")
    if not isinstance(options, list) or not 2 <= len(options) <= _MOST_OPTIONS:  # noqa: PLR2004 - less is no choice
        raise _fault(f"{code}.option", options, f"Give 2 to {_MOST_OPTIONS} answers.")
    return Question(
        code, categories, str(text["vi"]), str(text.get("en", "")), tuple(_parse_option(code, one) for one in options),
        _day(row.get("valid_from"), f"{code}.valid_from") or date.min, _day(row.get("valid_to"), f"{code}.valid_to"),
    )  # fmt: skip


def _parse_option(question: str, row: Mapping[str, Any]) -> Option:
    name = row.get("name")
    if not row.get("code") or not isinstance(name, Mapping) or not name.get("vi"):
        raise _fault(f"{question}.option", dict(row), "Give code and name = { vi = ..., en = ... }.")
    return Option(str(row["code"]), str(name["vi"]), str(name.get("en", "")))


def _day(value: object, name: str) -> date | None:
    """A TOML date, or the text that JSON keeps of it."""
    if value is None:
        return None
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError as error:
        raise _fault(name, value, "Write a day, for example 2026-07-01.") from error


def _fault(name: str, value: object, cure: str) -> ConfigurationError:
    return ConfigurationError(f"{_FILE} cannot be read.", field=name, value=value, cure=cure)
