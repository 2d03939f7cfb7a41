"""The roles of signed-in people, and which of them may cause which move. Pure.

Citizens need no account and hold no role. A right always belongs to a role in a unit at a date
(``cases.permissions`` looks that up); here stands only which role a move asks for.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from cases.lifecycle import CaseState as C
from cases.lifecycle import InspectionState as I


class Role(StrEnum):
    """What a signed-in person may do; held in a unit for a period."""

    INSPECTOR = "inspector"
    REVIEWER = "reviewer"
    PLANNER = "planner"
    LEADER = "leader"
    OPERATOR = "operator"
    AUDITOR = "auditor"


# Who stands in a history where the machine itself acted.
SYSTEM = "system"

STAFF = frozenset(Role)
CASE_READERS = frozenset({Role.INSPECTOR, Role.REVIEWER, Role.PLANNER, Role.LEADER, Role.AUDITOR})
FLAG_DECIDERS = frozenset({Role.REVIEWER, Role.LEADER})
CORRECTORS = frozenset({Role.INSPECTOR, Role.REVIEWER, Role.LEADER})
REQUEST_MOVERS = frozenset({Role.REVIEWER, Role.LEADER})
ORIGINAL_OPENERS = frozenset({Role.INSPECTOR, Role.REVIEWER, Role.LEADER, Role.AUDITOR})
RELAY_ASKERS = frozenset({Role.INSPECTOR, Role.REVIEWER, Role.LEADER})
EXPORTERS = frozenset({Role.LEADER, Role.AUDITOR})
VAULT_OPENERS = frozenset({Role.LEADER})
VAULT_READERS = frozenset({Role.LEADER, Role.AUDITOR})  # of the log of openings; a contact is the opener's alone

_FIELD = frozenset({Role.INSPECTOR, Role.LEADER})
_LEAD = frozenset({Role.LEADER})
_BY_REVIEW = frozenset({Role.REVIEWER, Role.LEADER})

# What the visit itself decides is the inspector's; what ends, reopens or hands over a case is the leader's.
CASE_MOVERS: Mapping[C, frozenset[Role]] = {
    C.ASSIGNED: _BY_REVIEW,
    C.OPENED: _BY_REVIEW,
    C.VERIFYING: _FIELD,
    C.NO_VIOLATION: _FIELD,
    C.WARNED: _FIELD,
    C.FINED_ON_SPOT: _FIELD,
    C.RECORDED: _FIELD,
    C.STOP_ORDERED: _FIELD,
    C.STOP_SUPERVISED: _FIELD,
    C.CONTINUED_AFTER_STOP: _FIELD,
    C.AWAITING_EXPLANATION: _FIELD,
    C.AWAITING_DECISION: _FIELD,
    C.AWAITING_PERMIT: _FIELD,
    C.PERMIT_OBTAINED: _FIELD,
    C.PERMIT_TERM_OVER: _FIELD,
    C.SERVED: _FIELD,
    C.COMPLYING: _FIELD,
    C.COMPLIED: _FIELD,
    C.OVERDUE: _FIELD,
    C.RECHECK: _FIELD,
    C.RECURRED: _FIELD,
    C.DISMISSED: _BY_REVIEW,
}

INSPECTION_MOVERS: Mapping[I, frozenset[Role]] = {
    I.GIVEN: _LEAD,
    I.APPROVED: _LEAD,
    I.CANCELLED: _LEAD,
}


def roles_for_case_move(target: C) -> frozenset[Role]:
    """Who may move a case to ``target``: decisions, suspensions and ends are the leader's."""
    return CASE_MOVERS.get(target, _LEAD)


def roles_for_inspection_move(target: I) -> frozenset[Role]:
    """Who may move a visit to ``target``: giving, approving and cancelling are the leader's, the rest the field's."""
    return INSPECTION_MOVERS.get(target, _FIELD)
