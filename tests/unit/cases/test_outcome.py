"""What an inspector hands in, and what it makes of the case."""

import pytest

from cases.lifecycle import CASE_MOVES, CaseState, InspectionState
from cases.outcome import (
    CASE_STATE_OF,
    CONFIRMS_VIOLATION,
    NEEDS_ANOTHER_VISIT,
    InspectionOutcome,
    InspectionRecord,
    RequestAnswer,
    answer_of,
    visit_state_of,
)
from errors import InputError


@pytest.mark.parametrize("outcome", InspectionOutcome, ids=str)
def test_every_outcome_is_an_allowed_move_of_a_case_on_site(outcome: InspectionOutcome) -> None:
    assert CASE_STATE_OF[outcome] in CASE_MOVES[CaseState.VERIFYING]
    assert (answer_of(outcome) is None) == (outcome in NEEDS_ANOTHER_VISIT)


def test_only_a_confirmed_outcome_tells_the_sender_so() -> None:
    assert answer_of(InspectionOutcome.GONE) is RequestAnswer.GONE
    assert answer_of(InspectionOutcome.NO_VIOLATION) is RequestAnswer.NOT_CONFIRMED
    assert answer_of(InspectionOutcome.HANDED_OVER) is RequestAnswer.HANDED_OVER
    assert {answer_of(outcome) for outcome in CONFIRMS_VIOLATION} == {RequestAnswer.CONFIRMED}
    assert visit_state_of(InspectionOutcome.NO_ACCESS) is InspectionState.NO_ACCESS


@pytest.mark.parametrize(
    ("values", "field"),
    [
        pytest.param({"outcome": InspectionOutcome.NO_ACCESS}, "reason", id="no access without reason"),
        pytest.param({"outcome": InspectionOutcome.WARNED, "free_width_m": -0.1}, "free_width_m", id="negative width"),
        pytest.param(
            {"outcome": InspectionOutcome.WARNED, "free_width_m": float("nan")}, "free_width_m", id="not a number"
        ),
        pytest.param({"outcome": InspectionOutcome.WARNED, "free_width_m": 105.0}, "free_width_m", id="centimetres"),
        pytest.param({"outcome": InspectionOutcome.WARNED, "note": "x" * 4001}, "note", id="note too long"),
    ],
)
def test_bad_records_are_refused(values: dict[str, object], field: str) -> None:
    with pytest.raises(InputError) as caught:
        InspectionRecord(**values)  # type: ignore[arg-type]
    assert caught.value.field == field
