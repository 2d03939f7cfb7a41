"""The raw answer of a run as values, and what people said of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from detection.corrections import Correction, CorrectionKind
from detection.detections import Detection
from detection.layout import Layout
from detection.models import Correction as CorrectionRow
from detection.models import DetectionRun
from detection.tracking import Track as TrackFacts
from errors import NotFound

__all__ = ["RunFacts", "TrackFacts", "get_run", "list_corrections"]


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
    layout: Layout


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
        layout=Layout.from_json(row.layout),
    )


@dataclass(frozen=True, slots=True)
class SaidCorrection:
    """A correction with who said it and when."""

    said: Correction
    by: str
    at: datetime
    batch: UUID


def list_corrections(run_id: UUID) -> tuple[SaidCorrection, ...]:
    """All that was said of a run's boxes, oldest first."""
    return tuple(
        SaidCorrection(_said(row), row.by, row.at, row.batch) for row in CorrectionRow.objects.filter(run_id=run_id)
    )


def _said(row: CorrectionRow) -> Correction:
    box = None
    if row.box_px is not None:
        x_min, y_min, x_max, y_max = (float(edge) for edge in row.box_px)
        box = (x_min, y_min, x_max, y_max)
    return Correction(CorrectionKind(row.kind), row.index, row.label, box, row.frame_s, row.note)
