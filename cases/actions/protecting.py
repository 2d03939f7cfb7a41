"""Officers and senders through the relay, and the vault opened by two leaders: rights checked here, a mark left on the case."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from cases.actions.moving import CASE, REQUEST, lock, mark_replied, move
from cases.actions.notifying import tell_sender
from cases.models import Case, CaseEvent, CaseRequest
from cases.notices.kinds import NoticeKind
from cases.permissions import may_act_on_case, read_rights, require
from cases.roles import RELAY_ASKERS, VAULT_OPENERS
from errors import NotFound
from intake.actions import protecting
from intake.kinds import RequestStatus
from intake.models import ContactOpening, ServiceRequest


def ask_sender(case_id: UUID, handle: str, text: str, *, by: AbstractBaseUser) -> None:
    """Put a question to one voice of a case; neither side learns who the other is.

    A report that nobody has taken up yet then waits for its sender.
    """
    with transaction.atomic():
        case, request = _find(case_id, handle)
        allowed = may_act_on_case(read_rights(by), case, RELAY_ASKERS)
        require("This case is not yours to ask about.", allowed=allowed, who=RELAY_ASKERS)
        actor = by.get_username()
        question = protecting.say_to_sender(request.pk, text, by=actor)
        CaseEvent.write(case, "sender_asked", actor=actor)
        locked = lock(REQUEST, pk=request.pk)
        mark_replied(locked, question.at)
        if locked.status == RequestStatus.SUBMITTED:
            move(REQUEST, locked, RequestStatus.AWAITING_INFORMATION, actor=actor)
        else:
            tell_sender(locked, NoticeKind.QUESTION, key=f"question/{question.pk}")


def answer_office(code: str, text: str) -> None:
    """A sender's answer; the case says that one came, not from which voice. The caller has checked the secret."""
    with transaction.atomic():
        message = protecting.say_to_office(code, text)
        locked = lock(REQUEST, pk=message.service_request_id)
        if locked.status == RequestStatus.AWAITING_INFORMATION:
            move(REQUEST, locked, RequestStatus.SUBMITTED, actor="citizen")
            if CaseRequest.objects.filter(service_request=locked).exists():
                move(REQUEST, locked, RequestStatus.RECEIVED, actor="system")


def ask_opening(case_id: UUID, handle: str, *, reason: str, by: AbstractBaseUser) -> UUID:
    """A leader asks to open the contact of one voice; the case bears the mark at once."""
    with transaction.atomic():
        case, request = _find(case_id, handle)
        _require_opener(case, by)
        opening = protecting.ask_opening(request.pk, reason=reason, by=by.get_username())
        CaseEvent.write(case, "identity_asked", actor=by.get_username(), detail={"opening": str(opening)})
    return opening


def decide_opening(opening_id: UUID, *, is_allowed: bool, by: AbstractBaseUser, reason: str = "") -> None:
    """Another leader's yes or no."""
    with transaction.atomic():
        case = _case_of(opening_id)
        _require_opener(case, by)
        protecting.decide_opening(opening_id, is_allowed=is_allowed, by=by.get_username(), reason=reason)
        kind = "identity_allowed" if is_allowed else "identity_refused"
        CaseEvent.write(case, kind, actor=by.get_username(), detail={"opening": str(opening_id)})


def open_identity(opening_id: UUID, *, by: AbstractBaseUser) -> str:
    """The contact for the leader who asked, within the time that was allowed; the mark is written before it is handed out."""
    with transaction.atomic():
        case = _case_of(opening_id)
        _require_opener(case, by)
        contact = protecting.open_sealed(opening_id, by=by.get_username())
        CaseEvent.write(case, "identity_opened", actor=by.get_username(), detail={"opening": str(opening_id)})
    return contact


def let_go_with_route(case_id: UUID, *, by: AbstractBaseUser) -> Case:
    """A leader lets a case be settled with the day's route, so that the visit looks like any other."""
    with transaction.atomic():
        case: Case = lock(CASE, pk=case_id)
        _require_opener(case, by)
        if not case.with_route:
            case.with_route = True
            case.save(update_fields=["with_route"])
    return case


def _find(case_id: UUID, handle: str) -> tuple[Case, ServiceRequest]:
    case: Case = lock(CASE, pk=case_id)
    request = ServiceRequest.objects.filter(case_request__case=case, handle=handle).first()
    if request is None:
        raise NotFound("This case has no such voice.", field="voice", value=handle)
    return case, request


def _case_of(opening_id: UUID) -> Case:
    request_id = ContactOpening.objects.filter(pk=opening_id).values_list("service_request_id", flat=True).first()
    case_id = CaseRequest.objects.filter(service_request_id=request_id).values_list("case_id", flat=True).first()
    if request_id is None or case_id is None:
        raise NotFound("No such opening.", field="opening", value=opening_id)
    case: Case = lock(CASE, pk=case_id)
    return case


def _require_opener(case: Case, by: AbstractBaseUser) -> None:
    allowed = may_act_on_case(read_rights(by), case, VAULT_OPENERS)
    require("The vault is not yours to open.", allowed=allowed, who=VAULT_OPENERS)
