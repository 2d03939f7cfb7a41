"""Who is signed in: roles, cities and what waits. The application asks this first; it holds nothing of anybody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint, describe, person_of, rights_of
from api.plain import to_plain
from cases.permissions import Rights
from cases.queries import count_review_queue
from cases.queries.day_plans import get_today
from cases.roles import FLAG_DECIDERS, STAFF, Role
from geo.models import City

_NO_STORE = {"Cache-Control": "private, no-cache"}


@dataclass(frozen=True, slots=True)
class MyCity:
    """A city in which a role is held. ``bounds`` is west, south, east, north and ``center`` lon, lat, in degrees."""

    slug: str
    name: str
    timezone: str
    bounds: tuple[float, ...]
    center: tuple[float, ...]
    zoom: float
    is_default: bool


@dataclass(frozen=True, slots=True)
class Me:
    """The signed-in person. ``waiting`` is the length of the review queue, for those who work on it."""

    username: str
    name: str
    roles: tuple[Role, ...]
    cities: tuple[MyCity, ...]
    waiting: int | None
    today: date


class SignedIn(Endpoint):
    """``/me``."""

    may_call = STAFF

    @describe(
        "Who is signed in", "Your roles of today, the cities in which you hold them, and how many flags wait for you.",
        who=STAFF, answer=Me, faults=(), tag="me",
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The person."""
        user, rights = person_of(request), rights_of(request)
        name = getattr(user, "get_full_name", str)() or user.get_username()
        waiting = count_review_queue(rights) if rights.holds(FLAG_DECIDERS) else None
        roles = tuple(sorted(rights.roles))
        answer = Me(user.get_username(), name, roles, _list_cities(rights), waiting, get_today(rights))
        return Response(to_plain(answer), headers=_NO_STORE)


def _list_cities(rights: Rights) -> tuple[MyCity, ...]:
    """The default city first."""
    held = {role.city_id for role in rights.held}
    rows = City.objects.filter(pk__in=held).defer("geometry").order_by("-is_default", "slug")
    return tuple(_to_city(row) for row in rows)


def _to_city(row: City) -> MyCity:
    name = row.name_vi if (get_language() or "vi").startswith("vi") else row.name_en
    center, bounds = tuple(map(float, row.center)), tuple(map(float, row.bounds))
    return MyCity(row.slug, name or row.slug, row.timezone, bounds, center, row.default_zoom, row.is_default)
