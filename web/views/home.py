"""``/``: what this is, the way to report, to follow and to look a place up; for staff the short way to their work."""

from dataclasses import dataclass
from functools import lru_cache
from time import monotonic

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from geo.today import today_in
from web.answers import answer_page
from web.place_sketch import Frame, draw_place
from web.queries.surroundings import list_surroundings
from web.queries.towns import find_default_town

HALF_WIDTH_M = 110.0
SKETCH_LIFE_S = 600


@dataclass(frozen=True, slots=True)
class HomeSketch:
    """The drawn map of the first page."""

    svg: str
    is_generated: bool


@require_safe
def show_home(request: HttpRequest) -> HttpResponse:
    """The first page."""
    sketch = _draw_center(int(monotonic() // SKETCH_LIFE_S), get_language() or "vi")
    return answer_page(request, "web/home.html", {"sketch": sketch}, here="home")


@lru_cache(maxsize=4)
def _draw_center(_period: int, _language: str) -> HomeSketch | None:
    """The middle of the default city, drawn anew every ten minutes; None before a city is loaded."""
    town = find_default_town()
    if town is None:
        return None
    lon, lat = town.center
    shapes = list_surroundings(lon, lat, HALF_WIDTH_M, today_in(town.timezone))
    frame = Frame(lon, lat, HALF_WIDTH_M, 560, 480)
    svg = draw_place(shapes, (), frame, title=_("Map of %s") % town.name, scale_bar=False)
    return HomeSketch(svg, any(shape.is_generated for shape in shapes))
