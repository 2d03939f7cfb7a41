"""The case an observation belongs to, for the pipeline's later stages."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from cases.lifecycle import CaseState
from cases.models import Case, Inspection
from cases.outcome import NEEDS_ANOTHER_VISIT
from intake.models import Observation
from rules.finding import FlagState

_NOT_BEGUN = (CaseState.OPENED.value, CaseState.DISMISSED.value)


@dataclass(frozen=True, slots=True)
class CaseOfObservation:
    """A case as the pipeline needs it. ``is_accepted``: a person said yes; ``inspection_outcome``: empty until known."""

    id: UUID
    code: str
    state: str
    is_accepted: bool
    inspection_outcome: str


def find_case_of_observation(observation_id: UUID) -> CaseOfObservation | None:
    """The case that holds the observation's confirmed flag or its request; None when it has none."""
    by_flag = Q(case_flags__flag__observation_id=observation_id, case_flags__is_confirmed=True)
    by_request = Q(case_requests__service_request__observations=observation_id)
    case = Case.objects.filter(by_flag | by_request).order_by("opened_at").first()
    if case is None:
        return None
    accepted = case.case_flags.filter(flag__state__in=[FlagState.ACCEPTED.value, FlagState.MERGED.value]).exists()
    return CaseOfObservation(
        case.pk, case.code, case.state, accepted or case.state not in _NOT_BEGUN, find_outcome(case.pk)
    )


def find_outcome(case_id: UUID) -> str:
    """The outcome of the case's last visit that needs no other one; empty while there is none."""
    again = [outcome.value for outcome in NEEDS_ANOTHER_VISIT]
    done = Inspection.objects.filter(case_id=case_id, completed_at__isnull=False).exclude(outcome__in=["", *again])
    return done.order_by("-completed_at").values_list("outcome", flat=True).first() or ""


def list_observations_of_case(case_id: UUID) -> list[UUID]:
    """Every observation of a case's requests and confirmed flags, in a fixed order."""
    by_flag = Q(flags__case_flag__case_id=case_id, flags__case_flag__is_confirmed=True)
    by_request = Q(service_request__case_request__case_id=case_id)
    return list(Observation.objects.filter(by_flag | by_request).distinct().order_by("id").values_list("id", flat=True))
