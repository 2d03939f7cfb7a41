"""Bytes and chain of a case's evidence for a pack: rights checked, every file verified, the export bound into the chain."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from cases.models import Case, CaseEvent
from cases.permissions import may_act_on_case, read_rights, require
from cases.roles import EXPORTERS
from errors import InputError
from intake.actions.custody import enter_act, enter_missing_receipts, link_entries
from intake.custody import CustodyKind
from intake.models import CustodyEntry, CustodyLink, MediaFile

REASON_MIN, REASON_MAX = 5, 300


def require_export(case_id: UUID, *, by: AbstractBaseUser, reason: str) -> str:
    """The cleaned reason, for a leader or auditor of the case; NotAllowed or InputError else."""
    case = Case.objects.get(pk=case_id)
    allowed = may_act_on_case(read_rights(by), case, EXPORTERS)
    require("The evidence of this case is not yours to take out.", allowed=allowed, who=EXPORTERS)
    text = reason.strip()
    if not REASON_MIN <= len(text) <= REASON_MAX:
        raise InputError(
            "Taking evidence out needs a reason of 5 to 300 characters.", field="reason", value=text,
            cure="Say for whom the pack is, and what for.",
        )  # fmt: skip
    return text


def bind_export(
    case_id: UUID, media_ids: Iterable[UUID], *, manifest_sha256: str, reason: str, by: AbstractBaseUser
) -> dict[str, Any]:
    """Write the export into the chain and give the part of the chain that shows these files, as plain JSON.

    Links in between are told by their hashes alone: the chain can be followed, other cases stay closed.
    """
    ids = list(media_ids)
    with transaction.atomic():
        case = Case.objects.select_for_update(no_key=True, of=("self",)).get(pk=case_id)
        enter_missing_receipts()
        actor = by.get_username()
        for media in MediaFile.objects.filter(pk__in=ids, parent=None).order_by("id"):
            enter_act(media, CustodyKind.EXPORT, actor=actor, reason=reason, detail=manifest_sha256)
        CaseEvent.write(case, "evidence_exported", actor=actor, detail={"note": reason, "files": len(ids)})
        link_entries()
        return _chain_of(ids)


def _chain_of(ids: list[UUID]) -> dict[str, Any]:
    own = dict(CustodyEntry.objects.filter(media_id__in=ids).values_list("pk", "content"))
    numbers = list(CustodyLink.objects.filter(entry_id__in=own).order_by("number").values_list("number", flat=True))
    if not numbers:
        return {"links": [], "head": ""}
    links = []
    for link in CustodyLink.objects.filter(number__gte=numbers[0], number__lte=numbers[-1]).order_by("number"):
        told = {
            "number": link.number, "previous": link.previous, "content_sha256": link.content_sha256,
            "digest": link.digest,
        }  # fmt: skip
        links.append(told | ({"content": own[link.entry_id]} if link.entry_id in own else {}))
    return {"links": links, "head": links[-1]["digest"]}
