"""The voices of a case as officers may know them: a handle that says nothing, the standing, and what the relay holds.

Handles are random, and so is their order: neither tells which voice came first. Of messages only the day is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import get_language

from cases.lifecycle import NEEDS_REASON, REQUEST_MOVES
from cases.models import Case, CaseRequest
from cases.permissions import Rights, scope_cases
from cases.roles import VAULT_READERS
from intake.actions.protecting import ends_at
from intake.actions.questions import word_answers
from intake.kinds import OpeningStep, RelaySide, RequestStatus
from intake.models import ContactOpening, InterimReply, RelayMessage

# What an office decides about a voice by itself. Work, result and answer follow from the case, so that none goes out unapproved.
BY_HAND = frozenset(
    {
        RequestStatus.REFUSED,
        RequestStatus.DUPLICATE,
        RequestStatus.RECEIVED,
        RequestStatus.TRANSFERRED,
        RequestStatus.RETURNED,
    }
)


@dataclass(frozen=True, slots=True)
class RelayLine:
    """One message. ``from_office`` is False for the sender's; officers' names are told to officers alone."""

    from_office: bool
    text: str
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class VoiceMove:
    """A status to which an office may move a voice."""

    to: str
    needs_reason: bool


@dataclass(frozen=True, slots=True)
class VoiceRow:
    """One voice of a case. ``moves`` are those that an office makes by hand; answers follow from the case.

    ``reply``: ``given`` by a person, ``interim`` (only the machine told the sender that nobody has replied), or ``owed``.
    """

    handle: str
    category: str
    status: str
    version: int
    answers: tuple[tuple[str, str], ...]
    relay: tuple[RelayLine, ...]
    reply: str
    moves: tuple[VoiceMove, ...] = ()


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """A wish to open a contact and what became of it: ``asked``, ``allowed``, ``refused``, ``opened``, ``over``."""

    id: UUID
    case_code: str
    state: str
    reason: str
    asked_by: str
    asked_at: datetime
    decided_by: str
    until: datetime | None
    looks: int


def list_voices(case_id: UUID) -> tuple[VoiceRow, ...]:
    """The voices of a case by handle. Check the right with ``get_case`` before."""
    zone = ZoneInfo(Case.objects.values_list("city__timezone", flat=True).get(pk=case_id))
    joined = list(CaseRequest.objects.filter(case_id=case_id).select_related("service_request"))
    requests = sorted((row.service_request for row in joined), key=lambda request: request.handle)
    lines: dict[int, list[RelayLine]] = {request.pk: [] for request in requests}
    for message in RelayMessage.objects.filter(service_request_id__in=lines):
        lines[message.service_request_id].append(_line(message, zone))
    replies, language = _read_replies(joined), (get_language() or "vi")[:2]
    return tuple(
        VoiceRow(
            request.handle, request.category, request.status, request.version,
            word_answers(request.city_id, request.answers, language), tuple(lines[request.pk]),
            replies[request.pk], _list_moves(request.status),
        )
        for request in requests
    )  # fmt: skip


def _read_replies(joined: Sequence[CaseRequest]) -> dict[int, str]:
    """How each sender's first reply stands; no moment of it is told, which would tell when the report came."""
    given = {row.service_request_id: row.replied_at is not None for row in joined}
    told = set(InterimReply.objects.filter(service_request__in=given).values_list("service_request_id", flat=True))
    return {pk: "given" if is_given else "interim" if pk in told else "owed" for pk, is_given in given.items()}


def _list_moves(status: str) -> tuple[VoiceMove, ...]:
    targets = [target for target in REQUEST_MOVES[RequestStatus(status)] if target in BY_HAND]
    return tuple(VoiceMove(target.value, target in NEEDS_REASON) for target in targets)


def _line(message: RelayMessage, zone: ZoneInfo) -> RelayLine:
    is_office = message.side == RelaySide.OFFICE
    return RelayLine(is_office, message.text, message.by, message.at.astimezone(zone).date())


def list_openings(rights: Rights) -> tuple[OpeningRow, ...]:
    """Every opening within the rights of a leader or auditor, newest first."""
    cases = scope_cases(rights, VAULT_READERS)
    codes = dict(CaseRequest.objects.filter(case__in=cases).values_list("service_request_id", "case__code"))
    rows = ContactOpening.objects.filter(service_request_id__in=codes).prefetch_related("steps")
    now = timezone.now()
    return tuple(_opening(row, codes[row.service_request_id], now) for row in rows.order_by("-asked_at"))


def _opening(row: ContactOpening, code: str, now: datetime) -> OpeningRow:
    steps = list(row.steps.all())
    decided = next((step for step in steps if step.step != OpeningStep.OPENED), None)
    until = ends_at(decided.at) if decided and decided.step == OpeningStep.ALLOWED else None
    looks = sum(step.step == OpeningStep.OPENED for step in steps)
    state = decided.step if decided else "asked"
    if until is not None and now > until:
        state = "over"
    elif looks:
        state = OpeningStep.OPENED.value
    return OpeningRow(
        row.pk, code, state, row.reason, row.asked_by, row.asked_at, decided.by if decided else "", until, looks
    )
