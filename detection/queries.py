"""Reads of this room: the raw answer of a run as values, and the weights on record."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from detection.detections import Detection
from detection.models import DetectionRun, Weights
from detection.tracking import Track as TrackFacts
from errors import NotFound

__all__ = ["RunFacts", "TrackFacts", "WeightsFacts", "get_run", "list_registered_weights"]


@dataclass(frozen=True, slots=True)
class RunFacts:
    """One run as stored: claims of all frames in order (their place is their index), tracks, and what made them."""

    id: UUID
    width_px: int
    height_px: int
    frames: int
    frame_times_s: tuple[float, ...]
    detections: tuple[Detection, ...]
    tracks: tuple[TrackFacts, ...]
    weights: tuple[tuple[str, str], ...]
    thresholds: dict[str, float]
    hidden: dict[str, int]
    runtime: str


@dataclass(frozen=True, slots=True)
class WeightsFacts:
    """One registered set of weights."""

    name: str
    sha256: str
    licence: str
    labels: tuple[str, ...]


def get_run(observation_id: UUID) -> RunFacts:
    """The run of an observation; NotFound before stage ``detect`` has finished."""
    row = DetectionRun.objects.filter(observation_id=observation_id).first()
    if row is None:
        raise NotFound("This observation was not looked at yet.", field="observation", value=observation_id)
    return RunFacts(
        id=row.id,
        width_px=row.width_px,
        height_px=row.height_px,
        frames=row.frames,
        frame_times_s=tuple(row.frame_times_s),
        detections=tuple(Detection.from_json(stored) for stored in row.detections),
        tracks=tuple(TrackFacts.from_json(stored) for stored in row.tracks),
        weights=tuple((used["name"], used["sha256"]) for used in row.weights),
        thresholds=dict(row.thresholds),
        hidden=dict(row.hidden),
        runtime=row.runtime,
    )


def list_registered_weights() -> tuple[WeightsFacts, ...]:
    """All weights in the table, by name."""
    return tuple(
        WeightsFacts(row.name, row.sha256, row.licence, tuple(row.label_set))
        for row in Weights.objects.order_by("name")
    )
