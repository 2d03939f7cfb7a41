"""The city that an address names, or the default one."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from errors import NotFound
from geo.models import City

CITY = OpenApiParameter("city", str, description="the city's short name; the default city where absent")


def city_of(request: Request) -> City:
    """NotFound for one that is not loaded."""
    slug = request.query_params.get("city", "")
    rows = City.objects.filter(slug=slug) if slug else City.objects.filter(is_default=True)
    city = rows.defer("geometry").first()
    if city is None:
        raise NotFound("No such city is loaded.", field="city", value=slug)
    return city
