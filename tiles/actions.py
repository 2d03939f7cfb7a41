"""Writes: what is let out of a settled case. Fail-closed: no leader's yes, no page; no redacted copy, no picture."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from cases.actions.alerting import tell_area
from cases.lifecycle import CaseState
from cases.models import Case, CaseEvent
from cases.permissions import may_act_on_case, read_rights, require
from cases.roles import Role
from errors import Conflict, InputError, NotAllowed
from intake.kinds import Derivation
from intake.models import MediaFile
from tiles.models import Publication
from tiles.queries import PublicCase, find_public_case

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
        if _recorded_by(case, by):
            raise NotAllowed("Who recorded the visit cannot let it out.", cure="Ask another leader.")
        _let_out(publication, case, by)
        CaseEvent.write(case, "published", actor=by.get_username())
        tell_area(case, edition=publication.published_at.isoformat(timespec="seconds"))
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


@dataclass(frozen=True, slots=True)
class PublicationPreview:
    """A case's page as the gate would show it. ``standing``: ``public``, ``withdrawn``, ``waiting`` (for a leader's yes) or
    ``not_settled``, of which nothing can be let out. ``refused``: the reader recorded the visit and may not decide."""

    standing: str
    page: PublicCase | None
    approved_by: str
    published_at: datetime | None
    withdrawn_at: datetime | None
    refused: bool


def preview_publication(case_id: UUID, *, by: AbstractBaseUser) -> PublicationPreview:
    """Exactly what the public would see after a yes: let out, read through the gate, and taken back before anybody else
    can see it. Nothing is changed."""
    with transaction.atomic():
        case = _require(case_id, by)
        row = Publication.objects.filter(case_id=case_id).first()
        publication = publish_case(case_id)
        page = None
        if publication is not None:
            _let_out(publication, case, by)
            page = find_public_case(case.code)
        transaction.set_rollback(True)
    return PublicationPreview(
        standing=_standing(row, publication), page=page, approved_by=row.approved_by if row else "",
        published_at=row.published_at if row and row.approved_by else None,
        withdrawn_at=row.withdrawn_at if row else None, refused=_recorded_by(case, by),
    )  # fmt: skip


def _standing(row: Publication | None, prepared: Publication | None) -> str:
    if row is not None and row.approved_by:
        return "withdrawn" if row.withdrawn_at else "public"
    return "not_settled" if prepared is None else "waiting"


def _let_out(publication: Publication, case: Case, by: AbstractBaseUser) -> None:
    """The leader's yes, with the pictures as they are now."""
    publication.before, publication.after = _find_before(case), _find_after(case)
    publication.approved_by, publication.published_at = by.get_username(), timezone.now()
    publication.withdrawn_at = None
    publication.save()


def _recorded_by(case: Case, by: AbstractBaseUser) -> bool:
    return case.inspections.filter(completed_at__isnull=False, inspector_id=by.pk).exists()


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
