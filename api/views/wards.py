"""Counts per ward: all that the public learns of unconfirmed flags."""

from __future__ import annotations

from dataclasses import dataclass

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
        slug = request.query_params.get("city", "")
        cities = City.objects.filter(slug=slug) if slug else City.objects.filter(is_default=True)
        city = cities.first()
        if city is None:
            raise NotFound("No such city is loaded.", field="city", value=slug)
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
