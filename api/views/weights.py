"""Weights for the operator: what works, how well each was measured, and who put it to work: `/weights`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint, describe, person_of
from api.parsing import read_text
from api.plain import Json, to_plain
from cases.roles import Role
from detection.actions import promote_weights, refuse_weights, roll_back_weights
from detection.models import WeightsDecision
from detection.queries import (
    ComparisonFacts,
    DecisionFacts,
    list_comparisons,
    list_decision_facts,
    list_weights_in_use,
)
from detection.weights_record import WeightsRecord
from detection.weights_shelf import find_record, list_all_weights
from errors import ConfigurationError, InputError, NotFound

TAG = "learning"
OPERATORS = frozenset({Role.OPERATOR})
READERS = frozenset({Role.OPERATOR, Role.LEADER, Role.REVIEWER, Role.PLANNER})
_BODY: Json = {
    "application/json": {
        "type": "object",
        "properties": {
            "action": {"type": "string", "enum": ["promote", "refuse"]},
            "replaces": {"type": "string", "description": "for promote: the weights at work that make room"},
            "why": {"type": "string", "description": "kept with your name"},
        },
        "required": ["action", "why"],
        "example": {"action": "promote", "replaces": "yolo11n-coco-int8", "why": "Finds 30 more motorbikes in 100."},
    }
}
_WHY_BODY: Json = {
    "application/json": {
        "type": "object",
        "properties": {"why": {"type": "string"}},
        "required": ["why"],
        "example": {"why": "It flags shadows at night."},
    }
}


@dataclass(frozen=True, slots=True)
class WeightsAnswer:
    """One set of weights on record. ``thresholds`` are on the network's own scores; ``figures`` by measured set."""

    name: str
    sha256: str
    is_at_work: bool
    licence: str
    source: str
    labels: tuple[str, ...]
    runtimes: tuple[str, ...]
    thresholds: dict[str, float]
    scores: dict[str, Any]
    figures: dict[str, Any]
    notes: dict[str, str]
    comparisons: tuple[ComparisonFacts, ...]


@dataclass(frozen=True, slots=True)
class ShelfAnswer:
    """All weights, those at work in their order, and every decision, newest first."""

    at_work: tuple[str, ...]
    weights: tuple[WeightsAnswer, ...]
    decisions: tuple[DecisionFacts, ...]


@dataclass(frozen=True, slots=True)
class DecisionAnswer:
    """A decision that was recorded, and what works now. Workers take it up within 20 seconds."""

    action: str
    weights: str
    replaces: str
    at: datetime
    by: str
    at_work: tuple[str, ...]


class Shelf(Endpoint):
    """``/weights``."""

    may_call = READERS

    @describe(
        "List weights", "Every detector on record with its measured figures, score curves and thresholds; which work now; who "
        "promoted, refused or rolled back what, and why.",
        who=READERS, answer=ShelfAnswer, tag=TAG,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The shelf."""
        at_work = _at_work()
        weights = tuple(_worded(find_record(name), at_work) for name in list_all_weights())
        return Response(to_plain(ShelfAnswer(at_work, weights, list_decision_facts())))


class OneOfShelf(Endpoint):
    """``/weights/{name}``."""

    may_call = READERS

    @describe(
        "One set of weights", "Its record with figures, and how it compared with the weights it might replace.",
        who=READERS, answer=WeightsAnswer, faults=(404,), tag=TAG,
    )  # fmt: skip
    def get(self, request: Request, name: str) -> Response:
        """The record."""
        return Response(to_plain(_worded(_find(name), _at_work())))


class Decisions(Endpoint):
    """``/weights/{name}/decisions``."""

    may_call = OPERATORS
    parser_classes = [JSONParser]

    @describe(
        "Promote or refuse weights", "A person decides, and says why. Promotion needs a comparison with the weights that make "
        "room (`manage.py compare_weights`); old flags keep the version that made them.",
        who=OPERATORS, answer=DecisionAnswer, faults=(400, 404, 409), body=_BODY, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request, name: str) -> Response:
        """One decision."""
        _find(name)
        by, why = person_of(request).get_username(), read_text(request.data, "why", longest=1000)
        action = read_text(request.data, "action", longest=20)
        if action == "promote":
            made = promote_weights(name, replaces=read_text(request.data, "replaces", longest=80), by=by, why=why)
        elif action == "refuse":
            made = refuse_weights(name, by=by, why=why)
        else:
            raise InputError("Weights are promoted or refused.", field="action", value=action, cure="promote or refuse")
        return _decided(made)


class RollBack(Endpoint):
    """``/weights/roll-back``."""

    may_call = OPERATORS
    parser_classes = [JSONParser]

    @describe(
        "Take the last promotion back", "What worked before works again. 409 when no promotion is left.",
        who=OPERATORS, answer=DecisionAnswer, faults=(400, 409), body=_WHY_BODY, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """The decision."""
        why = read_text(request.data, "why", longest=1000)
        return _decided(roll_back_weights(by=person_of(request).get_username(), why=why))


def _at_work() -> tuple[str, ...]:
    return list_weights_in_use(settings.ENV.detection.weights)


def _find(name: str) -> WeightsRecord:
    try:
        return find_record(name)
    except ConfigurationError as unknown:
        raise NotFound(
            "There are no weights of this name.", field="weights", value=name, cure=unknown.cure
        ) from unknown


def _worded(record: WeightsRecord, at_work: tuple[str, ...]) -> WeightsAnswer:
    curves = {"default": record.scores.default, **record.scores.labels}
    return WeightsAnswer(
        name=record.name,
        sha256=record.sha256,
        is_at_work=record.name in at_work,
        licence=record.licence,
        source=record.source,
        labels=record.labels,
        runtimes=record.runtimes,
        thresholds=dict(record.thresholds),
        scores={"version": record.scores.version, "drawn_from": record.scores.drawn_from, "curves": to_plain(curves)},
        figures=dict(record.figures),
        notes=dict(record.notes),
        comparisons=list_comparisons(record.name),
    )


def _decided(made: WeightsDecision) -> Response:
    return Response(to_plain(DecisionAnswer(made.action, made.weights, made.replaces, made.at, made.by, _at_work())))
