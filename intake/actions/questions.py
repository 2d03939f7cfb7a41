"""The city's extra questions: loaded from its pack as editions, read back for forms, checked and worded."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone

from geo.models import City
from intake.models import QuestionEdition
from intake.questions import Question, parse_questions

QUESTIONS = "questions.toml"


def load_questions(city: City, pack: Mapping[str, Any]) -> str:
    """Keep the questions as a new edition when they differ from the last one; ``done`` or ``unchanged``."""
    parse_questions(pack)
    text = json.dumps(pack, default=_as_text, sort_keys=True, ensure_ascii=False)
    digest = sha256(text.encode()).hexdigest()
    with transaction.atomic():
        City.objects.select_for_update(no_key=True).get(pk=city.pk)
        last = QuestionEdition.objects.filter(city=city).order_by("-id").first()
        if (last is None and not pack) or (last is not None and last.sha256 == digest):
            return "unchanged"
        QuestionEdition.objects.create(city=city, sha256=digest, content=json.loads(text), loaded_at=timezone.now())
    return "done"


def get_questions(city_id: int) -> tuple[Question, ...]:
    """The questions of a city as loaded last, of all days; none when it has none."""
    newest = QuestionEdition.objects.filter(city_id=city_id).order_by("-id").values_list("pk", "sha256").first()
    return _read(*newest) if newest else ()


def word_answers(city_id: int | None, answers: Mapping[str, str], language: str) -> tuple[tuple[str, str], ...]:
    """A report's answers as officers read them: question and answer in words."""
    questions = {one.code: one for one in get_questions(city_id)} if city_id is not None and answers else {}
    return tuple(
        (questions[code].say(language), questions[code].say_option(str(value), language))
        if code in questions else (code, str(value))
        for code, value in sorted(answers.items())
    )  # fmt: skip


@lru_cache(maxsize=32)
def _read(edition_id: int, _sha256: str) -> tuple[Question, ...]:
    """Editions never change, so each is read once; the hash tells apart numbers that a rolled-back load gave away."""
    return parse_questions(QuestionEdition.objects.values_list("content", flat=True).get(pk=edition_id))


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
