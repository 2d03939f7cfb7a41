"""Where an observation stands, for tests of its way through the stages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from pipeline.stages import STAGES, Outcome, StageOutcome

DONE = StageOutcome(Outcome.DONE)
NAMES = [stage.name for stage in STAGES]


def progress_of(observation: UUID) -> Any:
    """Its row of the moment."""
    from pipeline.models import Progress

    return Progress.objects.get(pk=observation)


def make_older(observation: UUID, seconds: float) -> None:
    """As if nothing had happened to it for so long."""
    from pipeline.models import Progress

    row = progress_of(observation)
    Progress.objects.filter(pk=observation).update(updated_at=row.updated_at - timedelta(seconds=seconds))
