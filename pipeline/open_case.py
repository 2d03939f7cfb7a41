"""Stage 6: flags and service requests about one place and use become one case, or wait for a reviewer."""

from __future__ import annotations

from uuid import UUID

from cases.actions import open_or_join_case
from pipeline.stages import Outcome, StageOutcome


def run(observation_id: UUID) -> StageOutcome:
    """A citizen's request joins or opens a case at once; a camera's flag waits until a person says yes."""
    joined = open_or_join_case(observation_id)
    if joined.case_code is None:
        if joined.waits_for_review:
            return StageOutcome(Outcome.WAITING, {}, reason="review")
        return StageOutcome(Outcome.SKIPPED, {}, reason="nothing_to_open")
    return StageOutcome(Outcome.DONE, {"case": joined.case_code, "is_new": joined.is_new})
