"""The tables of moves: from every state an end is reachable, and nothing leads to a state that is not in the table."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import pytest

from cases import lifecycle as life
from cases.outcome import CASE_STATE_OF, CONFIRMS_VIOLATION, InspectionOutcome
from intake.kinds import RequestStatus
from rules.finding import FlagState

Moves = Mapping[StrEnum, tuple[StrEnum, ...]]
TABLES = {
    "request": (RequestStatus, life.REQUEST_MOVES, life.REQUEST_ENDS),
    "flag": (FlagState, life.FLAG_MOVES, life.FLAG_ENDS),
    "case": (life.CaseState, life.CASE_MOVES, life.CASE_ENDS),
    "inspection": (life.InspectionState, life.INSPECTION_MOVES, life.INSPECTION_ENDS),
}
BEGINS = {
    "request": {RequestStatus.SUBMITTED},
    "flag": {FlagState.NEW, FlagState.LOGGED, FlagState.MERGED},
    "case": {life.CaseState.OPENED},
    "inspection": {life.InspectionState.DRAFT},
}


def reachable(moves: Moves, start: StrEnum) -> set[StrEnum]:
    """Every state that can follow, however late."""
    found, todo = {start}, [start]
    while todo:
        new = set(moves[todo.pop()]) - found
        found |= new
        todo += new
    return found


@pytest.mark.parametrize("kind", TABLES)
def test_every_state_is_in_its_table(kind: str) -> None:
    states, moves, ends = TABLES[kind]
    assert set(moves) == set(states)
    assert {target for targets in moves.values() for target in targets} <= set(states)
    assert ends <= set(states)


@pytest.mark.parametrize("kind", TABLES)
def test_from_every_state_an_end_is_reachable(kind: str) -> None:
    _, moves, ends = TABLES[kind]
    assert [state for state in moves if not reachable(moves, state) & ends] == []


@pytest.mark.parametrize("kind", TABLES)
def test_every_state_can_be_reached(kind: str) -> None:
    _, moves, _ = TABLES[kind]
    assert set(moves) - set().union(*(reachable(moves, begin) for begin in BEGINS[kind])) == set()


def test_only_a_visit_says_violation() -> None:
    assert set(CASE_STATE_OF) == set(InspectionOutcome)
    assert {life.CaseState.RECORDED, life.CaseState.WARNED, life.CaseState.FINED_ON_SPOT} <= {
        CASE_STATE_OF[outcome] for outcome in CONFIRMS_VIOLATION
    }
    before_a_visit = {life.CaseState.OPENED, life.CaseState.ASSIGNED}
    confirmed = {CASE_STATE_OF[outcome] for outcome in CONFIRMS_VIOLATION}
    assert not any(confirmed & set(life.CASE_MOVES[state]) for state in before_a_visit)
