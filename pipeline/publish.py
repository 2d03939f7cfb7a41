"""Stage 9: what the public may see of a settled case, written through the one publication gate."""

from __future__ import annotations

from uuid import UUID

from cases.lifecycle import CASE_ENDS
from cases.queries import find_case_of_observation
from pipeline.stages import Outcome, StageOutcome
from tiles.actions import publish_case


def run(observation_id: UUID) -> StageOutcome:
    """Publish redacted copies of a settled case; nothing else ever leaves. What is not settled yet is waited for."""
    case = find_case_of_observation(observation_id)
    if case is None:
        return StageOutcome(Outcome.SKIPPED, {}, reason="no_case")
    if publish_case(case.id) is not None:
        return StageOutcome(Outcome.DONE, {"case": case.code})
    if case.state in CASE_ENDS:
        return StageOutcome(Outcome.SKIPPED, {"case": case.code}, reason="nothing_publishable")
    return StageOutcome(Outcome.WAITING, {"case": case.code}, reason="settlement")
