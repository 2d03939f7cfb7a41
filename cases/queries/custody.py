"""What leaders and auditors read of custody: altered files, and who looked at originals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from cases.models import Case, Look, RetentionHold
from cases.permissions import Rights, scope_cases
from cases.queries.evidence import list_original_ids
from cases.roles import EXPORTERS, Role
from intake.models import EvidenceFault


@dataclass(frozen=True, slots=True)
class FaultRow:
    """A stored file that is not what was received, and the cases it is evidence of."""

    media_id: UUID
    kind: str
    sha256: str
    found_sha256: str
    found_at: datetime
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LookRow:
    """One opening of an original."""

    at: datetime
    user: str
    media_id: UUID
    reason: str
    case_code: str


def list_faults(rights: Rights, *, case_id: UUID | None = None, limit: int = 200) -> tuple[FaultRow, ...]:
    """Faults of the reader's cases, newest first; an operator sees every one, since somebody must mend the store."""
    rows = EvidenceFault.objects.select_related("media").order_by("-found_at", "-id")
    codes = {row.pk: _cases_of(row) for row in rows[:limit]}
    reach = None if rights.holds({Role.OPERATOR}) else set(scope_cases(rights).values_list("pk", flat=True))
    found = []
    for row in rows[:limit]:
        here = {pk: code for pk, code in codes[row.pk].items() if reach is None or pk in reach}
        if (here or reach is None) and (case_id is None or case_id in here):
            found.append(FaultRow(
                row.media_id, row.kind, row.media.sha256, row.found_sha256, row.found_at, tuple(sorted(here.values()))
            ))  # fmt: skip
    return tuple(found)


def _cases_of(fault: EvidenceFault) -> dict[UUID, str]:
    original = fault.media.parent_id or fault.media_id
    of_flag = Q(case_flags__flag__observation__media=original, case_flags__is_confirmed=True)
    of_request = Q(case_requests__service_request__observations__media=original)
    rows = Case.objects.filter(of_flag | of_request | Q(inspections__photos=original))
    return dict(rows.values_list("pk", "code"))


def list_looks(rights: Rights, *, limit: int) -> tuple[LookRow, ...]:
    """Looks at originals of the reader's cases, newest first."""
    cases = scope_cases(rights, EXPORTERS)
    of_flag = Q(media__observations__flags__case_flag__case__in=cases)
    of_request = Q(media__observations__service_request__case_request__case__in=cases)
    rows = Look.objects.filter(of_flag | of_request | Q(media__inspection__case__in=cases)).distinct()
    found = rows.select_related("user").order_by("-at")[:limit]
    return tuple(
        LookRow(look.at, look.user.get_username(), look.media_id, look.reason, _code_of(look.media_id))
        for look in found
    )


def _code_of(media_id: UUID) -> str:
    of_flag = Q(case_flags__flag__observation__media=media_id)
    of_request = Q(case_requests__service_request__observations__media=media_id)
    case = Case.objects.filter(of_flag | of_request | Q(inspections__photos=media_id)).first()
    return case.code if case else ""


def is_held(case_id: UUID) -> bool:
    """Whether a hold stands on a case's evidence."""
    return RetentionHold.objects.filter(case_id=case_id, released_at=None).exists()


def count_faults(case_id: UUID) -> int:
    """Stored files of a case that were found altered or missing."""
    originals = list_original_ids(case_id)
    rows = EvidenceFault.objects.filter(Q(media__in=originals) | Q(media__parent__in=originals))
    return rows.values("media_id").distinct().count()
