"""The wards of a city, and counts per ward: all that the public learns of unconfirmed flags."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.contrib.gis.db.models.functions import Envelope
from django.db.models import Q
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import ANYONE, Endpoint, describe, rights_of
from api.plain import to_plain
from cases.queries import WardCounts, count_by_ward
from cases.roles import CASE_READERS
from errors import NotFound
from geo.models import AdminUnit, City
from tiles.queries import count_unreviewed_by_unit


@dataclass(frozen=True, slots=True)
class Ward:
    """A ward of today; its bounds are west, south, east, north in degrees."""

    code: str
    name: str
    bounds: tuple[float, ...]


class Wards(Endpoint):
    """``/wards``."""

    may_call = ANYONE

    @describe(
        "Wards of a city", "The units of today in which offices work, by name, each with its bounds.",
        who=ANYONE, answer=tuple[Ward, ...], faults=(404,), tag="wards",
        parameters=[OpenApiParameter("city", str, description="the city's short name; the default city where absent")],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The wards."""
        city = _find_city(request.query_params.get("city", ""))
        return Response(to_plain(_list_wards(city)), headers={"Cache-Control": "public, max-age=3600"})


def _list_wards(city: City) -> tuple[Ward, ...]:
    today = timezone.now().astimezone(ZoneInfo(city.timezone)).date()
    is_valid = Q(valid_from__lte=today) & (Q(valid_to=None) | Q(valid_to__gt=today))
    rows = AdminUnit.objects.filter(is_valid, city=city, level="ward", is_listed=True)
    boxed = rows.annotate(box=Envelope("geom")).order_by("name", "code").values_list("code", "name", "box")
    return tuple(Ward(code, name, box.extent) for code, name, box in boxed)


@dataclass(frozen=True, slots=True)
class PublicCount:
    """How many flags of a ward wait for a person."""

    ward_code: str
    name: str
    awaiting_review: int


class PublicCounts(Endpoint):
    """``/wards/counts``."""

    may_call = ANYONE

    @describe(
        "Flags per ward", "How many suspicions wait for a person in each ward of a city. Nothing else of them is public.",
        who=ANYONE, answer=tuple[PublicCount, ...], faults=(404,), tag="wards",
        parameters=[OpenApiParameter("city", str, description="the city's short name; the default city where absent")],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The counts, by code."""
        city = _find_city(request.query_params.get("city", ""))
        counts = count_unreviewed_by_unit(city.pk)
        names = dict(AdminUnit.objects.filter(city=city, code__in=counts, is_listed=True).values_list("code", "name"))
        listed = [PublicCount(code, names.get(code, ""), counts[code]) for code in sorted(counts)]
        return Response(to_plain(listed), headers={"Cache-Control": "public, max-age=60"})


class OfficeCounts(Endpoint):
    """``/wards/figures``."""

    may_call = CASE_READERS

    @describe(
        "Figures of your wards", "What waits, what is open, what is late, what came back.",
        who=CASE_READERS, answer=tuple[WardCounts, ...], faults=(), tag="wards",
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The figures, by code."""
        return Response(to_plain(count_by_ward(rights_of(request), now=timezone.now())))


def _find_city(slug: str) -> City:
    city = (City.objects.filter(slug=slug) if slug else City.objects.filter(is_default=True)).first()
    if city is None:
        raise NotFound("No such city is loaded.", field="city", value=slug)
    return city
