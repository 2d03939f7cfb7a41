"""The door to this room's reads."""

from detection.queries.runs import RunFacts, SaidCorrection, TrackFacts, get_run, list_corrections
from detection.queries.weights import (
    ComparisonFacts,
    DecisionFacts,
    StateFacts,
    WeightsFacts,
    latest_decision_id,
    list_comparisons,
    list_decision_facts,
    list_decisions,
    list_registered_weights,
    list_states,
    list_weights_in_use,
)

__all__ = [
    "ComparisonFacts",
    "DecisionFacts",
    "RunFacts",
    "SaidCorrection",
    "StateFacts",
    "TrackFacts",
    "WeightsFacts",
    "get_run",
    "latest_decision_id",
    "list_comparisons",
    "list_corrections",
    "list_decision_facts",
    "list_decisions",
    "list_registered_weights",
    "list_states",
    "list_weights_in_use",
]
