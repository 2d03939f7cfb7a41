"""Stage 9: a settled case leaves through the gate, with redacted copies only; anything else stays inside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from pipeline.stages import Outcome

See = Callable[[Any], None]


@pytest.fixture
def inspected(small_city: Any, see: See) -> Callable[[str], UUID]:
    """Gives an observation whose case was inspected with an outcome."""
    from cases.actions import InspectionOutcome, InspectionRecord, ReviewDecision
    from cases.models import Inspection
    from pipeline import decisions
    from rules.models import Flag
    from tests import builders as b

    def make(outcome: str) -> UUID:
        staff = b.a_staff()
        see(b.building_work())
        [observation] = b.a_report()
        b.run_to_rest(observation)
        decisions.review_flag(Flag.objects.get().pk, ReviewDecision.ACCEPT, by=staff.reviewer)
        record = InspectionRecord(InspectionOutcome(outcome), reason="seen on site")
        decisions.record_inspection(Inspection.objects.get().pk, record, by=staff.inspector)
        b.run_until(observation, "publish")
        return observation

    return make


def test_a_settled_case_is_shown_with_its_redacted_picture(inspected: Callable[[str], UUID]) -> None:
    from django.contrib.auth import get_user_model

    from cases.models import Case
    from intake.models import MediaFile
    from pipeline.publish import run
    from tiles.actions import approve_publication
    from tiles.models import Publication
    from tiles.queries import find_public_case, is_published_media

    outcome = run(inspected("no_violation"))
    case = Case.objects.get()
    assert (outcome.outcome, outcome.detail) == (Outcome.DONE, {"case": case.code})
    assert find_public_case(case.code) is None, "nothing is public before a leader's yes"
    approve_publication(case.pk, by=get_user_model().objects.get(username="the-leader"))
    shown = find_public_case(case.code)
    assert shown is not None
    assert (shown.state, shown.before_id) == ("no_violation", MediaFile.objects.get(derivation="redacted").pk)
    assert Publication.objects.get().approved_by == "the-leader"
    original = MediaFile.objects.get(parent=None)
    assert not is_published_media(original.pk)


def test_the_public_place_is_rounded(inspected: Callable[[str], UUID]) -> None:
    from django.contrib.auth import get_user_model

    from cases.models import Case
    from pipeline.publish import run
    from tiles.actions import approve_publication
    from tiles.queries import find_public_case

    run(inspected("no_violation"))
    case = Case.objects.get()
    approve_publication(case.pk, by=get_user_model().objects.get(username="the-leader"))
    shown = find_public_case(case.code)
    assert shown is not None
    assert (shown.lon, shown.lat) == (pytest.approx(round(case.point.x, 4)), pytest.approx(round(case.point.y, 4)))


def test_twice_gives_the_same_rows(inspected: Callable[[str], UUID]) -> None:
    from pipeline.publish import run
    from tests import builders as b

    observation = inspected("warned")
    first = run(observation)
    before = b.read_rows()
    assert run(observation) == first
    assert b.read_rows() == before


def test_an_unsettled_case_is_waited_for(inspected: Callable[[str], UUID]) -> None:
    from pipeline.publish import run
    from tiles.models import Publication

    outcome = run(inspected("violation"))
    assert (outcome.outcome, outcome.reason) == (Outcome.WAITING, "settlement")
    assert Publication.objects.count() == 0


def test_a_case_of_another_authority_is_not_ours_to_show(inspected: Callable[[str], UUID]) -> None:
    from pipeline.publish import run
    from tiles.models import Publication

    outcome = run(inspected("handed_over"))
    assert (outcome.outcome, outcome.reason) == (Outcome.SKIPPED, "nothing_publishable")
    assert Publication.objects.count() == 0


def test_without_a_case_nothing_leaves(small_city: Any) -> None:
    from pipeline.publish import run
    from tests import builders as b

    outcome = run(b.a_camera_clip(b.a_clip(frames=2)))
    assert (outcome.outcome, outcome.reason) == (Outcome.SKIPPED, "no_case")
