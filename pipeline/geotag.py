"""Stage 2: where and when the picture was taken, with errors and references, or the reason why not."""

from __future__ import annotations

from uuid import UUID

from intake.actions import record_geotag
from intake.queries import get_observation
from pipeline.stages import Outcome, StageOutcome


def run(observation_id: UUID) -> StageOutcome:
    """Read the file's own tags once; the sender's pin stays beside them. No place at all is a case for a person."""
    record_geotag(observation_id)
    observation = get_observation(observation_id)
    if observation.position is None and observation.camera_id is None:
        return StageOutcome(Outcome.NEEDS_PERSON, {}, reason=f"no_place:{observation.no_position_reason}")
    method = observation.position.method.value if observation.position else "camera"
    return StageOutcome(Outcome.DONE, {"method": method, "hints": list(observation.hints)})
