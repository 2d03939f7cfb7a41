"""Writes: what is let out of a settled case. Fail-closed: no leader's yes, no page; no redacted copy, no picture."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from cases.lifecycle import CaseState
from cases.models import Case, CaseEvent
from cases.permissions import may_act_on_case, read_rights, require
from cases.roles import Role
from errors import Conflict, InputError, NotAllowed
from intake.kinds import Derivation
from intake.models import MediaFile
from tiles.models import Publication

# A case is shown once a person has settled it on site; until then the public sees a count per ward.
SETTLED = frozenset(
    {CaseState.NO_VIOLATION, CaseState.WARNED, CaseState.FINED_ON_SPOT, CaseState.RECHECK, CaseState.CLOSED}
    | {CaseState.COMPLIED, CaseState.ENFORCED, CaseState.RECURRED}
)
_SHOWN = (Derivation.REDACTED.value, Derivation.STILL.value)
APPROVERS = frozenset({Role.LEADER})


@transaction.atomic
def publish_case(case_id: UUID) -> Publication | None:
    """Prepare the page of a settled case with its redacted pictures; None while it is not settled. Twice gives the same
    row. Nothing of it is public before a leader approves it."""
    case = Case.objects.select_for_update().get(id=case_id)
    if CaseState(case.state) not in SETTLED:
        return None
    publication, _ = Publication.objects.get_or_create(
        case=case,
        defaults={
            "before": _find_before(case), "after": _find_after(case), "approved_by": "", "published_at": timezone.now(),
        },
    )  # fmt: skip
    return publication


def approve_publication(case_id: UUID, *, by: AbstractBaseUser) -> Publication:
    """A leader's yes, with the pictures as they are now: from here on the page is public. Again after a withdrawal.

    NotAllowed for others and for whoever recorded the visit; Conflict while the case is not settled.
    """
    with transaction.atomic():
        case = _require(case_id, by)
        publication = publish_case(case_id)
        if publication is None:
            raise Conflict(
                "This case is not settled, so nothing of it is public.", field="case", value=case.code,
                cure="Approve it once somebody was there.",
            )  # fmt: skip
        if case.inspections.filter(completed_at__isnull=False, inspector_id=by.pk).exists():
            raise NotAllowed("Who recorded the visit cannot let it out.", cure="Ask another leader.")
        publication.before, publication.after = _find_before(case), _find_after(case)
        publication.approved_by, publication.published_at = by.get_username(), timezone.now()
        publication.withdrawn_at = None
        publication.save()
        CaseEvent.write(case, "published", actor=by.get_username())
    return publication


def withdraw_case(case_id: UUID, *, by: AbstractBaseUser, reason: str) -> None:
    """Take a case's page back, with the reason; its evidence stays. Conflict when there is no page."""
    if not reason.strip():
        raise InputError("A withdrawal needs a reason.", field="reason", value="", cure="Say why.")
    with transaction.atomic():
        case = _require(case_id, by)
        public = Publication.objects.filter(case_id=case_id, withdrawn_at=None).exclude(approved_by="")
        if not public.update(withdrawn_at=timezone.now()):
            raise Conflict("Nothing of this case is public.", field="case", value=case.code, cure="Load it again.")
        CaseEvent.write(case, "withdrawn", actor=by.get_username(), detail={"note": reason.strip()[:300]})


def _require(case_id: UUID, by: AbstractBaseUser) -> Case:
    case = Case.objects.select_for_update(no_key=True, of=("self",)).get(pk=case_id)
    allowed = may_act_on_case(read_rights(by), case, APPROVERS)
    require("Letting this case out is not yours.", allowed=allowed, who=APPROVERS)
    return case


def _find_before(case: Case) -> MediaFile | None:
    """The redacted copy of the first picture of the case."""
    originals = MediaFile.objects.filter(observations__flags__case_flag__case=case)
    return MediaFile.objects.filter(parent__in=originals, derivation__in=_SHOWN).order_by("received_at").first()


def _find_after(case: Case) -> MediaFile | None:
    """The redacted copy of the newest picture taken at an inspection of the case."""
    originals = MediaFile.objects.filter(inspection__case=case)
    return MediaFile.objects.filter(parent__in=originals, derivation__in=_SHOWN).order_by("-received_at").first()
