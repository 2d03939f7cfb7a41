"""Reasons to hold a clock and steps of telling people, as data of the city."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cases.escalation import DEFAULT_STEPS, EscalationStep, Told, parse_escalations, steps_due
from cases.late_causes import LateCause, parse_cause
from cases.pausing import DEFAULT_REASONS, PauseReason, choose_reason, parse_pause_reasons
from errors import ConfigurationError, InputError

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


def test_a_pack_without_reasons_or_steps_has_the_usual_ones() -> None:
    assert parse_pause_reasons({}) == DEFAULT_REASONS
    assert parse_escalations({}) == DEFAULT_STEPS


@pytest.mark.parametrize(
    "row",
    [{"code": ""}, {"code": "x", "clocks": "visit"}, {"code": "x", "most": -1}, {"code": "x", "most": "two"}],
    ids=str,
)
def test_a_faulty_reason_is_named(row: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        parse_pause_reasons({"pause_reason": [row]})


def test_a_reason_holds_for_its_clocks_and_so_often() -> None:
    reasons = (PauseReason("no_access", clocks=frozenset({"visit"}), most=2),)
    assert choose_reason(reasons, " no_access ", clock="visit", used=1).code == "no_access"
    for clock, used, code in (("decision", 0, "no_access"), ("visit", 2, "no_access"), ("visit", 0, "lunch")):
        with pytest.raises(InputError) as caught:
            choose_reason(reasons, code, clock=clock, used=used)
        assert caught.value.cure


FAULTY_STEPS: list[dict[str, Any]] = [
    {},
    {"after_hours": "soon", "tell": ["inspector"]},
    {"after_hours": 1, "tell": []},
    {"after_hours": 1, "tell": ["mayor"]},
]


@pytest.mark.parametrize("row", FAULTY_STEPS, ids=str)
def test_a_faulty_step_is_named(row: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        parse_escalations({"escalation": [row]})


def test_each_step_is_due_once_at_its_hour() -> None:
    steps = (
        EscalationStep(-2, (Told.INSPECTOR,)), EscalationStep(0, (Told.UNIT_LEADER,)),
        EscalationStep(24, (Told.CITY_LEADER,), frozenset({"decision"})),
    )  # fmt: skip

    def due_steps(hours_past: float, clock: str = "visit", done: tuple[str, ...] = ()) -> list[str]:
        found = steps_due(steps, clock=clock, due_at=NOW - timedelta(hours=hours_past), now=NOW, done=done)
        return [step.code for step in found]

    assert due_steps(-3) == []
    assert due_steps(-1) == ["-2h"]
    assert due_steps(30) == ["-2h", "+0h"]
    assert due_steps(30, "decision", ("-2h", "+0h")) == ["+24h"]


def test_there_are_ten_causes_and_no_other() -> None:
    assert len(LateCause) == 10
    assert parse_cause(" understaffed ") is LateCause.UNDERSTAFFED
    with pytest.raises(InputError) as caught:
        parse_cause("bad luck")
    assert caught.value.field == "late_cause"
