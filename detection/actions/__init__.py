"""The door to this room's writes: runs and sightings, weights at work, what people say of boxes."""

from detection.actions.detector_state import note_state
from detection.actions.learning import record_comparison, record_corrections, record_training_set
from detection.actions.runs import record_run, record_sightings
from detection.actions.weights import promote_weights, refuse_weights, register_weights, roll_back_weights

__all__ = [
    "note_state",
    "promote_weights",
    "record_comparison",
    "record_corrections",
    "record_run",
    "record_sightings",
    "record_training_set",
    "refuse_weights",
    "register_weights",
    "roll_back_weights",
]
