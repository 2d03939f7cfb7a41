"""A case's flags with their pictures, and the case itself for the check of rights."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from cases.models import Case
from cases.permissions import Rights
from cases.queries.review_evidence import QueueItem, get_queue_item


def get_case_row(case_id: UUID) -> Case:
    """The case as ``cases.permissions`` judges it."""
    return Case.objects.get(pk=case_id)


def list_case_flags(rights: Rights, flag_ids: Sequence[UUID]) -> tuple[QueueItem, ...]:
    """The confirmed flags of a case with their redacted pictures; six at most."""
    return tuple(get_queue_item(rights, flag_id) for flag_id in flag_ids[:6])
