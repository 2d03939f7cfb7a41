"""Administrative units by date: what a name, an address or a point means on a day, in the old form and in the new one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext, gettext_noop
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from api.cities import CITY, city_of
from api.endpoint import ANYONE, Endpoint, describe
from api.parsing import parse_day, parse_point
from api.plain import to_plain
from errors import InputError
from geo.models import City
from geo.unit_queries import find_units_at, resolve_units
from geo.unit_resolution import UnitCandidate, name_both

_LONGEST = 300
_ONE = gettext_noop("One unit fits.")
_SEVERAL = gettext_noop("Several units fit: the former one was split, or the name stood in several districts.")
_MAYBE = gettext_noop(
    "The outlines of that day are not on record: these units led to the one that holds the point today."
)
_NONE = gettext_noop("No unit of that day fits.")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the day. ``share`` is the part of the former unit's area that lies in it, null when nobody says it;
    ``printed`` is the old form and the new one together."""

    code: str
    name: str
    level: str
    valid_from: date | None
    valid_to: date | None
    former_name: str
    former_code: str
    share: float | None
    share_from: str
    printed: str
    made_of: tuple[str, ...]
    became: tuple[str, ...]
    spelt_otherwise: bool


@dataclass(frozen=True, slots=True)
class UnitsAnswer:
    """Every unit that fits, likelier ones first; ``is_certain`` when it is one."""

    on: date
    city: str
    is_certain: bool
    words: str
    units: tuple[Unit, ...]


class Units(Endpoint):
    """``/units``."""

    may_call = ANYONE

    @describe(
        "Administrative units by date", "The unit that a name (old or new, accents or none, 'P.15, Q.Tân Bình'), an address "
        "or a point means on a day. A former unit that was split gives all its successors with the share of its area in each, "
        "null where the register does not say it. `printed` is both forms together.",
        who=ANYONE, answer=UnitsAnswer, faults=(400, 404), tag="places",
        parameters=[OpenApiParameter("name", str, description="a unit's name or an address"),
                    OpenApiParameter("lon", float, description="degrees, EPSG:4326; with lat, instead of a name"),
                    OpenApiParameter("lat", float),
                    OpenApiParameter("on", str, description="day asked for; today where absent"),
                    CITY],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The candidates."""
        asked = request.query_params
        city = city_of(request)
        on = parse_day(asked.get("on"), "on") or timezone.now().astimezone(ZoneInfo(city.timezone)).date()
        if asked.get("lon") or asked.get("lat"):
            lon, lat = parse_point(asked)
            at = find_units_at(city, lon, lat, on)
            answer = _answer(city, on, at.candidates, is_by_outline=at.is_certain)
        else:
            answer = _answer(
                city, on, tuple(resolve_units(city, _read_name(asked.get("name")), on)), is_by_outline=True
            )
        return Response(to_plain(answer), headers={"Cache-Control": "public, max-age=60"})


def _read_name(text: str | None) -> str:
    name = (text or "").strip()
    if not name or len(name) > _LONGEST:
        raise InputError(
            "Say which unit.", field="name", value=name[:40], cure="Give name=P.15, Q.Tân Bình, or lon and lat."
        )
    return name


def _answer(city: City, on: date, found: tuple[UnitCandidate, ...], *, is_by_outline: bool) -> UnitsAnswer:
    is_certain = is_by_outline and len({candidate.code for candidate in found}) == 1
    if not found:
        words = _NONE
    elif not is_by_outline:
        words = _MAYBE
    else:
        words = _ONE if is_certain else _SEVERAL
    return UnitsAnswer(on, city.slug, is_certain, gettext(words), tuple(map(_tell, found)))


def _tell(candidate: UnitCandidate) -> Unit:
    former = candidate.by_former
    return Unit(
        code=candidate.code,
        name=candidate.name,
        level=candidate.level,
        valid_from=candidate.valid_from,
        valid_to=candidate.valid_to,
        former_name=former.name if former else "",
        former_code=former.code if former else "",
        share=former.share if former else None,
        share_from=former.share_from if former else "",
        printed=name_both(candidate, gettext("former"), gettext("now part of")),
        made_of=tuple(unit.name for unit in candidate.former),
        became=tuple(unit.name for unit in candidate.successors),
        spelt_otherwise=candidate.is_spelt_otherwise,
    )
