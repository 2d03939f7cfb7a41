"""Stage 2: where and when the picture was taken, with errors and references, or the reason why not."""

from __future__ import annotations

from uuid import UUID

from intake.actions import record_geotag
from intake.queries import get_observation
from pipeline.stages import Detail, Outcome, StageOutcome


def run(observation_id: UUID) -> StageOutcome:
    """Read the file's own tags once; the sender's pin stays beside them. A picture without a place goes on and says so."""
    record_geotag(observation_id)
    observation = get_observation(observation_id)
    method = observation.position.method.value if observation.position else None
    detail: Detail = {"method": method, "why_not": observation.no_position_reason, "hints": list(observation.hints)}
    return StageOutcome(Outcome.DONE, detail)
