"""Whether a use of a sidewalk is allowed at a day and hour, by what its register lists. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time

from geo.answer import TOLD_USES, UseAnswer, UseState
from geo.facts import AllowedUse


def judge_uses(listed: Sequence[AllowedUse], on: date, at: time, *, are_told: bool) -> tuple[UseAnswer, ...]:
    """Every listed use with its state now, then those people ask about that are not listed.

    ``are_told``: the register speaks of uses at all; where it does not, nothing is known, which is not a no.
    """
    answers = [
        UseAnswer(use.use, _judge(use, on, at), use.from_on, use.to_on, use.from_time, use.to_time, use.slot)
        for use in listed
    ]
    named = {use.use for use in listed}
    missing = UseState.NOT_LISTED if are_told else UseState.NO_DATA
    return tuple(answers + [UseAnswer(use, missing) for use in TOLD_USES if use not in named])


def _judge(use: AllowedUse, on: date, at: time) -> UseState:
    if (use.from_on and on < use.from_on) or (use.to_on and on > use.to_on):
        return UseState.OTHER_DAYS
    if use.from_time is None or use.to_time is None:
        return UseState.ALLOWED
    begins, ends = use.from_time, use.to_time
    within = begins <= at < ends if begins <= ends else at >= begins or at < ends
    return UseState.ALLOWED if within else UseState.OTHER_HOURS
