"""``/planner/``: an area, a filter or a named question; a table, a map and files. The page asks the interface for all of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from errors import NotFound
from geo.exporting import ExportForm
from geo.models import City
from tiles.named_questions import QUESTIONS
from tiles.planner_layers import LAYERS
from web.access import readers_only
from web.answers import answer_page
from web.planner_words import list_planner_words
from web.queries.people import Reader


@require_safe
@never_cache
@ensure_csrf_cookie
@readers_only(lambda reader: reader.is_staff)
def show_planner(request: HttpRequest, reader: Reader) -> HttpResponse:
    """The page of one city (``?city=``)."""
    cities = list(City.objects.only("slug", "name_vi", "name_en", "center", "default_zoom", "crs", "timezone", "is_default")
                  .order_by("-is_default", "slug"))  # fmt: skip
    asked = request.GET.get("city", "")
    city = next((c for c in cities if c.slug == asked), None) if asked else next(iter(cities), None)
    if city is None:
        raise NotFound("No such city is loaded.", field="city", value=asked, cure="Load its pack: manage.py load_city.")
    words = list_planner_words()
    language = get_language() or "vi"
    config = {
        "city": city.slug, "center": city.center, "zoom": city.default_zoom, "language": language, "words": words,
        "locale": "en-GB" if language.startswith("en") else "vi",
        "layers": {name: {key: one.kind.value for key, one in layer.properties.items()} for name, layer in LAYERS.items()},
        "questions": {name: {key: [blank.kind.value, "" if blank.default is None else str(blank.default)]
                             for key, blank in one.blanks.items()} for name, one in QUESTIONS.items()},
    }  # fmt: skip
    systems = [(str(raw["name"]), str(raw.get("title", raw["name"]))) for raw in city.crs]
    context = {
        "config": config, "city": city, "cities": cities, "today": timezone.localdate(), "systems": systems,
        "layers": [(name, words[f"layer_{name}"]) for name in LAYERS],
        "questions": [(name, words[f"question_{name}"]) for name in QUESTIONS],
        "forms": [form.value for form in ExportForm],
    }  # fmt: skip
    return answer_page(request, "web/planner.html", context, here="planner", zone=city.timezone)
