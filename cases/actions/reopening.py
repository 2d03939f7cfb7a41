"""A sender who is not content: rating, and reopening with a new photo, twice at most, before another officer's eyes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from cases.actions.answering import begin_requests
from cases.actions.assigning import assign_case
from cases.actions.moving import CASE, REQUEST, SYSTEM, lock, move
from cases.calendar_pack import PolicyCode
from cases.deadline import due
from cases.lifecycle import CaseState, check_move
from cases.models import Case, CaseEvent, CaseRequest
from cases.queries.calendars import get_calendar
from cases.queries.follow import REOPENINGS_MAX
from errors import Conflict, InputError
from intake.actions.adding import add_files
from intake.actions.protecting import rate_answer
from intake.kinds import RequestStatus
from intake.models import ServiceRequest, ServiceRequestEvent
from intake.uploads import Upload

CITIZEN = "citizen"
NOT_SETTLED = "not_settled"  # why the machine moves a case back; the history words it
CONTENT = 3
BATCH = 500
# The way back from where a settled case may stand, by moves of the table.
_WAY_BACK: dict[str, tuple[CaseState, ...]] = {
    CaseState.NO_VIOLATION: (CaseState.CLOSED, CaseState.REOPENED),
    CaseState.WARNED: (CaseState.RECHECK, CaseState.CLOSED, CaseState.REOPENED),
    CaseState.FINED_ON_SPOT: (CaseState.RECHECK, CaseState.CLOSED, CaseState.REOPENED),
    CaseState.COMPLIED: (CaseState.RECHECK, CaseState.CLOSED, CaseState.REOPENED),
    CaseState.RECHECK: (CaseState.CLOSED, CaseState.REOPENED),
    CaseState.CLOSED: (CaseState.REOPENED,),
    CaseState.DISMISSED: (CaseState.REOPENED,),
}


def reopen_request(code: str, files: Sequence[Upload], *, reason: str = "") -> list[UUID]:
    """Open an answered request again; the new observations, none of them begun. The caller has checked the secret.

    InputError without a new photo; Conflict when it was reopened twice already, or is not answered.
    """
    why = reason.strip()[:1000] or "still there"
    with transaction.atomic():
        request = lock(REQUEST, code=code)
        check_move(REQUEST.moves, RequestStatus(request.status), RequestStatus.REOPENED, reason=why)
        before = ServiceRequestEvent.objects.filter(service_request=request, to_status=RequestStatus.REOPENED.value)
        if before.count() >= REOPENINGS_MAX:
            raise Conflict(
                "This report was opened again twice already.", field="code", value=code, cure="Send a new report."
            )
        if not files:
            raise InputError(
                "Opening again needs a new photo.", field="media", value="", cure="Take a photo of how it looks now."
            )
        added = add_files(code, files)
        joined = CaseRequest.objects.filter(service_request=request).first()
        if joined is not None:
            lock(CASE, pk=joined.case_id)
        move(REQUEST, request, RequestStatus.REOPENED, actor=CITIZEN, reason=why)
        if joined is not None:
            _bring_back(joined.case_id)
    return added


def _bring_back(case_id: UUID) -> None:
    """The case is looked at again, by somebody else than before; one that is at work already just goes on."""
    case: Case = lock(CASE, pk=case_id)
    for state in _WAY_BACK.get(case.state, ()):
        # Not by ``move_case``: what passes through "closed" on its way back is no end, and answers nobody.
        move(CASE, case, state, actor=SYSTEM, reason=NOT_SETTLED, closed_at=None)
    CaseEvent.write(case, "voice_reopened", actor=SYSTEM)
    begin_requests(case, SYSTEM)
    assign_case(case_id)


def rate_request(code: str, score: int) -> None:
    """A sender's view of the answer; a content one closes the request. The caller has checked the secret."""
    with transaction.atomic():
        request = lock(REQUEST, code=code)
        if request.status not in (RequestStatus.ANSWERED, RequestStatus.CLOSED):
            raise Conflict("There is no answer to rate yet.", field="code", value=code, cure="Wait for the answer.")
        rate_answer(code, score)
        if score == CONTENT and request.status == RequestStatus.ANSWERED:
            move(REQUEST, request, RequestStatus.CLOSED, actor=CITIZEN, reason="content")


def close_silent_requests(now: datetime) -> int:
    """Close answers that nobody objected to, and requests whose sender did not add what was asked; how many."""
    ways = (
        (RequestStatus.ANSWERED, RequestStatus.CLOSED, PolicyCode.AUTO_CLOSE),
        (RequestStatus.AWAITING_INFORMATION, RequestStatus.CLOSED_INCOMPLETE, PolicyCode.INFORMATION),
    )
    return sum(_close(*way, now) for way in ways)


def _close(current: RequestStatus, target: RequestStatus, policy: str, now: datetime) -> int:
    closed = 0
    rows = (
        ServiceRequest.objects.select_related("city")
        .defer("city__geometry")
        .filter(status=current.value, city__isnull=False)
    )
    for request in rows.order_by("pk").iterator(chunk_size=BATCH):
        last = ServiceRequestEvent.objects.filter(service_request=request, to_status=current.value).last()
        if last is None or request.city is None:
            continue
        calendar = get_calendar(request.city).pack
        rule = calendar.policy(policy, last.at.astimezone(ZoneInfo(request.city.timezone)).date())
        if due(last.at, rule, calendar.calendar).due_at > now:
            continue
        with transaction.atomic():
            locked = lock(REQUEST, pk=request.pk)
            if locked.status == current:
                move(REQUEST, locked, target, actor=SYSTEM, reason=f"nothing heard within {rule.amount} {rule.unit}")
                closed += 1
    return closed
