"""The map for everybody: registers, and counts per unit. Staff have the map of the application."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from cases.permissions import is_staff_member
from errors import NotFound
from geo.models import City
from tiles.queries import count_unreviewed_by_unit
from web.answers import answer_page
from web.map_words import list_map_words


@require_safe
@never_cache
@ensure_csrf_cookie
def show_map(request: HttpRequest) -> HttpResponse:
    """Full-screen map of one city (``?city=``): registers and counts per unit, nothing else. Staff are led to theirs."""
    if is_staff_member(request.user):
        return HttpResponseRedirect(f"/app/map?{request.GET.urlencode()}")
    cities = list(City.objects.order_by("-is_default", "slug"))
    asked = request.GET.get("city", "")
    city = next((c for c in cities if c.slug == asked), None) if asked else next(iter(cities), None)
    if city is None:
        raise NotFound("No such city is loaded.", field="city", value=asked, cure="Load its pack: manage.py load_city.")
    config = {
        "city": city.slug,
        "center": city.center,
        "zoom": city.default_zoom,
        "language": get_language() or "vi",
        "locale": "en-GB" if (get_language() or "vi").startswith("en") else "vi",
        "words": list_map_words(),
        "counts": count_unreviewed_by_unit(city.id),
    }
    title = city.name_en if (get_language() or "vi").startswith("en") else city.name_vi
    context = {
        "config": config,
        "cities": cities,
        "city": city,
        "city_title": title,
        "title": _("Map"),
    }
    return answer_page(request, "web/map.html", context, here="map", zone=city.timezone)
