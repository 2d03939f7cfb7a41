"""What a case's progress means for the requests behind it: begun, refused, resolved, answered. Each keeps its own history.

Runs inside the caller's transaction, with the case locked. Requests that stand elsewhere are left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from cases.actions.moving import REQUEST, lock, move
from cases.models import Case, CaseRequest
from cases.outcome import RequestAnswer
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
    _move_all(case, RequestStatus.RECEIVED, RequestStatus.REFUSED, actor, reason)


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
