"""Reads: where an observation stands, and whether every queue has a worker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from config.celery import app
from pipeline.models import RESTING, Progress, ProgressState, StageRun
from pipeline.queues import Queue


@dataclass(frozen=True, slots=True)
class ProgressFacts:
    """Where one observation stands. ``stage`` is the last finished one; ``is_processing`` until the pipeline rests."""

    stage: str
    at_stage: str
    state: str
    is_processing: bool
    reason: str


def get_progress(observation_id: UUID) -> ProgressFacts:
    """Where one observation stands; a row not written yet reads as just received."""
    row = Progress.objects.filter(observation_id=observation_id).first()
    if row is None:
        return ProgressFacts(stage="", at_stage="receive", state="queued", is_processing=True, reason="")
    return ProgressFacts(row.last_finished, row.stage, row.state, row.state not in RESTING, row.reason)


def list_stage_runs(observation_id: UUID) -> list[StageRun]:
    """Every finished run, oldest first."""
    return list(StageRun.objects.filter(observation_id=observation_id))


@dataclass(frozen=True, slots=True)
class StuckObservation:
    """An observation whose pipeline could not finish, for the operator's screen."""

    observation_id: UUID
    stage: str
    reason: str
    since: datetime


def list_needing_person(limit: int = 200) -> list[StuckObservation]:
    """What waits for an operator, oldest first."""
    rows = Progress.objects.filter(state=ProgressState.NEEDS_PERSON).order_by("updated_at")[:limit]
    return [StuckObservation(row.observation_id, row.stage, row.reason, row.updated_at) for row in rows]


def count_workers(timeout_s: float = 1.0) -> dict[str, int]:
    """Live workers per queue, asked over the broker; every queue is named, 0 where nobody answers."""
    answers = app.control.inspect(timeout=timeout_s).active_queues() or {}
    counts = {queue.value: 0 for queue in Queue}
    for queues in answers.values():
        for queue in queues:
            if queue["name"] in counts:
                counts[queue["name"]] += 1
    return counts
