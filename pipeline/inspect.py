"""Stage 8: what a person found on site. Waits until the case's inspection has its outcome."""

from __future__ import annotations

from uuid import UUID

from cases.lifecycle import CaseState
from cases.queries import find_case_of_observation
from pipeline.stages import Outcome, StageOutcome


def run(observation_id: UUID) -> StageOutcome:
    """Done once the case has a completed inspection."""
    case = find_case_of_observation(observation_id)
    if case is None:
        return StageOutcome(Outcome.SKIPPED, {}, reason="no_case")
    if case.state == CaseState.DISMISSED:
        return StageOutcome(Outcome.SKIPPED, {"case": case.code}, reason="dismissed")
    if case.inspection_outcome == "":
        return StageOutcome(Outcome.WAITING, {"case": case.code}, reason="inspection")
    return StageOutcome(Outcome.DONE, {"case": case.code, "outcome": case.inspection_outcome})
