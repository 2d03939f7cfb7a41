"""Extra questions of a city: dated, by kind of report, never in the way; a faulty pack is named."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from errors import ConfigurationError, InputError
from intake.kinds import Category
from intake.questions import parse_questions, read_answers

CITIES = Path(__file__).parents[3] / "cities"
OPTIONS = [{"code": "yes", "name": {"vi": "Có", "en": "Yes"}}, {"code": "no", "name": {"vi": "Không"}}]


def a_row(**changes: Any) -> dict[str, Any]:
    row = {
        "code": "board", "category": ["construction"], "valid_from": date(2026, 7, 1), "option": OPTIONS,
        "text": {"vi": "Có bảng không?", "en": "Is there a board?"},
    }  # fmt: skip
    return row | changes


@pytest.mark.parametrize(
    ("category", "on", "asked"),
    [
        (Category.CONSTRUCTION, date(2026, 7, 1), True),
        (Category.CONSTRUCTION, date(2026, 6, 30), False),
        (Category.CONSTRUCTION, date(2027, 1, 1), False),
        (Category.TRADING, date(2026, 8, 1), False),
    ],
    ids=["first day", "day before", "first day after", "another kind"],
)
def test_a_question_is_asked_of_its_kind_in_its_time(category: Category, on: date, *, asked: bool) -> None:
    [question] = parse_questions({"question": [a_row(valid_to="2027-01-01")]})
    assert question.is_asked(category, on) is asked


def test_words_fall_back_to_vietnamese() -> None:
    [question] = parse_questions({"question": [a_row()]})
    assert (question.say("en"), question.say("vi")) == ("Is there a board?", "Có bảng không?")
    assert (question.say_option("no", "en"), question.say_option("yes", "en")) == ("Không", "Yes")
    assert question.say_option("gone", "vi") == "gone"


def test_answers_that_are_offered_count_and_empty_ones_are_left_out() -> None:
    questions = parse_questions({"question": [a_row()]})
    on = date(2026, 8, 1)
    assert read_answers(questions, {"board": "yes"}, Category.CONSTRUCTION, on) == (("board", "yes"),)
    assert read_answers(questions, {"board": " "}, Category.CONSTRUCTION, on) == ()


@pytest.mark.parametrize(
    ("given", "category"),
    [
        ({"board": "maybe"}, Category.CONSTRUCTION),
        ({"other": "yes"}, Category.CONSTRUCTION),
        ({"board": "yes"}, Category.EVENT),
    ],
    ids=["no such answer", "no such question", "not asked of this kind"],
)
def test_other_answers_are_refused_by_name(given: dict[str, str], category: Category) -> None:
    with pytest.raises(InputError) as told:
        read_answers(parse_questions({"question": [a_row()]}), given, category, date(2026, 8, 1))
    assert told.value.field.startswith("answers.")


@pytest.mark.parametrize(
    "pack",
    [
        {"question": "x"}, {"question": [a_row(code="")]}, {"question": [a_row(text={"en": "x"})]},
        {"question": [a_row(category=["flying"])]}, {"question": [a_row(category=[])]},
        {"question": [a_row(option=OPTIONS[:1])]}, {"question": [a_row(option=[{"code": "a"}, {"code": "b"}])]},
        {"question": [a_row(valid_from="soon")]}, {"question": [a_row(), a_row()]},
    ],
    ids=["no list", "no code", "no words", "no such kind", "no kind", "one answer", "nameless answers", "no day", "twice"],
)  # fmt: skip
def test_a_faulty_pack_is_named(pack: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match=r"questions\.toml"):
        parse_questions(pack)


@pytest.mark.parametrize("path", sorted(CITIES.glob("*/questions.toml")), ids=lambda path: path.parent.name)
def test_the_questions_of_the_cities_can_be_read_in_both_languages(path: Path) -> None:
    questions = parse_questions(tomllib.loads(path.read_text()))
    assert questions
    assert all(one.text_en and all(option.name_en for option in one.options) for one in questions)
