"""Which weights work now: those that the settings name, changed by what people decided since. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class WeightsAction(StrEnum):
    """What a person decided about weights."""

    PROMOTE = "promote"
    REFUSE = "refuse"
    ROLL_BACK = "roll_back"


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision: ``weights`` in place of ``replaces``; for a roll-back ``weights`` leaves and ``replaces`` returns."""

    action: WeightsAction
    weights: str
    replaces: str = ""


def weights_in_use(named: Sequence[str], decisions: Sequence[Decided]) -> tuple[str, ...]:
    """The names at work. ``decisions`` stand in the order of time; one whose weights are not at work changes nothing."""
    working = list(named)
    for one in decisions:
        if one.action is WeightsAction.PROMOTE:
            working = [one.weights if name == one.replaces else name for name in working]
        elif one.action is WeightsAction.ROLL_BACK:
            working = [one.replaces if name == one.weights else name for name in working]
    return tuple(dict.fromkeys(working))


def last_promotion(decisions: Sequence[Decided]) -> Decided | None:
    """The promotion that a roll-back would take back: the last that was not taken back yet."""
    standing: list[Decided] = []
    for one in decisions:
        if one.action is WeightsAction.PROMOTE:
            standing.append(one)
        elif one.action is WeightsAction.ROLL_BACK and standing:
            standing.pop()
    return standing[-1] if standing else None
