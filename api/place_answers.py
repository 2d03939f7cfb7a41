"""The full answer about a place as JSON: geometries as GeoJSON objects, sources in one form, states and uses in words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any

from django.utils.translation import gettext, gettext_noop

from api.plain import Json, schema_of
from geo.answer import PlaceAnswer, UseState
from geo.facts import Coverage, SourceRef

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
_AS_THEY_ARE = frozenset((str, int, float, bool, type(None)))
_NAMES = {"source_on": "date", "is_generated": "generated"}


def place_schema() -> Json:
    """The schema of the answer."""
    return {**schema_of(PlaceAnswer), "description": "Facts of one place at one date."}


def answer_place(answer: PlaceAnswer) -> Json:
    """The answer; ``words`` beside every state."""
    body: Json = _plain(answer)
    coverages = {coverage.value: gettext(words) for coverage, words in COVERAGE.items()}
    for state in body["registers"]:
        state["words"] = coverages[state["coverage"]]
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


def _plain(value: Any) -> Any:
    """One walk over the frozen value: geometry texts become objects, the fields of a source bear the names of the interface."""
    kind = type(value)
    if kind in _AS_THEY_ARE:
        return value
    if kind is tuple:
        return [_plain(inner) for inner in value]
    names = _names_of(kind)  # type: ignore[arg-type]  # a class is hashable
    if names is None:
        return value.value if isinstance(value, Enum) else value.isoformat()
    told = {}
    for name, said, is_geometry in names:
        inner = getattr(value, name)
        if is_geometry:
            told[said] = json.loads(inner) if inner else None
        else:
            told[said] = inner if type(inner) in _AS_THEY_ARE else _plain(inner)
    return told


@cache
def _names_of(kind: type) -> tuple[tuple[str, str, bool], ...] | None:
    """(field, name in the interface, whether it holds GeoJSON) of a frozen value; none for other kinds."""
    if not is_dataclass(kind):
        return None
    named = _NAMES if kind is SourceRef else {}
    return tuple((f.name, named.get(f.name, f.name), f.name in _GEOMETRIES) for f in fields(kind))
