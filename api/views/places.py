"""The full answer about a place as of a day: by point, parcel key, permit, street, address or drawn area."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from api.area_bodies import AreaBodyParser
from api.endpoint import ANYONE, Endpoint, describe
from api.parsing import parse_day, parse_degrees, parse_point
from api.place_answers import place_schema, write_place
from errors import InputError
from geo.answer import PlaceAnswer
from geo.answers import answer_point
from geo.asking import ask_address, ask_area, ask_parcel, ask_permit, ask_street
from geo.parcel_zoning import cut_to_parts
from geo.today import find_today

TAG = "places"
_ACCURACY_M = 1.0
_ACCURACY_MAX_M = 200.0
_EXAMPLE = {
    "asked": {"subject": "point", "text": "", "lon": 106.6896, "lat": 10.7838, "accuracy_m": 1.0, "area_m2": None},
    "on": "2026-11-22",
    "at": "09:00:00",
    "city": "…",
    "chosen": "267970100016",
    "parcels": [
        {
            "key": "267970100016", "stated_area_m2": 85.0, "measured_area_m2": 85.2,
            "zoning": [{"plan": "…", "code": "NO-06", "area_m2": 82.1, "share_pct": 96.4, "max_storeys": 5.0}],
            "land_use": [{"plan": "…", "code": "ODT", "area_m2": 85.2, "share_pct": 100.0}],
            "plan_lines": [{"kind": "red_line", "width_m": 21.0, "affected_m2": 3.1}],
            "source": {"name": "parcels", "title": "…", "date": "2026-06-02", "decision": "", "generated": True},
        }
    ],
    "sidewalks": [{"street": "…", "uses": [{"use": "parking", "state": "allowed", "words": "allowed now"}]}],
    "registers": [{"register": "permit", "coverage": "no_data", "words": "no data", "sources": []}],
    "reference": "For reference, not an official reply.",
    "generated": True,
}  # fmt: skip
_WHEN = [
    OpenApiParameter("on", str, description="day asked for; today where absent"),
    OpenApiParameter("at", str, description="hour asked for, as 09:30; now (noon of another day) where absent"),
]
Ask = Callable[..., PlaceAnswer]
_PARTS = OpenApiParameter(
    "parts", str, enum=["parcel,zoning"], description="only these two; what other registers say is left out, not empty"
)
_CITY = OpenApiParameter("city", str, description="a city's slug, where several are loaded")
_SUBJECTS: dict[str, Ask] = {"parcel": ask_parcel, "permit": ask_permit, "street": ask_street, "address": ask_address}


_OF_A_POINT = frozenset(("lon", "lat", "on", "at", "accuracy_m", "parts"))


def answer_plain(request: HttpRequest) -> HttpResponse | None:
    """The answer about a point and nothing else; None: the question is another one, for ``Places``. Faults are raised."""
    asked = request.GET
    return _send(_answer_point(asked)) if "lon" in asked and _OF_A_POINT.issuperset(asked) else None


class Places(Endpoint):
    """``/places``."""

    may_call = ANYONE
    parser_classes = [AreaBodyParser]

    @describe(
        "What is on record at a place", "Units old and new, parcels with stated and measured area (all candidates within the "
        "error; `chosen` is empty while several are possible), shares in m2 and percent of the zoning plan and, apart from it, "
        "of the land-use plan with their parameters, plan lines with the m2 they affect, overlay districts, permits with their "
        "standing on the day, sidewalks with what is allowed there at the hour. Each fact names its source with date, decision, "
        "scale and licence. A register is `found`, `checked` (it covers this place and holds nothing) or `no_data`, which never "
        "means no. Ask by `lon` and `lat`, or by one of `address`, `street`, `permit`, `parcel`.",
        who=ANYONE, answer_schema=place_schema(), faults=(400, 404, 422), tag=TAG, example=_EXAMPLE,
        parameters=[OpenApiParameter("lon", float, description="degrees, EPSG:4326"),
                    OpenApiParameter("lat", float),
                    *_WHEN,
                    OpenApiParameter("accuracy_m", float, description="error of the point, 1 m where absent"),
                    _PARTS,
                    *(OpenApiParameter(name, str, description=f"instead of the point: the {name}") for name in _SUBJECTS),
                    _CITY],
    )  # fmt: skip
    def get(self, request: Request) -> HttpResponse:
        """The answer."""
        asked = request.query_params
        on, at = parse_day(asked.get("on"), "on"), _parse_hour(asked.get("at"))
        for name, ask in _SUBJECTS.items():
            if asked.get(name):
                answer = ask(asked[name], on or find_today(asked.get("city", "")), at, city=asked.get("city", ""))
                return _send(cut_to_parts(answer) if _is_lean(asked) else answer)
        return _send(_answer_point(asked))

    @describe(
        "What is on record in an area", "The same answer for an area drawn on a map: `area` is a GeoJSON polygon in degrees. "
        "Shares are of the area and of each of its first 60 parcels; `parcels_in_all` counts them.",
        who=ANYONE, answer_schema=place_schema(), faults=(400, 422), tag=TAG,
        body={"application/json": {"type": "object", "required": ["area"], "properties": {
            "area": {"type": "object"}, "on": {"type": "string", "format": "date"}, "at": {"type": "string"}}}},
    )  # fmt: skip
    def post(self, request: Request) -> HttpResponse:
        """The answer."""
        body: Any = request.data
        if not isinstance(body, dict) or "area" not in body:
            cure = 'Send {"area": {"type": "Polygon", "coordinates": [...]}}.'
            raise InputError("An area is needed here.", field="area", value=str(body)[:60], cure=cure)
        on = parse_day(_text(body.get("on")), "on") or find_today()
        return _send(ask_area(body["area"], on, _parse_hour(_text(body.get("at")))))


class Parcel(Endpoint):
    """``/parcels/{key}``."""

    may_call = ANYONE

    @describe(
        "What is on record about a parcel", "The full answer for a parcel by its key, with or without separators. A key "
        "that finds nothing is told which part is wrong and what there is instead. A parcel that was split or merged leads to "
        "those that took it over.",
        who=ANYONE, answer_schema=place_schema(), faults=(400, 404, 422), tag=TAG, example=_EXAMPLE,
        parameters=[*_WHEN, _CITY, _PARTS],
    )  # fmt: skip
    def get(self, request: Request, key: str) -> HttpResponse:
        """The answer."""
        asked = request.query_params
        on = parse_day(asked.get("on"), "on") or find_today(asked.get("city", ""))
        answer = ask_parcel(key, on, _parse_hour(asked.get("at")), city=asked.get("city", ""))
        return _send(cut_to_parts(answer) if _is_lean(asked) else answer)


def _answer_point(asked: QueryDict) -> PlaceAnswer:
    lon, lat = parse_point(asked)
    on, at = parse_day(asked.get("on"), "on"), _parse_hour(asked.get("at"))
    return answer_point(lon, lat, on, at, accuracy_m=_accuracy(asked.get("accuracy_m")), lean=_is_lean(asked))


def _is_lean(asked: QueryDict) -> bool:
    """Whether only parcels and plans are asked for, which can be read by themselves."""
    parts = asked.get("parts", "")
    if parts in ("", "parcel,zoning", "zoning,parcel"):
        return bool(parts)
    raise InputError(
        "These parts cannot be asked for alone.",
        field="parts",
        value=parts,
        cure="Write parcel,zoning, or leave it out.",
    )


def _send(answer: PlaceAnswer) -> HttpResponse:
    """JSON as it is, without the detour over a renderer."""
    return HttpResponse(
        write_place(answer), content_type="application/json", headers={"Cache-Control": "public, max-age=60"}
    )


def _parse_hour(text: str | None) -> time | None:
    if not text:
        return None
    try:
        return time.fromisoformat(text.strip()).replace(tzinfo=None)
    except ValueError as error:
        raise InputError("This is no hour.", field="at", value=text, cure="Write 09:30.") from error


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _accuracy(text: str | None) -> float:
    if not text:
        return _ACCURACY_M
    value = parse_degrees(text, "accuracy_m", _ACCURACY_MAX_M)
    if value <= 0:
        raise InputError("An error in metres is above 0.", field="accuracy_m", value=text, cure="Write for example 5.")
    return value
