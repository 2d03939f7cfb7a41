"""The outbox for operators, the own addresses of staff, and a sender's browser for push."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoint import ANYONE, Endpoint, describe, language_of, person_of
from api.parsing import parse_choice, parse_limit, read_text
from api.plain import to_plain
from cases.actions.outbox import retry_notice, set_own_addresses
from cases.notices.kinds import Channel, NoticeState
from cases.queries.outbox import ChannelRow, NoticeRow, list_channel_states, list_notices
from cases.roles import STAFF, Role
from errors import InputError
from intake.queries import get_request
from intake.reaching import keep_push
from pipeline.notices.channels import list_switched_on

TAG = "notices"
OPERATORS = frozenset({Role.OPERATOR})
_RETRY_BODY = {"application/json": {"type": "object", "properties": {"to": {"type": "string", "enum": ["queued"]}}}}
_ADDRESS = {
    "type": "object",
    "properties": {
        "channel": {"type": "string", "enum": list(Channel)},
        "address": {"description": "e-mail, telephone, account id; for web_push what PushManager.subscribe gave"},
    },
}
_ADDRESSES_BODY = {
    "application/json": {"type": "object", "properties": {"addresses": {"type": "array", "items": _ADDRESS}}}
}
_PUSH_BODY = {"application/json": {"type": "object", "properties": {"subscription": {"type": "object"}}}}


@dataclass(frozen=True, slots=True)
class OutboxAnswer:
    """Channels with what waits, and notices."""

    channels: tuple[ChannelRow, ...]
    notices: tuple[NoticeRow, ...]


@dataclass(frozen=True, slots=True)
class AddressesAnswer:
    """Where the caller is told now, and the public key that a browser needs to subscribe (empty: push is off)."""

    addresses: tuple[dict[str, str], ...]
    push_public_key: str


class Outbox(Endpoint):
    """``/notices``."""

    may_call = OPERATORS

    @describe(
        "Outbox", "Every channel with what waits, since when and why, and notices newest first. No reader and no text is told.",
        who=OPERATORS, answer=OutboxAnswer, tag=TAG,
        parameters=[OpenApiParameter("state", str, enum=list(NoticeState)), OpenApiParameter("channel", str, enum=list(Channel)),
                    OpenApiParameter("limit", int)],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The outbox."""
        asked = request.query_params
        state, channel = (
            parse_choice(asked.get("state"), NoticeState, "state"),
            parse_choice(asked.get("channel"), Channel, "channel"),
        )
        notices = list_notices(state=state or "", channel=channel or "", limit=parse_limit(asked.get("limit")))
        channels = list_channel_states(list_switched_on(), now=timezone.now())
        return Response(to_plain(OutboxAnswer(channels, notices)))


class NoticeMoves(Endpoint):
    """``/notices/{id}/moves``."""

    may_call = OPERATORS
    parser_classes = [JSONParser]

    @describe(
        "Send a notice again", "Only one that failed or was skipped; one that was sent is never sent twice.",
        who=OPERATORS, answer=NoticeRow, faults=(400, 404, 409), body=_RETRY_BODY, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request, notice_id: UUID) -> Response:
        """One more try."""
        if read_text(request.data, "to", longest=20) != NoticeState.QUEUED:
            raise InputError("A notice is only queued again.", field="to", value="", cure="Send: queued.")
        retry_notice(notice_id)
        return Response(to_plain(next(row for row in list_notices(limit=1000) if row.id == notice_id)))


class OwnAddresses(Endpoint):
    """``/me/addresses``."""

    may_call = STAFF
    parser_classes = [JSONParser]

    @describe(
        "Own addresses", "Where you are told of new jobs and late ones.", who=STAFF, answer=AddressesAnswer, tag=TAG
    )
    def get(self, request: Request) -> Response:
        """The addresses."""
        return Response(_addresses(request))

    @describe(
        "Set own addresses", "All of them at once; what is left out is switched off. Without any, the office e-mail is used.",
        who=STAFF, answer=AddressesAnswer, body=_ADDRESSES_BODY, tag=TAG,
    )  # fmt: skip
    def put(self, request: Request) -> Response:
        """The new addresses."""
        set_own_addresses(person_of(request), request.data, language=language_of(request)[:2])
        return Response(_addresses(request))


class ReportPush(Endpoint):
    """``/reports/{code}/push``."""

    may_call = ANYONE
    parser_classes = [JSONParser]

    @describe(
        "Be told by this browser", "A sender subscribes the browser to one report; kept sealed like the contact.",
        who=ANYONE, status=201, answer=AddressesAnswer, faults=(400, 404), body=_PUSH_BODY, tag=TAG,
        parameters=[OpenApiParameter("secret", str, required=True)],
    )  # fmt: skip
    def post(self, request: Request, code: str) -> Response:
        """One browser."""
        known = get_request(code, request.query_params.get("secret", ""))
        body = request.data
        keep_push(known.id, body.get("subscription") if isinstance(body, dict) else None)
        return Response(to_plain(AddressesAnswer((), settings.ENV.notices.vapid_public_key)), status=201)


def _addresses(request: Request) -> object:
    rows = person_of(request).notice_addresses.filter(is_active=True).order_by("pk")  # type: ignore[attr-defined]
    found = tuple({"channel": row.channel, "address": row.address} for row in rows)
    return to_plain(AddressesAnswer(found, settings.ENV.notices.vapid_public_key))
