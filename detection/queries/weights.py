"""The weights on record, what was decided about them, and which ones work now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max

from detection.models import DetectorState, Weights, WeightsComparison, WeightsDecision
from detection.weights_choice import Decided, WeightsAction, weights_in_use


@dataclass(frozen=True, slots=True)
class WeightsFacts:
    """One registered set of weights."""

    name: str
    sha256: str
    licence: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """One decision on weights, as the operator reads it."""

    action: str
    weights: str
    sha256: str
    replaces: str
    at: datetime
    by: str
    why: str
    comparison: int | None


@dataclass(frozen=True, slots=True)
class ComparisonFacts:
    """One comparison of old and new weights."""

    id: int
    old: str
    new: str
    compared_at: datetime
    compared_by: str
    figures: dict[str, Any]


@dataclass(frozen=True, slots=True)
class StateFacts:
    """How the detector of one process is."""

    process: str
    ok: bool
    says: str
    cure: str
    weights: tuple[str, ...]
    runtime: str
    seen_at: datetime


def list_registered_weights() -> tuple[WeightsFacts, ...]:
    """All weights in the table, by name."""
    return tuple(
        WeightsFacts(row.name, row.sha256, row.licence, tuple(row.label_set))
        for row in Weights.objects.order_by("name")
    )


def list_decisions() -> tuple[Decided, ...]:
    """All decisions in the order of time, for ``weights_choice``."""
    rows = WeightsDecision.objects.values_list("action", "weights", "replaces")
    return tuple(Decided(WeightsAction(action), weights, replaces) for action, weights, replaces in rows)


def list_weights_in_use(named: Sequence[str]) -> tuple[str, ...]:
    """The names at work: those of the settings, changed by the decisions."""
    return weights_in_use(named, list_decisions())


def latest_decision_id() -> int:
    """Number of the last decision; 0 before the first. A cheap question whether anything changed."""
    return WeightsDecision.objects.aggregate(last=Max("id"))["last"] or 0


def list_decision_facts() -> tuple[DecisionFacts, ...]:
    """All decisions, newest first, as they are shown."""
    return tuple(
        DecisionFacts(row.action, row.weights, row.sha256, row.replaces, row.at, row.by, row.why, row.comparison_id)
        for row in WeightsDecision.objects.order_by("-at", "-id")
    )


def list_comparisons(name: str = "") -> tuple[ComparisonFacts, ...]:
    """Comparisons, newest first; of one set of weights (as the new one) when it is named."""
    rows = WeightsComparison.objects.filter(new=name) if name else WeightsComparison.objects.all()
    return tuple(
        ComparisonFacts(row.pk, row.old, row.new, row.compared_at, row.compared_by, dict(row.figures)) for row in rows
    )


def list_states(since: datetime) -> tuple[StateFacts, ...]:
    """The detectors that told of themselves since a moment, newest first."""
    rows = DetectorState.objects.filter(seen_at__gte=since).order_by("-seen_at")
    return tuple(
        StateFacts(row.process, row.ok, row.says, row.cure, tuple(row.weights), row.runtime, row.seen_at)
        for row in rows
    )
