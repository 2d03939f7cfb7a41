"""What the registers say of a point at a date: every fact with its source, and what no register could say."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext, gettext_noop
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import ANYONE, Endpoint, describe
from api.parsing import parse_day, parse_degrees
from api.plain import Json, schema_of, to_plain
from errors import InputError, PlaceError
from geo.facts import Coverage, PlaceFacts
from geo.position import Position, PositionMethod
from geo.queries import find_city, gather_facts

TAG = "places"
_ACCURACY_M = 1.0
_ACCURACY_MAX_M = 200.0
_COVERAGE: Mapping[Coverage, str] = {
    Coverage.FOUND: gettext_noop("found"),
    Coverage.CHECKED: gettext_noop("checked, nothing here"),
    Coverage.NO_DATA: gettext_noop("no data"),
}
_REFERENCE = gettext_noop("For reference, not an official reply.")
_GENERATED = gettext_noop("Some of these data are made up for demonstration.")
_EXAMPLE = {
    "position": {"lon": 106.6896, "lat": 10.7838, "accuracy_m": 1.0, "method": "sender_pin", "covariance_m2": None},
    "on": "2026-11-22",
    "city": "…",
    "parcels": [
        {
            "key": "267970100016",
            "zones": [{"plan_kind": "zoning", "code": "ODT", "area_m2": 82.1, "share_pct": 96.4}],
            "source": {"name": "parcels", "title": "…", "date": "2026-06-02", "decision": "", "generated": True},
        }
    ],
    "registers": [{"register": "permit", "coverage": "no_data", "words": "no data", "sources": []}],
    "reference": "For reference, not an official reply.",
    "generated": True,
}


class Places(Endpoint):
    """``/places``."""

    may_call = ANYONE

    @describe(
        "What is on record at a place", "Administrative units, parcels (all candidates within the error, with likelihoods), "
        "zones as a list with m2 and percent, plan lines, roads, sidewalks, permits. Each fact names its source with date, "
        "decision and licence. A register is `found`, `checked` (it covers this place and holds nothing) or `no_data`, which "
        "never means no.",
        who=ANYONE, answer_schema={**schema_of(PlaceFacts), "description": "Facts of one place at one date."},
        faults=(400, 422), tag=TAG, example=_EXAMPLE,
        parameters=[OpenApiParameter("lon", float, required=True, description="degrees, EPSG:4326"),
                    OpenApiParameter("lat", float, required=True),
                    OpenApiParameter("on", str, description="day asked for; today where absent"),
                    OpenApiParameter("accuracy_m", float, description="error of the point, 1 m where absent")],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The facts."""
        asked = request.query_params
        lon, lat = parse_degrees(asked.get("lon"), "lon", 180), parse_degrees(asked.get("lat"), "lat", 90)
        city = find_city(lon, lat)
        if city is None:
            raise PlaceError(
                "This place lies in no city we serve.",
                field="lon, lat",
                value=f"{lon}, {lat}",
                cure="Try another place.",
            )
        zone = ZoneInfo(city.timezone)
        on = parse_day(asked.get("on"), "on") or timezone.now().astimezone(zone).date()
        position = Position(lon, lat, _accuracy(asked.get("accuracy_m")), PositionMethod.SENDER_PIN)
        facts = gather_facts(position, datetime.combine(on, time(12), tzinfo=zone))
        return Response(answer_place(facts), headers={"Cache-Control": "public, max-age=60"})


def answer_place(facts: PlaceFacts) -> Json:
    """The facts as JSON; geometries as GeoJSON objects, sources in one form everywhere."""
    answer: Json = _open(to_plain(facts))
    for state in answer["registers"]:
        state["words"] = gettext(_COVERAGE[Coverage(state["coverage"])])
    is_generated = '"generated": true' in json.dumps(answer)
    answer["generated"] = is_generated
    answer["reference"] = gettext(_REFERENCE)
    answer["generated_words"] = gettext(_GENERATED) if is_generated else ""
    return answer


def _open(value: Any) -> Any:
    """Geometry texts become objects, ``source_on`` and ``is_generated`` the names of the interface."""
    if isinstance(value, list):
        return [_open(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    if "source_on" in value and "is_generated" in value:
        named = {"source_on": "date", "is_generated": "generated"}
        return {named.get(name, name): inner for name, inner in value.items()}
    is_geometry = ("geometry", "slot")
    return {
        name: json.loads(inner) if name in is_geometry and isinstance(inner, str) and inner else _open(inner)
        for name, inner in value.items()
    }


def _accuracy(text: str | None) -> float:
    if not text:
        return _ACCURACY_M
    value = parse_degrees(text, "accuracy_m", _ACCURACY_MAX_M)
    if value <= 0:
        raise InputError("An error in metres is above 0.", field="accuracy_m", value=text, cure="Write for example 5.")
    return value
