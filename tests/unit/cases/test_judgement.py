"""Only "wrong object" speaks of the thing; disagreement teaches nothing until somebody stood before it."""

from __future__ import annotations

import pytest

from cases.judgement import Judgement, Voice
from cases.lifecycle import DismissReason
from cases.outcome import CONFIRMS_VIOLATION, InspectionOutcome

YES = Voice("accepted")
WRONG = Voice("dismissed", "wrong_object")


@pytest.mark.parametrize("label", [one for one in DismissReason if one is not DismissReason.WRONG_OBJECT])
def test_a_no_about_the_place_leaves_the_detector_right(label: DismissReason) -> None:
    assert Judgement(Voice("dismissed", label.value)).was_right is True


def test_the_wrong_object_is_wrong() -> None:
    assert Judgement(WRONG).was_right is False
    assert Judgement(WRONG, (Voice("dismissed", "wrong_object"),)).was_right is False


@pytest.mark.parametrize(("decision", "second"), [(YES, WRONG), (WRONG, YES), (WRONG, Voice("dismissed", "permitted"))])
def test_disagreement_about_the_object_teaches_nothing(decision: Voice, second: Voice) -> None:
    assert Judgement(decision, (second,)).was_right is None


@pytest.mark.parametrize("outcome", list(InspectionOutcome))
def test_who_stood_before_it_settles_a_disagreement(outcome: InspectionOutcome) -> None:
    told = Judgement(YES, (WRONG,), outcome.value)
    assert told.was_right is (True if outcome in CONFIRMS_VIOLATION else None)
    assert told.is_confirmed is (outcome in CONFIRMS_VIOLATION)


def test_a_visit_that_finds_no_violation_says_nothing_of_the_object() -> None:
    assert Judgement(YES, (), "no_violation").was_right is True
