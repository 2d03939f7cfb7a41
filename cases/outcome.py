"""What an inspector may find on site, and what it makes of the case and of the requests behind it. Pure.

This is the only place where a suspicion becomes a violation: a person stood there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite
from uuid import UUID

from cases.lifecycle import CaseState, InspectionState
from errors import InputError

WIDTH_MAX_M = 100.0
NOTE_MAX = 4000
REASON_MAX = 300


class InspectionOutcome(StrEnum):
    """The outcome of one visit, by the buttons of the inspector's form."""

    VIOLATION = "violation"  # an official record is made
    FINED_ON_SPOT = "fined_on_spot"
    WARNED = "warned"  # reminded, pledge taken
    STOP_ORDERED = "stop_ordered"  # construction: work must stop
    HANDED_OVER = "handed_over"  # another authority's matter
    NO_VIOLATION = "no_violation"
    GONE = "gone"  # in order again before the visit
    UNDETERMINED = "undetermined"
    NO_ACCESS = "no_access"


class RequestAnswer(StrEnum):
    """What a sender is told about the request (domain 5.2, da_xu_ly)."""

    CONFIRMED = "confirmed"
    NOT_CONFIRMED = "not_confirmed"
    GONE = "gone"
    HANDED_OVER = "handed_over"


O, C = InspectionOutcome, CaseState
CASE_STATE_OF: Mapping[InspectionOutcome, CaseState] = {
    O.VIOLATION: C.RECORDED,
    O.FINED_ON_SPOT: C.FINED_ON_SPOT,
    O.WARNED: C.WARNED,
    O.STOP_ORDERED: C.STOP_ORDERED,
    O.HANDED_OVER: C.HANDED_OVER,
    O.NO_VIOLATION: C.NO_VIOLATION,
    O.GONE: C.NO_VIOLATION,
    O.UNDETERMINED: C.ASSIGNED,
    O.NO_ACCESS: C.ASSIGNED,
}
CONFIRMS_VIOLATION = frozenset({O.VIOLATION, O.FINED_ON_SPOT, O.WARNED, O.STOP_ORDERED})
NEEDS_ANOTHER_VISIT = frozenset({O.UNDETERMINED, O.NO_ACCESS})
OUTCOME_NEEDS_REASON = frozenset({O.UNDETERMINED, O.NO_ACCESS, O.HANDED_OVER})


def visit_state_of(outcome: InspectionOutcome) -> InspectionState:
    """How the visit itself ends: a place nobody could enter is not a completed one."""
    return InspectionState.NO_ACCESS if outcome is O.NO_ACCESS else InspectionState.COMPLETED


def answer_of(outcome: InspectionOutcome) -> RequestAnswer | None:
    """What the senders are told; None while another visit is needed."""
    if outcome in NEEDS_ANOTHER_VISIT:
        return None
    if outcome in CONFIRMS_VIOLATION:
        return RequestAnswer.CONFIRMED
    if outcome is O.HANDED_OVER:
        return RequestAnswer.HANDED_OVER
    return RequestAnswer.GONE if outcome is O.GONE else RequestAnswer.NOT_CONFIRMED


@dataclass(frozen=True, slots=True)
class InspectionRecord:
    """What an inspector hands in. ``free_width_m`` is by tape, the only width that enters the official record.

    ``version`` is that of the visit as the inspector saw it; None asks for no check (a form filled in without network
    that nobody else has touched).
    """

    outcome: InspectionOutcome
    reason: str = ""
    free_width_m: float | None = None
    note: str = ""
    photo_ids: tuple[UUID, ...] = ()
    version: int | None = None

    def __post_init__(self) -> None:
        if self.outcome in OUTCOME_NEEDS_REASON and not self.reason.strip():
            raise InputError(
                f"The outcome '{self.outcome}' needs a reason.", field="reason", value=self.reason, cure="Say why."
            )
        if self.free_width_m is not None and not (
            isfinite(self.free_width_m) and 0 <= self.free_width_m <= WIDTH_MAX_M
        ):
            raise InputError(
                "A free width by tape is 0 to 100 metres.",
                field="free_width_m", value=self.free_width_m, cure="Write metres, for example 1.05.",
            )  # fmt: skip
        for name, text, longest in (("reason", self.reason, REASON_MAX), ("note", self.note, NOTE_MAX)):
            if len(text) > longest:
                raise InputError(
                    f"The {name} is longer than {longest} characters.", field=name, value=len(text), cure="Shorten it."
                )
