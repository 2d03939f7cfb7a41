"""Stage 7: who goes, by when. Needs a person's yes to a flag of the case; until then the case waits for review."""

from __future__ import annotations

from uuid import UUID

from cases.actions import assign_case, insert_into_day
from cases.lifecycle import CaseState
from cases.queries import find_case_of_observation
from pipeline.stages import Outcome, StageOutcome


def run(observation_id: UUID) -> StageOutcome:
    """Assign the observation's case, or wait for the reviewer."""
    case = find_case_of_observation(observation_id)
    if case is None:
        return StageOutcome(Outcome.SKIPPED, {}, reason="no_case")
    if case.state == CaseState.DISMISSED:
        return StageOutcome(Outcome.SKIPPED, {"case": case.code}, reason="dismissed")
    if not case.is_accepted:
        return StageOutcome(Outcome.WAITING, {"case": case.code}, reason="review")
    assigned = assign_case(case.id)
    if assigned.inspector_id is not None:
        insert_into_day(case.id)
    return StageOutcome(Outcome.DONE, {"case": case.code, "is_assigned": assigned.inspector_id is not None})
