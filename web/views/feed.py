"""``/feeds/cases.atom``: settled cases of a city, ward or area as a feed, through the publication gate. Open to anyone."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from errors import InputError, NotFound
from geo.models import AdminUnit, City
from tiles.queries import Bounds, PublicCase, list_public_cases_of
from web import state_words

NEVER = datetime(2025, 7, 1, tzinfo=UTC)


@require_safe
def show_feed(request: HttpRequest) -> HttpResponse:
    """``?ward=CODE``, ``?bounds=west,south,east,north``, or the whole city."""
    slug, ward = request.GET.get("city", ""), request.GET.get("ward", "")[:20]
    city = (City.objects.filter(slug=slug) if slug else City.objects.filter(is_default=True)).first()
    if city is None:
        raise NotFound("No such city is loaded.", field="city", value=slug)
    cases = list_public_cases_of(city_id=city.pk, ward=ward, bounds=_read_bounds(request.GET.get("bounds", "")))
    feed = Atom1Feed(
        title=_title(city, ward), link=request.build_absolute_uri("/cases/"), language=get_language() or "vi",
        description=_("Settled cases. Faces and plates are unreadable, places rounded to about ten metres."),
        feed_url=request.build_absolute_uri(),
    )  # fmt: skip
    for case in cases:
        _add(feed, request, case)
    answer = HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    patch_cache_control(answer, public=True, max_age=300)
    return answer


def _title(city: City, ward: str) -> str:
    name = AdminUnit.objects.filter(city=city, code=ward, is_listed=True).values_list("name", flat=True).first()
    return f"{_('Settled cases')}: {name or ward or (city.name_en if get_language() == 'en' else city.name_vi)}"


def _add(feed: Atom1Feed, request: HttpRequest, case: PublicCase) -> None:
    link = request.build_absolute_uri(reverse("web:case", args=[case.code]))
    office = case.office_en if get_language() == "en" else case.office
    said = [state_words.say("outcome", case.outcome)] if case.outcome else []
    moment = case.published_at or NEVER
    feed.add_item(
        title=f"{state_words.say('use', case.use)}, {case.code}", link=link, unique_id=link, updateddate=moment,
        pubdate=moment, description=". ".join([*said, office, state_words.say("case", case.state)]),
    )  # fmt: skip


def _read_bounds(text: str) -> Bounds | None:
    if not text:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as error:
        raise InputError("Bounds are four numbers.", field="bounds", value=text[:80],
                         cure="Write west,south,east,north in degrees.") from error  # fmt: skip
    return west, south, east, north
