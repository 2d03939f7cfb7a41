"""The full answer about a place as JSON: geometries as GeoJSON objects, sources in one form, states and uses in words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, gettext_noop

from api.plain import Json, schema_of, to_plain
from geo.answer import PlaceAnswer, UseState
from geo.facts import Coverage

COVERAGE: Mapping[Coverage, str] = {
    Coverage.FOUND: gettext_noop("found"),
    Coverage.CHECKED: gettext_noop("checked, nothing here"),
    Coverage.NO_DATA: gettext_noop("no data"),
}
USE_STATES: Mapping[UseState, str] = {
    UseState.ALLOWED: gettext_noop("allowed now"),
    UseState.OTHER_HOURS: gettext_noop("allowed at other hours"),
    UseState.OTHER_DAYS: gettext_noop("not on this day"),
    UseState.NOT_LISTED: gettext_noop("not among the uses allowed here"),
    UseState.NO_DATA: gettext_noop("no data"),
}
REFERENCE = gettext_noop("For reference, not an official reply.")
GENERATED = gettext_noop("Some of these data are made up for demonstration.")
_GEOMETRIES = frozenset(("geometry", "slot"))
_NAMES = {"source_on": "date", "is_generated": "generated"}


def place_schema() -> Json:
    """The schema of the answer."""
    return {**schema_of(PlaceAnswer), "description": "Facts of one place at one date."}


def answer_place(answer: PlaceAnswer) -> Json:
    """The answer; ``words`` beside every state."""
    body: Json = _open(to_plain(answer))
    for state in body["registers"]:
        state["words"] = gettext(COVERAGE[Coverage(state["coverage"])])
    for walk in body["sidewalks"]:
        for use in walk["uses"]:
            use["words"] = gettext(USE_STATES[UseState(use["state"])])
    body["notice"] = ""
    if answer.data_from is not None:
        said = gettext("No register speaks of this place on this day; the first data are of %(day)s.")
        body["notice"] = said % {"day": answer.data_from.strftime("%d/%m/%Y")}
    body["reference"] = gettext(REFERENCE)
    body["generated"] = answer.is_generated
    body["generated_words"] = gettext(GENERATED) if answer.is_generated else ""
    return body


def _open(value: Any) -> Any:
    """Geometry texts become objects, the fields of a source bear the names of the interface."""
    if isinstance(value, list):
        return [_open(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    if "is_generated" in value:
        return {_NAMES.get(name, name): inner for name, inner in value.items()}
    return {
        name: (json.loads(inner) if inner else None) if name in _GEOMETRIES else _open(inner)
        for name, inner in value.items()
    }
