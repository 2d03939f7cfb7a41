"""Writes of the vault and the relay. Rights are checked by ``cases``, which knows roles; here is only what must always hold.

A contact is opened by two persons: one asks with a reason, another allows it, and only the first may look, for a quarter of an
hour. Every step stays on record.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from errors import Conflict, InputError, NotAllowed, NotFound
from intake.kinds import OpeningStep, RelaySide
from intake.masking import mask_contacts
from intake.models import (
    ContactOpening,
    ContactOpeningStep,
    RelayMessage,
    ReporterContact,
    RequestRating,
    ServiceRequest,
)
from intake.request_form import clean_text
from intake.vault import open_contact as unseal

REASON_MIN = 20
REASON_MAX = 500
ALLOWED_FOR = timedelta(minutes=15)
ASK_LIVES = timedelta(days=3)
MESSAGE_MAX = 1000


def ask_opening(request_id: int, *, reason: str, by: str) -> UUID:
    """Record one person's wish to open a contact; InputError without a reason that others can judge."""
    text = reason.strip()
    if not REASON_MIN <= len(text) <= REASON_MAX:
        raise InputError(
            "Opening a sender's contact needs a reason of 20 to 500 characters.", field="reason", value=text,
            cure="Say what danger or duty makes it necessary, and why the relay does not do.",
        )  # fmt: skip
    if not ReporterContact.objects.filter(service_request_id=request_id).exists():
        raise NotFound("This sender left no contact.", field="voice", cure="Ask through the relay.")
    row = ContactOpening.objects.create(
        service_request_id=request_id, reason=text, asked_by=by, asked_at=timezone.now()
    )
    return row.pk


def decide_opening(opening_id: UUID, *, is_allowed: bool, by: str, reason: str = "") -> None:
    """A second person's yes or no. NotAllowed for whoever asked; Conflict when it was decided or is too old."""
    with transaction.atomic():
        row = lock_opening(opening_id)
        if row.asked_by == by:
            raise NotAllowed("Two persons open a contact: who asked cannot allow it.", cure="Ask another leader.")
        if row.steps.exists():
            raise Conflict("This was decided already.", field="opening", value=opening_id, cure="Load it again.")
        now = timezone.now()
        if now - row.asked_at > ASK_LIVES:
            raise Conflict("This was asked too long ago.", field="opening", value=opening_id, cure="Ask again.")
        step = OpeningStep.ALLOWED if is_allowed else OpeningStep.REFUSED
        if not is_allowed and not reason.strip():
            raise InputError("A refusal needs its reason.", field="reason", value="", cure="Say why.")
        ContactOpeningStep.objects.create(
            opening=row, step=step.value, by=by, at=now, reason=reason.strip()[:REASON_MAX]
        )


def open_sealed(opening_id: UUID, *, by: str) -> str:
    """The contact, for whoever asked, within a quarter of an hour of another person's yes; the look is on record first."""
    with transaction.atomic():
        row = lock_opening(opening_id)
        if row.asked_by != by:
            raise NotAllowed("Only who asked may look.", cure="Ask for an opening of your own.")
        allowed = row.steps.filter(step=OpeningStep.ALLOWED.value).first()
        if allowed is None:
            raise Conflict(
                "Nobody has allowed this yet.", field="opening", value=opening_id, cure="Ask a second leader."
            )
        now = timezone.now()
        if now > ends_at(allowed.at):
            raise Conflict("The time to look is over.", field="opening", value=opening_id, cure="Ask again.")
        ContactOpeningStep.objects.create(opening=row, step=OpeningStep.OPENED.value, by=by, at=now)
        sealed = ReporterContact.objects.get(service_request_id=row.service_request_id)
        return unseal(bytes(sealed.ciphertext), settings.ENV.security.vault_key)


def ends_at(allowed_at: datetime) -> datetime:
    """Until when a look is possible."""
    return allowed_at + ALLOWED_FOR


def lock_opening(opening_id: UUID) -> ContactOpening:
    """The wish, locked; NotFound when there is none."""
    row = ContactOpening.objects.select_for_update().filter(pk=opening_id).first()
    if row is None:
        raise NotFound("No such opening.", field="opening", value=opening_id)
    return row


def say_to_sender(request_id: int, text: str, *, by: str) -> RelayMessage:
    """A question of the office; the sender reads it behind the secret link, without a name."""
    return _say(request_id, RelaySide.OFFICE, clean_text(text, field="text", longest=MESSAGE_MAX), by)


def say_to_office(code: str, text: str) -> RelayMessage:
    """A sender's answer. What would tell who writes is masked before it is kept. The caller has checked the secret."""
    request = ServiceRequest.objects.get(code=code)
    masked = mask_contacts(clean_text(text, field="text", longest=MESSAGE_MAX))
    if not RelayMessage.objects.filter(service_request=request, side=RelaySide.OFFICE.value).exists():
        raise Conflict("Nobody has asked you anything.", field="text", cure="Send a new report.")
    return _say(request.pk, RelaySide.SENDER, masked, "")


def _say(request_id: int, side: RelaySide, text: str, by: str) -> RelayMessage:
    if not text:
        raise InputError("The message is empty.", field="text", value="", cure="Write something.")
    return RelayMessage.objects.create(
        service_request_id=request_id, side=side.value, text=text, by=by, at=timezone.now()
    )


def rate_answer(code: str, score: int) -> RequestRating:
    """A sender's view of the answer, 1 to 3; the newest counts."""
    if score not in (1, 2, 3):
        raise InputError(
            "A rating is 1, 2 or 3.", field="score", value=score, cure="3 settled, 2 so-so, 1 not settled."
        )
    request = ServiceRequest.objects.get(code=code)
    return RequestRating.objects.create(service_request=request, score=score, at=timezone.now())
