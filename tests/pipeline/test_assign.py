"""Stage 7: nobody is sent before a person has said yes; then one inspector goes, once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from pipeline.stages import Outcome

See = Callable[[Any], None]


def say_yes(observation: UUID, reviewer: Any) -> None:
    """The reviewer accepts the flag, without the pipeline going on."""
    from cases.actions import ReviewDecision, review_flag
    from rules.models import Flag

    review_flag(Flag.objects.get(observation_id=observation).pk, ReviewDecision.ACCEPT, by=reviewer)


def test_it_waits_for_a_persons_yes(small_city: Any, see: See) -> None:
    from cases.models import Assignment
    from pipeline.assign import run
    from tests import builders as b

    b.a_staff()
    see(b.building_work())
    [observation] = b.a_report()
    b.run_until(observation, "assign")
    outcome = run(observation)
    assert (outcome.outcome, outcome.reason) == (Outcome.WAITING, "review")
    assert Assignment.objects.count() == 0


def test_after_the_yes_an_inspector_has_the_job(small_city: Any, see: See) -> None:
    from cases.models import Assignment, Case, Inspection
    from pipeline.assign import run
    from tests import builders as b

    staff = b.a_staff()
    see(b.building_work())
    [observation] = b.a_report()
    b.run_until(observation, "assign")
    say_yes(observation, staff.reviewer)
    outcome = run(observation)
    assert (outcome.outcome, outcome.detail["is_assigned"]) == (Outcome.DONE, True)
    job = Assignment.objects.get()
    assert (job.inspector, job.is_current, Case.objects.get().state) == (staff.inspector, True, "assigned")
    assert job.due_at > Case.objects.get().opened_at
    assert Inspection.objects.get().state == "draft"


def test_twice_gives_the_same_rows(small_city: Any, see: See) -> None:
    from pipeline.assign import run
    from tests import builders as b

    staff = b.a_staff()
    see(b.building_work())
    [observation] = b.a_report()
    b.run_until(observation, "assign")
    say_yes(observation, staff.reviewer)
    first = run(observation)
    before = b.read_rows()
    assert run(observation) == first
    assert b.read_rows() == before


def test_with_nobody_to_send_the_case_says_so(small_city: Any, see: See) -> None:
    from cases.models import Case, CaseEvent, RoleAssignment
    from pipeline.assign import run
    from tests import builders as b

    staff = b.a_staff()
    RoleAssignment.objects.filter(user=staff.inspector).delete()
    see(b.building_work())
    [observation] = b.a_report()
    b.run_until(observation, "assign")
    say_yes(observation, staff.reviewer)
    outcome = run(observation)
    assert (outcome.outcome, outcome.detail["is_assigned"]) == (Outcome.DONE, False)
    assert Case.objects.get().state == "opened"
    run(observation)
    assert CaseEvent.objects.filter(kind="nobody_to_assign").count() == 1


def test_without_a_case_there_is_nothing_to_assign(small_city: Any) -> None:
    from pipeline.assign import run
    from tests import builders as b

    observation = b.a_camera_clip(b.a_clip(frames=2))
    outcome = run(observation)
    assert (outcome.outcome, outcome.reason) == (Outcome.SKIPPED, "no_case")
