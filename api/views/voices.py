"""Voices of a case: the relay in which neither side sees the other, and the vault that two leaders open."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import Endpoint, describe, person_of, rights_of
from api.parsing import read_text
from api.plain import to_plain
from cases.actions import ask_opening, ask_sender, decide_opening, let_go_with_route, open_identity
from cases.queries import get_case
from cases.queries.voices import OpeningRow, VoiceRow, list_openings, list_voices
from cases.roles import CASE_READERS, RELAY_ASKERS, VAULT_OPENERS, VAULT_READERS, Role
from errors import InputError
from intake.kinds import OpeningStep

TAG = "protection"
VOICE_READERS = CASE_READERS - {Role.PLANNER}
_TEXT_BODY = {
    "application/json": {
        "type": "object",
        "properties": {"text": {"type": "string", "description": "at most 1000 characters"}},
        "required": ["text"],
    }
}
_REASON_BODY = {
    "application/json": {
        "type": "object",
        "properties": {"reason": {"type": "string", "description": "20 to 500 characters"}},
        "required": ["reason"],
    }
}
_STEP_BODY = {
    "application/json": {
        "type": "object",
        "properties": {"to": {"type": "string", "enum": list(OpeningStep)}, "reason": {"type": "string"}},
        "required": ["to"],
    }
}


@dataclass(frozen=True, slots=True)
class AskedAnswer:
    """The opening that was asked for."""

    id: UUID


@dataclass(frozen=True, slots=True)
class OpeningAnswer:
    """What became of an opening; ``contact`` is told once, to the leader who asked, on ``opened`` alone."""

    id: UUID
    step: str
    contact: str = ""


class CaseVoices(Endpoint):
    """``/cases/{id}/voices``."""

    may_call = VOICE_READERS

    @describe(
        "Voices of a case", "Each with a handle that says nothing of its sender or turn, its standing (for moves), answers "
        "to extra questions, and the relay's messages with their day.",
        who=VOICE_READERS, answer=tuple[VoiceRow, ...], faults=(404,), tag=TAG,
    )  # fmt: skip
    def get(self, request: Request, case_id: UUID) -> Response:
        """The voices, by handle."""
        get_case(rights_of(request), case_id=case_id)
        return Response(to_plain(list_voices(case_id)))


class VoiceQuestions(Endpoint):
    """``/cases/{id}/voices/{handle}/questions``."""

    may_call = RELAY_ASKERS
    parser_classes = [JSONParser]

    @describe(
        "Ask a sender", "The sender reads it behind the secret link, without a name; numbers and addresses in the answer are "
        "masked before they are kept.",
        who=RELAY_ASKERS, answer=tuple[VoiceRow, ...], status=201, faults=(400, 404), body=_TEXT_BODY, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request, case_id: UUID, handle: str) -> Response:
        """One question."""
        get_case(rights_of(request), case_id=case_id)
        ask_sender(case_id, handle, read_text(request.data, "text"), by=person_of(request))
        return Response(to_plain(list_voices(case_id)), status=201)


class VoiceOpenings(Endpoint):
    """``/cases/{id}/voices/{handle}/openings``."""

    may_call = VAULT_OPENERS
    parser_classes = [JSONParser]

    @describe(
        "Ask to open a contact", "Another leader must allow it; then only who asked may look, for a quarter of an hour. The "
        "case bears the mark.",
        who=VAULT_OPENERS, answer=AskedAnswer, status=201, faults=(400, 404), body=_REASON_BODY, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request, case_id: UUID, handle: str) -> Response:
        """One wish, with its reason."""
        get_case(rights_of(request), case_id=case_id)
        opening = ask_opening(case_id, handle, reason=read_text(request.data, "reason"), by=person_of(request))
        return Response(to_plain(AskedAnswer(opening)), status=201)


class Openings(Endpoint):
    """``/openings``."""

    may_call = VAULT_READERS

    @describe(
        "Openings of the vault", "Who asked, why, who allowed it, how often it was looked at. No contact is in it.",
        who=VAULT_READERS, answer=tuple[OpeningRow, ...], faults=(), tag=TAG,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The log, newest first."""
        return Response(to_plain(list_openings(rights_of(request))))


class OpeningMoves(Endpoint):
    """``/openings/{id}/moves``."""

    may_call = VAULT_OPENERS
    parser_classes = [JSONParser]

    @describe(
        "Decide an opening", "`allowed` or `refused` by another leader than who asked; `opened` by who asked, which answers "
        "the contact and is on record before it does.",
        who=VAULT_OPENERS, answer=OpeningAnswer, faults=(400, 404, 409), body=_STEP_BODY, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request, opening_id: UUID) -> Response:
        """One step."""
        step, reason, person = read_text(request.data, "to"), read_text(request.data, "reason"), person_of(request)
        contact = ""
        if step == OpeningStep.OPENED:
            contact = open_identity(opening_id, by=person)
        elif step in (OpeningStep.ALLOWED, OpeningStep.REFUSED):
            decide_opening(opening_id, is_allowed=step == OpeningStep.ALLOWED, by=person, reason=reason)
        else:
            known = ", ".join(OpeningStep)
            raise InputError("No such step of an opening.", field="to", value=step, cure=f"One of: {known}.")
        return Response(to_plain(OpeningAnswer(opening_id, step, contact)), headers={"Cache-Control": "no-store"})


class CaseRound(Endpoint):
    """``/cases/{id}/round``."""

    may_call = VAULT_OPENERS

    @describe(
        "Settle with the route", "The visit is made with the day's round, so that it looks like any other. Leaders may set "
        "it on any case; senders may ask for it.",
        who=VAULT_OPENERS, answer_schema={"type": "object", "properties": {"with_route": {"type": "boolean"}}},
        faults=(404,), tag=TAG,
    )  # fmt: skip
    def post(self, request: Request, case_id: UUID) -> Response:
        """Set it."""
        get_case(rights_of(request), case_id=case_id)
        return Response({"with_route": let_go_with_route(case_id, by=person_of(request)).with_route})
