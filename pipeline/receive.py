"""Stage 1: the stored original is there, whole, and what its hash says."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

from cases.actions.notifying import tell_receipt
from intake.queries import get_media, get_observation, read_media
from pipeline.stages import Outcome, StageOutcome


def run(observation_id: UUID) -> StageOutcome:
    """Read the original back and compare its hash with the one taken at receipt."""
    observation = get_observation(observation_id)
    if observation.service_request_id is not None:
        tell_receipt(observation.service_request_id)
    media = get_media(observation.media_id)
    data = read_media(observation.media_id)
    if sha256(data).hexdigest() != media.sha256:
        return StageOutcome(Outcome.NEEDS_PERSON, {"bytes": len(data)}, reason="original_altered")
    return StageOutcome(
        Outcome.DONE, {"bytes": len(data), "kind": observation.kind, "is_duplicate": observation.is_duplicate_media}
    )
