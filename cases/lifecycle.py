"""The one table of allowed moves for service requests, flags, cases and inspections (domain 5.2). Pure.

A move that is not listed is refused. ``MOVES[kind][state]`` gives the states that may follow; guards that need facts
(a reason, a photo, another officer) stand beside the move in ``NEEDS``.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from errors import Conflict, InputError
from intake.kinds import RequestStatus as R
from rules.finding import FlagState as F


class CaseState(StrEnum):
    """Life of a case, with the construction branch."""

    OPENED = "opened"
    ASSIGNED = "assigned"
    VERIFYING = "verifying"
    NO_VIOLATION = "no_violation"
    WARNED = "warned"
    FINED_ON_SPOT = "fined_on_spot"
    RECORDED = "recorded"
    HANDED_OVER = "handed_over"
    AWAITING_EXPLANATION = "awaiting_explanation"
    AWAITING_DECISION = "awaiting_decision"
    DECIDED = "decided"
    NOT_SANCTIONED = "not_sanctioned"
    CRIMINAL_REFERRAL = "criminal_referral"
    SERVED = "served"
    COMPLYING = "complying"
    COMPLIED = "complied"
    OVERDUE = "overdue"
    ENFORCED = "enforced"
    SUSPENDED = "suspended"
    DECISION_CANCELLED = "decision_cancelled"
    RECHECK = "recheck"
    CLOSED = "closed"
    RECURRED = "recurred"
    REOPENED = "reopened"
    STOP_ORDERED = "stop_ordered"
    STOP_SUPERVISED = "stop_supervised"
    CONTINUED_AFTER_STOP = "continued_after_stop"
    AWAITING_PERMIT = "awaiting_permit"
    PERMIT_OBTAINED = "permit_obtained"
    PERMIT_TERM_OVER = "permit_term_over"
    DISMANTLING_ORDERED = "dismantling_ordered"
    DISMISSED = "dismissed"


class InspectionState(StrEnum):
    """Life of one visit."""

    DRAFT = "draft"
    GIVEN = "given"
    TAKEN = "taken"
    TRAVELLING = "travelling"
    ON_SITE = "on_site"
    COMPLETED = "completed"
    NO_ACCESS = "no_access"
    POSTPONED = "postponed"
    APPROVED = "approved"
    CANCELLED = "cancelled"


class DismissReason(StrEnum):
    """Why a flag was not one: the labels that train the next weights."""

    WRONG_OBJECT = "wrong_object"
    OFF_SIDEWALK = "off_sidewalk"
    PERMITTED = "permitted"
    PRIVATE_LAND = "private_land"
    TEMPORARY = "temporary"
    FUNERAL_OR_WEDDING = "funeral_or_wedding"
    OTHER = "other"


C, I = CaseState, InspectionState
_OUTCOMES = (C.NO_VIOLATION, C.WARNED, C.FINED_ON_SPOT, C.RECORDED, C.HANDED_OVER)

REQUEST_MOVES: Mapping[StrEnum, tuple[StrEnum, ...]] = {
    R.SUBMITTED: (R.AWAITING_INFORMATION, R.REFUSED, R.DUPLICATE, R.TRANSFERRED, R.RECEIVED),
    R.AWAITING_INFORMATION: (R.SUBMITTED, R.CLOSED_INCOMPLETE),
    R.TRANSFERRED: (R.RECEIVED, R.RETURNED),
    R.RETURNED: (R.RECEIVED, R.TRANSFERRED, R.REFUSED),
    R.RECEIVED: (R.IN_PROGRESS, R.REFUSED),
    R.IN_PROGRESS: (R.RESOLVED, R.REFUSED),  # refused: the case was dismissed before anybody went
    R.RESOLVED: (R.ANSWERED,),
    R.ANSWERED: (R.CLOSED, R.REOPENED),
    R.REOPENED: (R.IN_PROGRESS,),
    R.REFUSED: (R.RECEIVED,),  # only the undo of a dismissal
    R.DUPLICATE: (),
    R.CLOSED: (),
    R.CLOSED_INCOMPLETE: (),
}

FLAG_MOVES: Mapping[StrEnum, tuple[StrEnum, ...]] = {
    F.NEW: (F.IN_REVIEW, F.DISMISSED, F.MERGED, F.ACCEPTED, F.EXPIRED),
    F.IN_REVIEW: (F.DISMISSED, F.MERGED, F.ACCEPTED, F.EXPIRED, F.NEW),
    F.DISMISSED: (F.NEW,),  # undo, and a second reviewer's disagreement
    F.ACCEPTED: (),
    F.MERGED: (),
    F.EXPIRED: (F.NEW,),
    F.LOGGED: (),
}

CASE_MOVES: Mapping[StrEnum, tuple[StrEnum, ...]] = {
    C.OPENED: (C.ASSIGNED, C.HANDED_OVER, C.DISMISSED),
    C.ASSIGNED: (C.VERIFYING, C.ASSIGNED, C.HANDED_OVER, C.DISMISSED),
    C.VERIFYING: (*_OUTCOMES, C.STOP_ORDERED, C.ASSIGNED),
    C.STOP_ORDERED: (C.STOP_SUPERVISED,),
    C.STOP_SUPERVISED: (C.CONTINUED_AFTER_STOP, C.AWAITING_PERMIT, C.RECORDED),
    C.CONTINUED_AFTER_STOP: (C.RECORDED, C.DISMANTLING_ORDERED),
    C.AWAITING_PERMIT: (C.PERMIT_OBTAINED, C.PERMIT_TERM_OVER),
    C.PERMIT_OBTAINED: (C.RECHECK,),
    C.PERMIT_TERM_OVER: (C.DISMANTLING_ORDERED,),
    C.DISMANTLING_ORDERED: (C.ENFORCED, C.COMPLIED),
    C.RECORDED: (C.AWAITING_EXPLANATION, C.AWAITING_DECISION),
    C.AWAITING_EXPLANATION: (C.AWAITING_DECISION,),
    C.AWAITING_DECISION: (C.DECIDED, C.NOT_SANCTIONED, C.HANDED_OVER, C.CRIMINAL_REFERRAL),
    C.DECIDED: (C.SERVED,),
    C.SERVED: (C.COMPLYING,),
    C.COMPLYING: (C.COMPLIED, C.OVERDUE, C.SUSPENDED),
    C.OVERDUE: (C.ENFORCED, C.COMPLIED),
    C.ENFORCED: (C.COMPLIED,),
    C.SUSPENDED: (C.COMPLYING, C.DECISION_CANCELLED),
    C.DECISION_CANCELLED: (C.RECHECK,),
    C.COMPLIED: (C.RECHECK,),
    C.WARNED: (C.RECHECK,),
    C.FINED_ON_SPOT: (C.RECHECK,),
    C.NO_VIOLATION: (C.RECHECK, C.CLOSED),
    C.NOT_SANCTIONED: (C.RECHECK,),
    C.RECHECK: (C.CLOSED, C.RECURRED),
    C.CLOSED: (C.REOPENED,),
    C.REOPENED: (C.ASSIGNED,),
    C.HANDED_OVER: (),
    C.CRIMINAL_REFERRAL: (),
    C.RECURRED: (),
    C.DISMISSED: (C.REOPENED, C.OPENED),  # back to opened: the undo of a dismissal
}

INSPECTION_MOVES: Mapping[StrEnum, tuple[StrEnum, ...]] = {
    I.DRAFT: (I.GIVEN, I.CANCELLED),
    I.GIVEN: (I.TAKEN, I.GIVEN, I.CANCELLED),
    I.TAKEN: (I.TRAVELLING, I.ON_SITE, I.GIVEN, I.CANCELLED),
    I.TRAVELLING: (I.ON_SITE, I.GIVEN, I.CANCELLED),
    I.ON_SITE: (I.COMPLETED, I.NO_ACCESS, I.POSTPONED),
    I.COMPLETED: (I.APPROVED,),
    I.NO_ACCESS: (I.APPROVED,),
    I.POSTPONED: (I.APPROVED,),
    I.APPROVED: (),
    I.CANCELLED: (),
}

REQUEST_ENDS = frozenset({R.REFUSED, R.DUPLICATE, R.CLOSED, R.CLOSED_INCOMPLETE})
FLAG_ENDS = frozenset({F.DISMISSED, F.MERGED, F.ACCEPTED, F.EXPIRED, F.LOGGED})
CASE_ENDS = frozenset({C.CLOSED, C.HANDED_OVER, C.CRIMINAL_REFERRAL, C.RECURRED, C.DISMISSED})
INSPECTION_ENDS = frozenset({I.APPROVED, I.CANCELLED})

NEEDS_REASON: frozenset[StrEnum] = frozenset(
    {R.REFUSED, R.TRANSFERRED, R.RETURNED, R.DUPLICATE, R.REOPENED, F.DISMISSED, C.HANDED_OVER, C.DISMISSED}
    | {C.NOT_SANCTIONED, C.REOPENED, I.NO_ACCESS, I.POSTPONED, I.CANCELLED}
)

# The path that a visit has walked once its outcome is written, whatever the inspector's phone reported on the way.
PATH_TO_SITE: tuple[InspectionState, ...] = (I.DRAFT, I.GIVEN, I.TAKEN, I.ON_SITE)
OPEN_INSPECTIONS = frozenset(I) - INSPECTION_ENDS - {I.COMPLETED, I.NO_ACCESS, I.POSTPONED}
OPEN_CASES = frozenset(C) - CASE_ENDS


def transitions(moves: Mapping[StrEnum, tuple[StrEnum, ...]]) -> list[tuple[str, str]]:
    """The table as pairs, for the database's own guard."""
    return [
        (str(current), str(target)) for current, targets in moves.items() for target in targets if target != current
    ]


def check_move(
    moves: Mapping[StrEnum, tuple[StrEnum, ...]], current: StrEnum, target: StrEnum, *, reason: str = ""
) -> None:
    """Refuse what the table does not list (Conflict), and a move that needs a reason without one (InputError)."""
    allowed = moves[current]
    if target not in allowed:
        names = ", ".join(allowed) or "nothing: this state is an end"
        raise Conflict(
            f"From '{current}' one can move to: {names}.", field="to", value=target, cure="Reload and choose."
        )
    if target in NEEDS_REASON and not reason.strip():
        raise InputError(f"The move to '{target}' needs a reason.", field="reason", value=reason, cure="Say why.")
