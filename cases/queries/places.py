"""Which ward a place lies in, by the registers of the day."""

from __future__ import annotations

from datetime import date

from django.contrib.gis.db.models.functions import Distance
from django.contrib.gis.geos import Point
from django.db.models import Q

from cases.joining import Place
from cases.models import Unit
from geo.box import METRES_PER_DEG
from geo.models import AdminUnit

BORDER_MIN_M = 10.0
BORDER_MAX_M = 60.0


def find_ward_code(city_id: int, place: Place, on: date) -> str:
    """Code of the administrative unit that an office answers for; empty when the place is in none that is known."""
    if place.lon is None or place.lat is None:
        return ""
    units = AdminUnit.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on), city_id=city_id, valid_from__lte=on,
        geom__covers=Point(place.lon, place.lat, srid=4326),
    )  # fmt: skip
    codes = list(units.order_by("code").values_list("code", flat=True))
    if len(codes) <= 1:
        return codes[0] if codes else ""
    named = {
        code
        for task in Unit.objects.filter(city_id=city_id).values_list("admin_unit_codes", flat=True)
        for code in task
    }
    return next((code for code in codes if code in named), codes[0])


def find_border_codes(city_id: int, place: Place, on: date, *, own: str) -> list[str]:
    """Other listed wards that lie within the error of a place: nobody can tell on which side of the border it is."""
    if place.lon is None or place.lat is None or not own:
        return []
    reach_m = max(BORDER_MIN_M, 2 * (place.accuracy_m or 0.0))
    point = Point(place.lon, place.lat, srid=4326)
    units = AdminUnit.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on), city_id=city_id, valid_from__lte=on, is_listed=True,
        geom__dwithin=(point, 3 * reach_m / METRES_PER_DEG),
    ).exclude(code=own)  # fmt: skip
    level = AdminUnit.objects.filter(city_id=city_id, code=own, is_listed=True).values_list("level", flat=True).first()
    near = units.filter(level=level or "").annotate(away=Distance("geom", point))
    return sorted({unit.code for unit in near if unit.away.m <= min(reach_m, BORDER_MAX_M)})
