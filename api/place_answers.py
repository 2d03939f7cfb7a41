"""The full answer about a place as JSON: geometries as GeoJSON objects, sources in one form, states and uses in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import Any

import orjson
from django.utils.translation import gettext, gettext_noop

from api.plain import Json, schema_of
from geo.answer import PlaceAnswer, UseAnswer, UseState
from geo.facts import Coverage, Register, RegisterState, SourceRef

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
# What is asked of which register: left out of an answer that was not asked for it, for an empty list would say "nothing here".
_ASKED_OF: Mapping[str, Register] = {
    "units": Register.ADMIN_UNIT, "overlays": Register.OVERLAY, "plan_lines": Register.PLAN_LINE, "roads": Register.ROAD,
    "sidewalks": Register.SIDEWALK, "permits": Register.PERMIT, "former_unit": Register.ADMIN_UNIT,
}  # fmt: skip


def place_schema() -> Json:
    """The schema of the full answer."""
    return {**schema_of(PlaceAnswer), "description": "Facts of one place at one date."}


def write_place(answer: PlaceAnswer) -> bytes:
    """The answer as JSON; ``words`` beside every state."""
    body = _leave_out(_fields(answer), answer.parts)
    if answer.parts:
        body["parcels"] = [_leave_out(_fields(parcel), answer.parts) for parcel in answer.parcels]
    body["notice"] = ""
    if answer.data_from is not None:
        said = gettext("No register speaks of this place on this day; the first data are of %(day)s.")
        body["notice"] = said % {"day": answer.data_from.strftime("%d/%m/%Y")}
    body["reference"] = gettext(REFERENCE)
    body["generated"] = answer.is_generated
    body["generated_words"] = gettext(GENERATED) if answer.is_generated else ""
    return orjson.dumps(body, default=_fields, option=orjson.OPT_PASSTHROUGH_DATACLASS)


def _leave_out(told: Json, parts: Sequence[Register]) -> Json:
    if not parts:
        return told
    return {name: value for name, value in told.items() if _ASKED_OF.get(name, parts[0]) in parts}


def _fields(value: Any) -> Json:
    """A frozen value as an object: geometry texts go in as they are, the fields of a source bear the names of the interface."""
    kind = type(value)
    read, names, geometries = _form_of(kind)  # type: ignore[arg-type]  # a class is hashable
    told = dict(zip(names, read(value), strict=True))
    for name in geometries:
        told[name] = orjson.Fragment(told[name]) if told[name] else None
    if kind is RegisterState:
        told["words"] = gettext(COVERAGE[value.coverage])
    elif kind is UseAnswer:
        told["words"] = gettext(USE_STATES[value.state])
    return told


@cache
def _form_of(kind: type) -> tuple[Callable[[Any], tuple[Any, ...]], tuple[str, ...], tuple[str, ...]]:
    """What reads the fields of a frozen value, their names in the interface, and those of them that hold GeoJSON."""
    own = [field.name for field in fields(kind)]
    named = _NAMES if kind is SourceRef else {}
    names = tuple(named.get(name, name) for name in own)
    return attrgetter(*own), names, tuple(name for name in names if name in _GEOMETRIES)
