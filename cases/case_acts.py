"""What a person may do with a case beside moving it: which role each act asks for, held where the case stands."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from cases.models import Case
from cases.permissions import Rights, may_act_on_case
from cases.roles import CASE_READERS, EXPORTERS, FLAG_DECIDERS, RELAY_ASKERS, VAULT_OPENERS, VAULT_READERS, Role


class CaseAct(StrEnum):
    """One thing that somebody may do."""

    READ_VOICES = "read_voices"
    ASK_SENDER = "ask_sender"
    OPEN_VAULT = "open_vault"
    READ_OPENINGS = "read_openings"
    SETTLE_WITH_ROUTE = "settle_with_route"
    HOLD_CLOCK = "hold_clock"
    GIVE_LATE_CAUSE = "give_late_cause"
    GIVE_OPINION = "give_opinion"
    PUBLISH = "publish"
    EXPORT_EVIDENCE = "export_evidence"
    CHECK_EVIDENCE = "check_evidence"
    HOLD_EVIDENCE = "hold_evidence"
    SETTLE_FORM = "settle_form"
    MOVE_REPORT = "move_report"


_LEAD = frozenset({Role.LEADER})
ROLES: Mapping[CaseAct, frozenset[Role]] = {
    CaseAct.READ_VOICES: CASE_READERS - {Role.PLANNER},
    CaseAct.ASK_SENDER: RELAY_ASKERS,
    CaseAct.OPEN_VAULT: VAULT_OPENERS,
    CaseAct.READ_OPENINGS: VAULT_READERS,
    CaseAct.SETTLE_WITH_ROUTE: VAULT_OPENERS,
    CaseAct.HOLD_CLOCK: _LEAD,
    CaseAct.GIVE_LATE_CAUSE: _LEAD,
    CaseAct.GIVE_OPINION: FLAG_DECIDERS,
    CaseAct.PUBLISH: _LEAD,
    CaseAct.EXPORT_EVIDENCE: EXPORTERS,
    CaseAct.CHECK_EVIDENCE: EXPORTERS,
    CaseAct.HOLD_EVIDENCE: frozenset({Role.LEADER, Role.AUDITOR}),
    CaseAct.SETTLE_FORM: _LEAD,
    CaseAct.MOVE_REPORT: FLAG_DECIDERS,
}


def list_acts(rights: Rights, case: Case) -> tuple[CaseAct, ...]:
    """The acts that are this person's, where the case stands."""
    return tuple(act for act, roles in ROLES.items() if may_act_on_case(rights, case, roles))
