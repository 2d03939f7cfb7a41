"""What a citizen sends and how they follow it: no account, a code and a secret."""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext
from drf_spectacular.utils import OpenApiParameter
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from api.endpoint import ANYONE, Endpoint, describe, language_of, person_of
from api.moving import MOVE_BODY, MoveAnswer, answer_move, read_move
from api.plain import to_plain
from api.throttles import ReportThrottle
from api.views.report_answers import ReportAnswer, StepAnswer, answer_report
from cases.actions import move_request
from cases.queries import get_followed_request
from cases.roles import REQUEST_MOVERS
from errors import InputError, MediaTooLarge, NotFound
from intake.actions import ExtraWishes, parse_pin, receive_request
from intake.queries import get_request, read_media
from intake.uploads import read_track
from intake.wording import NOTICE_SENTENCES
from pipeline import advance

TAG = "reports"
_FORM_SLACK_BYTES = 1_000_000
SECRET = OpenApiParameter("secret", str, required=True, description="The secret that came with the code.")
FORM = {
    "multipart/form-data": {
        "type": "object",
        "properties": {
            "media": {
                "type": "array",
                "items": {"type": "string", "format": "binary"},
                "description": "photo or video",
            },
            "lon": {"type": "number", "description": "the sender's pin, degrees; together with lat"},
            "lat": {"type": "number"},
            "accuracy_m": {"type": "number", "description": "how exactly the pin could be set; 5 m where absent"},
            "description": {"type": "string"},
            "category": {"type": "string", "description": "intake.kinds.Category; 'unstated' where absent"},
            "with_route": {
                "type": "boolean",
                "description": "let the visit be part of a round, so that it looks routine",
            },
            "answers": {
                "type": "string",
                "description": "JSON object of answers to the city's extra questions (GET /questions), by code",
            },
            "joins": {"type": "string", "description": "code of the open case here that the report is about"},
            "track": {
                "type": "string",
                "format": "binary",
                "description": "GPX recorded meanwhile: places the files by their moments; it is not kept",
            },
            "contact": {"type": "string", "description": "how to reach the sender: encrypted, shown to no officer"},
        },
        "required": ["media"],
    }
}


@dataclass(frozen=True, slots=True)
class NoticeAnswer:
    """A remark: nothing is refused for it, it says what would help."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class ReceiptAnswer:
    """What a sender keeps."""

    code: str
    secret: str
    status_url: str
    notices: tuple[NoticeAnswer, ...]


class Reports(Endpoint):
    """``/reports``."""

    may_call = ANYONE
    throttle_classes = [ReportThrottle]
    parser_classes = [MultiPartParser, FormParser]

    @describe(
        "Send a report", "One or several photos or clips, with the sender's pin, words and contact if wanted. The header "
        "`Idempotency-Key` makes sending twice safe: the first answer comes again.",
        who=ANYONE, answer=ReceiptAnswer, status=201, faults=(400, 409, 413, 422, 429), body=FORM, tag=TAG,
        parameters=[OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER)],
        example={
            "code": "PA-2611-7KD2M9", "secret": "x3V…", "notices": [],
            "status_url": "https://example.org/api/v1/reports/PA-2611-7KD2M9?secret=x3V…",
        },
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Receive, answer, and let the pipeline begin; a silent broker costs nothing but time."""
        refuse_too_large(request)
        form = request.POST
        received = receive_request(
            request.FILES.getlist("media"),
            category=form.get("category"),
            description=form.get("description", ""),
            pin=parse_pin(form.get("lon"), form.get("lat"), form.get("accuracy_m")),
            contact=form.get("contact", ""),
            channel="api",
            language=language_of(request)[:2],
            idempotency_key=request.headers.get("Idempotency-Key") or None,
            extra=ExtraWishes(
                with_route=form.get("with_route", "").lower() in ("1", "true", "yes", "on"),
                answers=parse_answers(form.get("answers", "")),
                joins_case=form.get("joins", "")[:20],
                track=read_track(request.FILES.get("track")),
            ),
        )
        for observation_id in received.observation_ids:
            advance.start(observation_id)
        address = reverse("api:report", kwargs={"code": received.code}, request=request)
        notices = tuple(NoticeAnswer(n.value, gettext(NOTICE_SENTENCES.get(n, n.value))) for n in received.notices)
        answer = ReceiptAnswer(received.code, received.secret, f"{address}?secret={received.secret}", notices)
        return Response(to_plain(answer), status=201, headers={"Location": answer.status_url})


