"""``/wards/``: what the public learns of every ward: settled, come back, in time, and how many flags wait; with the method."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from geo.models import AdminUnit, City
from geo.today import find_today, today_in
from tiles.queries import WardFigure, count_unreviewed_by_unit, list_ward_figures
from web.answers import answer_page

YEAR = timedelta(days=365)
FEWEST = 30


@dataclass(frozen=True, slots=True)
class WardLine:
    """One ward. Shares are percent, None below thirty samples; ``figure`` None with fewer than five settled cases."""

    code: str
    name: str
    waiting: int
    figure: WardFigure | None
    came_back_pct: float | None
    in_time_pct: float | None


@require_safe
def show_wards(request: HttpRequest) -> HttpResponse:
    """The wards of the default city, by name."""
    city = City.objects.defer("geometry").filter(is_default=True).first()
    today = today_in(city.timezone) if city else find_today()
    context = {"lines": _lines(city.pk) if city else [], "since": today - YEAR, "until": today, "fewest": FEWEST}
    return answer_page(request, "web/wards.html", context, here="wards")


def _lines(city_id: int) -> list[WardLine]:
    figures = {row.ward_code: row for row in list_ward_figures(city_id)}
    waiting = count_unreviewed_by_unit(city_id)
    codes = {*figures, *waiting}
    names = AdminUnit.objects.filter(city_id=city_id, code__in=codes, is_listed=True).values_list("code", "name")
    lines = [_line(code, name, waiting.get(code, 0), figures.get(code)) for code, name in names]
    return sorted(lines, key=lambda line: line.name)


def _line(code: str, name: str, waiting: int, figure: WardFigure | None) -> WardLine:
    came_back = _percent(figure.came_back, figure.followed) if figure else None
    in_time = _percent(figure.checked_in_time, figure.checked) if figure else None
    return WardLine(code, name, waiting, figure, came_back, in_time)


def _percent(part: int | None, whole: int | None) -> float | None:
    return 100 * part / whole if part is not None and whole else None
