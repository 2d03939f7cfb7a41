"""Every state reaches an end, and what the table does not list is refused with words."""

from collections.abc import Mapping
from enum import StrEnum
from itertools import pairwise

import pytest

from cases.lifecycle import (
    CASE_ENDS,
    CASE_MOVES,
    FLAG_ENDS,
    FLAG_MOVES,
    INSPECTION_ENDS,
    INSPECTION_MOVES,
    OPEN_INSPECTIONS,
    PATH_TO_SITE,
    REQUEST_ENDS,
    REQUEST_MOVES,
    CaseState,
    InspectionState,
    check_move,
    transitions,
)
from cases.roles import Role, roles_for_case_move, roles_for_inspection_move
from errors import Conflict, InputError
from intake.kinds import RequestStatus
from rules.finding import FlagState

TABLES = {
    "case": (CASE_MOVES, CASE_ENDS, CaseState),
    "flag": (FLAG_MOVES, FLAG_ENDS, FlagState),
    "request": (REQUEST_MOVES, REQUEST_ENDS, RequestStatus),
    "inspection": (INSPECTION_MOVES, INSPECTION_ENDS, InspectionState),
}
Moves = Mapping[StrEnum, tuple[StrEnum, ...]]


@pytest.mark.parametrize(("moves", "ends", "states"), TABLES.values(), ids=TABLES.keys())
def test_every_state_is_listed_and_reaches_an_end(
    moves: Moves, ends: frozenset[StrEnum], states: type[StrEnum]
) -> None:
    assert set(moves) == set(states)
    reaching = set(ends)
    for _ in states:
        reaching |= {state for state, targets in moves.items() if reaching & set(targets)}
    assert reaching == set(states)


@pytest.mark.parametrize(
    ("moves", "current", "target"),
    [
        pytest.param(CASE_MOVES, CaseState.OPENED, CaseState.RECORDED, id="no record without a visit"),
        pytest.param(CASE_MOVES, CaseState.CLOSED, CaseState.VERIFYING, id="closed needs reopening"),
        pytest.param(FLAG_MOVES, FlagState.ACCEPTED, FlagState.DISMISSED, id="accepted stays accepted"),
        pytest.param(FLAG_MOVES, FlagState.LOGGED, FlagState.ACCEPTED, id="compliant asks nobody"),
        pytest.param(REQUEST_MOVES, RequestStatus.SUBMITTED, RequestStatus.ANSWERED, id="no answer without work"),
        pytest.param(INSPECTION_MOVES, InspectionState.ON_SITE, InspectionState.CANCELLED, id="no cancelling on site"),
    ],
)
def test_unlisted_moves_are_refused(moves: Moves, current: StrEnum, target: StrEnum) -> None:
    with pytest.raises(Conflict) as caught:
        check_move(moves, current, target, reason="why")
    assert caught.value.field == "to"
    assert caught.value.cure


def test_a_refusal_needs_a_reason() -> None:
    with pytest.raises(InputError) as caught:
        check_move(REQUEST_MOVES, RequestStatus.SUBMITTED, RequestStatus.REFUSED, reason="  ")
    assert caught.value.field == "reason"
    check_move(REQUEST_MOVES, RequestStatus.SUBMITTED, RequestStatus.REFUSED, reason="outside the city")


def test_the_path_to_the_site_is_made_of_allowed_moves() -> None:
    for current, target in pairwise(PATH_TO_SITE):
        check_move(INSPECTION_MOVES, current, target)
    assert set(PATH_TO_SITE) <= OPEN_INSPECTIONS


def test_transitions_leave_out_moves_to_itself() -> None:
    pairs = transitions(CASE_MOVES)
    assert ("opened", "assigned") in pairs
    assert all(current != target for current, target in pairs)


def test_ends_are_the_leaders() -> None:
    assert roles_for_case_move(CaseState.CLOSED) == {Role.LEADER}
    assert roles_for_case_move(CaseState.REOPENED) == {Role.LEADER}
    assert Role.PLANNER not in set().union(*(roles_for_case_move(state) for state in CaseState))
    assert roles_for_inspection_move(InspectionState.APPROVED) == {Role.LEADER}
    assert Role.INSPECTOR in roles_for_inspection_move(InspectionState.ON_SITE)