def parse_answers(text: str) -> tuple[tuple[str, str], ...]:
    """The answers of a form field; InputError when it is no JSON object of texts."""
    if not text.strip():
        return ()
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise InputError(
            "Answers are a JSON object of texts.", field="answers", value=text[:80], cure='Write {"code": "answer"}.'
        )
    return tuple((str(code), value) for code, value in found.items())


def refuse_too_large(request: Request) -> None:
    """Say no before reading a body that no report may have."""
    storage = settings.ENV.storage
    longest = storage.files_max * max(storage.photo_max_bytes, storage.video_max_bytes) + _FORM_SLACK_BYTES
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if length.isdigit() and int(length) > longest:
        raise MediaTooLarge(
            "The report is too large.", field="media", value=f"{int(length) // 1_000_000} MB",
            cure=f"Send at most {longest // 1_000_000} MB in one report.",
        )  # fmt: skip


class Report(Endpoint):
    """``/reports/{code}``."""

    may_call = ANYONE

    @describe(
        "Follow a report", "For whoever holds the secret. A wrong code and a wrong secret get the same answer.",
        who=ANYONE, answer=ReportAnswer, faults=(404,), parameters=[SECRET], tag=TAG,
    )  # fmt: skip
    def get(self, request: Request, code: str) -> Response:
        """The report's standing."""
        known = get_request(code, request.query_params.get("secret", ""))
        return Response(to_plain(answer_report(request, known.code)), headers={"Cache-Control": "no-store"})


class ReportTimeline(Endpoint):
    """``/reports/{code}/timeline``."""

    may_call = ANYONE

    @describe(
        "Steps of a report", "For whoever holds the secret: steps with office and day. Officers have the case's timeline.",
        who=ANYONE, answer=tuple[StepAnswer, ...], faults=(404,), parameters=[SECRET], tag=TAG,
    )  # fmt: skip
    def get(self, request: Request, code: str) -> Response:
        """The steps alone."""
        known = get_request(code, request.query_params.get("secret", ""))
        return Response(to_plain(answer_report(request, known.code).steps))


class ReportPicture(Endpoint):
    """``/reports/{code}/media/{id}``."""

    may_call = ANYONE

    @describe(
        "A picture of a report", "For whoever holds the secret: redacted copies before and after, never an original.",
        who=ANYONE, answer_schema={"type": "string", "format": "binary"}, faults=(404,), parameters=[SECRET], tag=TAG,
    )  # fmt: skip
    def get(self, request: Request, code: str, media_id: UUID) -> HttpResponse:
        """The bytes of a copy."""
        known = get_request(code, request.query_params.get("secret", ""))
        followed = get_followed_request(known.code)
        if media_id not in (*followed.before_media_ids, *followed.after_media_ids):
            raise NotFound("There is no such file.", field="media", value=media_id)
        return HttpResponse(read_media(media_id), content_type="image/jpeg", headers={"Cache-Control": "private"})


class ReportMoves(Endpoint):
    """``/reports/{code}/moves``."""

    may_call = REQUEST_MOVERS
    parser_classes = [JSONParser]

    @describe(
        "Move a report", "To another status, by the table of allowed moves. Most moves follow from the case by themselves.",
        who=REQUEST_MOVERS, answer=MoveAnswer, faults=(400, 404, 409), body=MOVE_BODY, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request, code: str) -> Response:
        """One move."""
        wanted = read_move(request.data)
        moved = move_request(code, wanted.to, by=person_of(request), reason=wanted.reason, version=wanted.version)
        return answer_move(moved)
