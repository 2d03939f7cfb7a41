"""Celery's door: one task per stage and the sweeps. Nothing is decided here."""

from __future__ import annotations

from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError

from config.celery import app
from pipeline import advance, deliver, sweeps
from pipeline.queues import Queue

log = structlog.get_logger("pipeline")


@app.task(name="pipeline.run_stage", queue=Queue.INTAKE.value)
def run_stage(observation_id: str, stage: str) -> None:
    """Run one stage on one observation, in the queue that the sender chose from ``stages``.

    While the database does not answer there is nothing to write to: the row stands as it is and the sweep finds it.
    """
    try:
        advance.run_and_advance(UUID(observation_id), stage)
    except (OperationalError, InterfaceError) as error:
        log.warning("database_silent", observation_id=observation_id, stage=stage, error=type(error).__name__)


@app.task(name="pipeline.sweep_stuck", queue=Queue.UPKEEP.value)
def sweep_stuck() -> int:
    """Begin what never began, and ring again for what was queued or run too long ago."""
    return sweeps.start_unbegun() + sweeps.ring_stuck()


@app.task(name="pipeline.sweep_cases", queue=Queue.UPKEEP.value)
def sweep_cases() -> int:
    """Expire flags nobody looked at in time, tell people what is late, reply where nobody has, draft follow-up visits."""
    told = sweeps.escalate() + sweeps.reply_in_the_interim()
    return told + sweeps.expire_flags() + sweeps.close_silent_requests() + sweeps.draft_follow_ups()


@app.task(name="pipeline.sweep_media", queue=Queue.UPKEEP.value)
def sweep_media() -> int:
    """Remove stored bytes that no record names, mend the chain of custody, erase what is past its time."""
    return sweeps.remove_orphans() + sweeps.keep_custody() + sweeps.forget_alerts()


@app.task(name="pipeline.sweep_frames", queue=Queue.UPKEEP.value)
def sweep_frames() -> int:
    """Remove what was kept of cameras that nobody watches any more."""
    return sweeps.forget_frames()


@app.task(name="pipeline.redact_visits", queue=Queue.DETECTION.value)
def redact_visits() -> int:
    """Redacted copies of what was photographed on site; how many were made."""
    from pipeline.public_copies import (
        make_missing_clips,
        make_missing_copies,
    )  # opens the detector: not in processes of other queues

    try:
        return make_missing_copies() + make_missing_clips()
    except (OperationalError, InterfaceError) as error:
        log.warning("database_silent", task="redact_visits", error=type(error).__name__)
        return 0


@app.task(name="pipeline.suggest_category", queue=Queue.DETECTION.value)
def suggest_category(path: str) -> bool:
    """What kind of report a draft's photo may be about, noted beside the draft."""
    from pipeline.suggest import suggest_for_draft  # opens the detector: not in processes of other queues

    return suggest_for_draft(path)


@app.task(name="pipeline.deliver_notices", queue=Queue.NOTICES.value)
def deliver_notices() -> int:
    """Send what is due from the outbox; how many went out."""
    try:
        return deliver.deliver_due()
    except (OperationalError, InterfaceError) as error:
        log.warning("database_silent", task="deliver_notices", error=type(error).__name__)
        return 0


@app.task(name="pipeline.sweep_registers", queue=Queue.UPKEEP.value)
def sweep_registers() -> int:
    """Read the files that were sent, apply the runs that a person has confirmed, and bring new vintages to the tiles."""
    return sweeps.read_register_files() + sweeps.apply_register_runs() + sweeps.draw_new_vintages()
