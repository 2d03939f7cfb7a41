"""``/questions``: what a city asks of senders beside the photo, by kind of report. Open to anyone."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import ANYONE, Endpoint, describe, language_of
from api.parsing import parse_choice
from api.plain import to_plain
from errors import NotFound
from geo.models import City
from intake.actions.questions import get_questions
from intake.kinds import Category


@dataclass(frozen=True, slots=True)
class OptionAnswer:
    """One answer that may be given."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class QuestionAnswer:
    """One question of today; none needs an answer."""

    code: str
    categories: tuple[Category, ...]
    text: str
    options: tuple[OptionAnswer, ...]


class Questions(Endpoint):
    """``/questions``."""

    may_call = ANYONE

    @describe(
        "Extra questions", "What a city asks today of one kind of report, or of all; send the answers with the report.",
        who=ANYONE, answer=tuple[QuestionAnswer, ...], faults=(400, 404), tag="reports",
        parameters=[OpenApiParameter("city", str, description="the city's short name; the default city where absent"),
                    OpenApiParameter("category", str, enum=list(Category))],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The questions, in the order of the pack."""
        slug = request.query_params.get("city", "")
        cities = City.objects.defer("geometry")
        city = (cities.filter(slug=slug) if slug else cities.filter(is_default=True)).first()
        if city is None:
            raise NotFound("No such city is loaded.", field="city", value=slug)
        wanted = parse_choice(request.query_params.get("category"), Category, "category")
        on, language = timezone.now().astimezone(ZoneInfo(city.timezone)).date(), language_of(request)[:2]
        kinds = (wanted,) if wanted else tuple(Category)
        asked = [one for one in get_questions(city.pk) if any(one.is_asked(kind, on) for kind in kinds)]
        return Response(to_plain(tuple(
            QuestionAnswer(
                one.code, tuple(sorted(one.categories)), one.say(language),
                tuple(OptionAnswer(option.code, one.say_option(option.code, language)) for option in one.options),
            )
            for one in asked
        )))  # fmt: skip
