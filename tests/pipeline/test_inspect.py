"""Stage 8: rests until a person was there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from pipeline.stages import Outcome

See = Callable[[Any], None]


@pytest.fixture
def assigned(small_city: Any, see: See) -> tuple[UUID, Any]:
    """An observation whose case waits for its inspector, and the staff."""
    from cases.actions import ReviewDecision
    from pipeline import decisions
    from rules.models import Flag
    from tests import builders as b

    staff = b.a_staff()
    see(b.building_work())
    [observation] = b.a_report()
    b.run_to_rest(observation)
    decisions.review_flag(Flag.objects.get().pk, ReviewDecision.ACCEPT, by=staff.reviewer)
    b.run_until(observation, "inspect")
    return observation, staff


def test_it_waits_for_the_visit(assigned: tuple[UUID, Any]) -> None:
    from pipeline.inspect import run

    outcome = run(assigned[0])
    assert (outcome.outcome, outcome.reason) == (Outcome.WAITING, "inspection")


def test_the_outcome_of_the_visit_ends_it(assigned: tuple[UUID, Any]) -> None:
    from cases.actions import InspectionOutcome, InspectionRecord
    from cases.models import Inspection
    from pipeline import decisions
    from pipeline.inspect import run
    from tests import builders as b

    observation, staff = assigned
    visit = Inspection.objects.get()
    decisions.record_inspection(visit.pk, InspectionRecord(InspectionOutcome.WARNED), by=staff.inspector)
    before = b.read_rows()
    outcome = run(observation)
    assert (outcome.outcome, outcome.detail["outcome"]) == (Outcome.DONE, "warned")
    assert run(observation) == outcome
    assert b.read_rows() == before


def test_a_closed_gate_asks_for_another_visit(assigned: tuple[UUID, Any]) -> None:
    from cases.actions import InspectionOutcome, InspectionRecord
    from cases.models import Inspection
    from pipeline import decisions
    from tests import builders as b

    observation, staff = assigned
    record = InspectionRecord(InspectionOutcome.NO_ACCESS, reason="locked gate")
    decisions.record_inspection(Inspection.objects.get().pk, record, by=staff.inspector)
    progress = b.run_to_rest(observation)
    assert (progress.stage, progress.state) == ("inspect", "waiting")
    second = Inspection.objects.get(state="draft")
    decisions.record_inspection(second.pk, InspectionRecord(InspectionOutcome.GONE), by=staff.inspector)
    progress = b.run_to_rest(observation)
    assert (progress.stage, progress.state) == ("publish", "finished")


def test_without_a_case_nobody_is_waited_for(small_city: Any) -> None:
    from pipeline.inspect import run
    from tests import builders as b

    outcome = run(b.a_camera_clip(b.a_clip(frames=2)))
    assert (outcome.outcome, outcome.reason) == (Outcome.SKIPPED, "no_case")
