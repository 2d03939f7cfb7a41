"""Writes: what is let out of a settled case. Fail-closed: no redacted copy, no picture."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cases.lifecycle import CaseState
from cases.models import Case
from intake.kinds import Derivation
from intake.models import MediaFile
from tiles.models import Publication

# A case is shown once a person has settled it on site; until then the public sees a count per ward.
SETTLED = frozenset(
    {CaseState.NO_VIOLATION, CaseState.WARNED, CaseState.FINED_ON_SPOT, CaseState.RECHECK, CaseState.CLOSED}
    | {CaseState.COMPLIED, CaseState.ENFORCED, CaseState.RECURRED}
)
_SHOWN = (Derivation.REDACTED.value, Derivation.STILL.value)


@transaction.atomic
def publish_case(case_id: UUID) -> Publication | None:
    """Publish a settled case with its redacted pictures; None while it is not settled. Twice gives the same row."""
    case = Case.objects.select_for_update().get(id=case_id)
    if CaseState(case.state) not in SETTLED:
        return None
    publication, _ = Publication.objects.get_or_create(
        case=case,
        defaults={
            "before": _find_before(case),
            "after": _find_after(case),
            "approved_by": _approver(case),
            "published_at": timezone.now(),
        },
    )
    return publication


def withdraw_case(case_id: UUID) -> None:
    """Take a case's page back; its evidence stays."""
    Publication.objects.filter(case_id=case_id, withdrawn_at=None).update(withdrawn_at=timezone.now())


def _find_before(case: Case) -> MediaFile | None:
    """The redacted copy of the first picture of the case."""
    originals = MediaFile.objects.filter(observations__flags__case_flag__case=case)
    return MediaFile.objects.filter(parent__in=originals, derivation__in=_SHOWN).order_by("received_at").first()


def _find_after(case: Case) -> MediaFile | None:
    """The redacted copy of the newest picture taken at an inspection of the case."""
    originals = MediaFile.objects.filter(inspection__case=case)
    return MediaFile.objects.filter(parent__in=originals, derivation__in=_SHOWN).order_by("-received_at").first()


def _approver(case: Case) -> str:
    """The officer whose outcome on site settled the case."""
    newest = case.inspections.filter(completed_at__isnull=False).order_by("-completed_at").first()
    return newest.inspector.get_username() if newest else "system"
