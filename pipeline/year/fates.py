"""What each arrival of a life comes to: when its flag is decided, how its report moves, what its sender hears. Pure.

The moments and actors are those that the product's actions write: a test lives a sample through them and compares the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cases.deadline import Deadline
from cases.interim import REPLIES, STANDING, owed_from
from cases.lifecycle import CaseState as C
from cases.outcome import RequestAnswer, answer_of
from intake.kinds import RequestStatus as R
from pipeline.year.draw import Arrival
from pipeline.year.lives import IN_HAND, LOOKS, CaseLife


@dataclass(frozen=True, slots=True)
class FlagFate:
    """A flag of a case. ``near_at``: when it became a candidate of the case; ``at``: when it was decided, or came."""

    state: str
    at: datetime
    label: str = ""
    near_at: datetime | None = None

    @property
    def is_confirmed(self) -> bool:
        """Whether a reviewer took it into the case."""
        return self.state == "accepted"

    @property
    def joined_at(self) -> datetime | None:
        """Since when it stands in the case; None when it never did."""
        return self.at if self.is_confirmed else self.near_at


@dataclass(frozen=True, slots=True)
class RequestMove:
    """One move of a report. ``by``: ``citizen``, ``system``, ``reviewer``, ``inspector`` or ``leader``."""

    at: datetime
    status: R
    by: str
    reason: str = ""


ClosesAfter = Callable[[datetime], tuple[datetime, str]]


def decide_flag(life: CaseLife, arrival: Arrival, *, is_flagged: bool, ends_at: datetime) -> FlagFate:
    """A sender's flag stands beside its report at once; a camera's is a candidate where a case is open. Then a person looks."""
    at = arrival.at + IN_HAND
    near_at = at if arrival.is_report or (is_flagged and life.opened_at <= at) else None
    if life.state is C.DISMISSED:
        return FlagFate("dismissed", life.steps[-1].at, life.steps[-1].reason, near_at)
    if life.assigned_at is None:
        return FlagFate("new", at, near_at=near_at)
    decided = max(life.assigned_at, at + LOOKS)
    if life.ended_at is not None and decided >= life.ended_at:
        decided = at + (life.ended_at - at) / 2
    return (
        FlagFate("accepted", decided, near_at=near_at) if decided <= ends_at else FlagFate("new", at, near_at=near_at)
    )


def walk_request(
    life: CaseLife, arrival: Arrival, *, ends_at: datetime, closes_after: ClosesAfter
) -> tuple[RequestMove, ...]:
    """The moves of a report. ``closes_after``: when, and with which words, an answer that nobody objects to closes."""
    at = arrival.at + IN_HAND
    moves = [RequestMove(arrival.at, R.SUBMITTED, "citizen"), RequestMove(at, R.RECEIVED, "system")]
    if life.state is C.DISMISSED:
        moves.append(RequestMove(life.steps[-1].at, R.REFUSED, "reviewer", life.steps[-1].reason))
    elif life.assigned_at is not None:
        is_begun = life.assigned_at <= at
        moves.append(RequestMove(max(life.assigned_at, at), R.IN_PROGRESS, "system" if is_begun else "reviewer"))
        moves += _answer(life, at, closes_after)
    return tuple(move for move in moves if move.at <= ends_at)


def _answer(life: CaseLife, at: datetime, closes_after: ClosesAfter) -> list[RequestMove]:
    """The visit's answer once it is approved; whoever came after the visit hears it when the case closes."""
    if life.outcome is None or life.done_at is None:
        return []
    said = (answer_of(life.outcome) or RequestAnswer.NOT_CONFIRMED).value
    if at < life.done_at:
        moves = [RequestMove(life.done_at, R.RESOLVED, "inspector", said)]
        answered_at = life.answered_at
    else:
        answered_at = life.closed_at
        moves = [RequestMove(answered_at, R.RESOLVED, "leader", said)] if answered_at is not None else []
    if answered_at is not None:
        closed_at, words = closes_after(answered_at)
        moves += [RequestMove(answered_at, R.ANSWERED, "leader"), RequestMove(closed_at, R.CLOSED, "system", words)]
    return moves


def reply_in_the_interim(
    moves: Sequence[RequestMove], promise: Deadline, *, ends_at: datetime
) -> tuple[datetime, str] | None:
    """When the sender is told that nobody has replied yet, and where the report stands then; None when there was a reply."""
    owed_at = owed_from(promise)
    so_far = [move for move in moves if move.at <= owed_at]
    if owed_at > ends_at or any(move.status in REPLIES for move in so_far):
        return None
    standing = STANDING.get(so_far[-1].status)
    return (owed_at, standing.value) if standing is not None else None
