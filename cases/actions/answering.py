"""What a case's progress means for the requests behind it: begun, refused, resolved, answered. Each keeps its own history.

Runs inside the caller's transaction, with the case locked. Requests that stand elsewhere are left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from cases.actions.moving import REQUEST, SYSTEM, lock, move
from cases.lifecycle import CaseState
from cases.models import Case, CaseEvent, CaseRequest, Inspection
from cases.outcome import NEEDS_ANOTHER_VISIT, InspectionOutcome, RequestAnswer, answer_of
from intake.kinds import RequestStatus
from intake.models import ServiceRequest


def begin_requests(case: Case, actor: str) -> None:
    """Work has begun: a person said yes."""
    _move_all(case, RequestStatus.SUBMITTED, RequestStatus.RECEIVED, actor)
    _move_all(case, RequestStatus.REOPENED, RequestStatus.IN_PROGRESS, actor)
    _move_all(case, RequestStatus.RECEIVED, RequestStatus.IN_PROGRESS, actor)


def refuse_requests(case: Case, actor: str, reason: str) -> None:
    """The case was dismissed before any visit: its requests are refused, for the same reason."""
    _move_all(case, RequestStatus.SUBMITTED, RequestStatus.RECEIVED, actor)
    _move_all(case, RequestStatus.REOPENED, RequestStatus.IN_PROGRESS, actor)
    for waiting in (RequestStatus.RECEIVED, RequestStatus.IN_PROGRESS):
        _move_all(case, waiting, RequestStatus.REFUSED, actor, reason)


def restore_requests(case: Case, actor: str) -> None:
    """The dismissal was undone."""
    _move_all(case, RequestStatus.REFUSED, RequestStatus.RECEIVED, actor, "undo")


def resolve_requests(case: Case, actor: str, answer: RequestAnswer) -> None:
    """An inspector was there: the answer is known, and goes out once it is approved."""
    begin_requests(case, actor)
    _move_all(case, RequestStatus.IN_PROGRESS, RequestStatus.RESOLVED, actor, answer.value)


def answer_requests(case: Case, actor: str) -> None:
    """A leader approved the visit: the senders may read the answer."""
    _move_all(case, RequestStatus.RESOLVED, RequestStatus.ANSWERED, actor)


def answer_the_rest(case: Case, actor: str) -> None:
    """The case has ended: whoever joined after the visit hears what came of it too, instead of waiting for ever."""
    resolve_requests(case, actor, _read_answer(case))
    answer_requests(case, actor)


def carry_over(former: Case, case: Case) -> None:
    """Who still waits for an answer of a case that came back waits for that of the new one. The new one is locked too."""
    waiting = [RequestStatus.SUBMITTED.value, RequestStatus.RECEIVED.value, RequestStatus.IN_PROGRESS.value]
    rows = CaseRequest.objects.filter(case=former, service_request__status__in=waiting)
    for pk in sorted(rows.values_list("pk", flat=True)):
        CaseRequest.objects.filter(pk=pk).update(case=case, joined_at=timezone.now())
        CaseEvent.write(case, "voice_joined", actor=SYSTEM)


def _read_answer(case: Case) -> RequestAnswer:
    """What the visit found that began the case's way to its end; a later visit only looks whether it lasted."""
    if case.state in (CaseState.HANDED_OVER, CaseState.CRIMINAL_REFERRAL):
        return RequestAnswer.HANDED_OVER
    visits = Inspection.objects.filter(case=case, completed_at__isnull=False, follow_up_of=None)
    found = visits.exclude(outcome__in=["", *(one.value for one in NEEDS_ANOTHER_VISIT)])
    outcome = found.order_by("-completed_at").values_list("outcome", flat=True).first()
    answer = answer_of(InspectionOutcome(outcome)) if outcome else None
    return answer or RequestAnswer.NOT_CONFIRMED


def _move_all(case: Case, current: RequestStatus, target: RequestStatus, actor: str, reason: str = "") -> None:
    for request in _requests_at(case, current):
        move(REQUEST, request, target, actor=actor, reason=reason)


def _requests_at(case: Case, status: RequestStatus) -> Iterator[ServiceRequest]:
    ids = CaseRequest.objects.filter(case=case, service_request__status=status.value).values_list(
        "service_request_id", flat=True
    )
    for pk in sorted(ids):
        request = lock(REQUEST, pk=pk)
        if request.status == status:
            yield request
