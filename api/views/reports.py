"""What a citizen sends and how they follow it: no account, a code and a secret."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
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
from api.views.found import FoundAnswer, word_flags
from cases.actions import move_request
from cases.queries import get_followed_request
from cases.roles import REQUEST_MOVERS
from cases.wording import word_request
from errors import MediaTooLarge, NotFound
from geo.position import Position
from intake.actions import parse_pin, receive_request
from intake.queries import ObservationFacts, get_observation, get_request, read_media
from intake.wording import NOTICE_SENTENCES
from pipeline import advance
from pipeline.queries import get_progress
from pipeline.stages import STAGES

TAG = "reports"
_FORM_SLACK_BYTES = 1_000_000
_ORDER = {stage.name: stage.number for stage in STAGES}
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


@dataclass(frozen=True, slots=True)
class PlaceAnswer:
    """A place in degrees (EPSG:4326) with its error in metres and how it was found."""

    lon: float
    lat: float
    accuracy_m: float
    method: str


@dataclass(frozen=True, slots=True)
class ReportObservation:
    """One file of a report: how far the pipeline is with it, where it was taken, what the machine made of it."""

    id: UUID
    stage: str
    at_stage: str
    processing: bool
    state: str
    reason: str
    captured_at: datetime | None
    position: PlaceAnswer | None
    file_position: PlaceAnswer | None
    pin: PlaceAnswer | None
    no_position_reason: str
    hints: tuple[str, ...]
    findings: tuple[FoundAnswer, ...]


@dataclass(frozen=True, slots=True)
class StepAnswer:
    """One step with its day and office; planned steps have no day."""

    code: str
    words: str
    on: date | None
    office: str
    is_planned: bool


@dataclass(frozen=True, slots=True)
class ReplyClock:
    """The promised first reply. ``state``: within, soon, late, done_on_time, done_late."""

    due_at: datetime
    state: str
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class ReportAnswer:
    """A report as its sender sees it. ``stage`` is the last finished one of the slowest file; ``processing`` until all
    rest; ``decided_by``: person, machine or nobody, and ``decision`` says it in words."""

    code: str
    status: str
    status_words: str
    stage: str
    processing: bool
    category: str
    description: str
    submitted_at: datetime
    position: PlaceAnswer | None
    file_position: PlaceAnswer | None
    pin: PlaceAnswer | None
    decision: str
    decided_by: str
    steps: tuple[StepAnswer, ...]
    first_reply: ReplyClock | None
    reopenings_left: int
    observations: tuple[ReportObservation, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]


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
        )
        for observation_id in received.observation_ids:
            advance.start(observation_id)
        address = reverse("api:report", kwargs={"code": received.code}, request=request)
        notices = tuple(NoticeAnswer(n.value, gettext(NOTICE_SENTENCES.get(n, n.value))) for n in received.notices)
        answer = ReceiptAnswer(received.code, received.secret, f"{address}?secret={received.secret}", notices)
        return Response(to_plain(answer), status=201, headers={"Location": answer.status_url})


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
        return Response(to_plain(_answer_report(request, known.code)), headers={"Cache-Control": "no-store"})


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
        return Response(to_plain(_answer_report(request, known.code).steps))


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


def _answer_report(request: Request, code: str) -> ReportAnswer:
    language = language_of(request)[:2]
    followed = get_followed_request(code)
    words = word_request(followed, language)
    observations = tuple(_answer_observation(get_observation(pk), language) for pk in followed.observation_ids)
    slowest = min(observations, key=lambda o: (not o.processing, _ORDER.get(o.stage, 0)), default=None)
    placed = next((o for o in observations if o.position is not None), observations[0] if observations else None)
    decision, decided_by = _word_decision(words.decision, words.headline, observations)
    steps = zip(followed.steps, words.steps, strict=True)
    clock = followed.first_reply
    return ReportAnswer(
        code=followed.code,
        status=followed.status,
        status_words=words.headline,
        stage=slowest.stage if slowest else "",
        processing=any(o.processing for o in observations),
        category=followed.category,
        description=followed.description,
        submitted_at=followed.submitted_at,
        position=placed.position if placed else None,
        file_position=placed.file_position if placed else None,
        pin=placed.pin if placed else None,
        decision=decision,
        decided_by=decided_by,
        steps=tuple(
            StepAnswer(s.code, said, s.on, (s.office_en if language == "en" else "") or s.office, s.is_planned)
            for s, said in steps
        ),
        first_reply=ReplyClock(clock.due_at, followed.reply_state(), clock.is_provisional) if clock else None,
        reopenings_left=followed.reopenings_left,
        observations=observations,
        before=tuple(_picture(request, code, media_id) for media_id in followed.before_media_ids),
        after=tuple(_picture(request, code, media_id) for media_id in followed.after_media_ids),
    )


def _answer_observation(observation: ObservationFacts, language: str) -> ReportObservation:
    progress = get_progress(observation.id)
    return ReportObservation(
        id=observation.id,
        stage=progress.stage,
        at_stage=progress.at_stage,
        processing=progress.is_processing,
        state=progress.state,
        reason=progress.reason,
        captured_at=observation.captured_at,
        position=_place(observation.position),
        file_position=_place(observation.file_position),
        pin=_place(observation.pin),
        no_position_reason=observation.no_position_reason,
        hints=observation.hints,
        findings=word_flags(observation.id, language),
    )


def _word_decision(decision: str, headline: str, observations: tuple[ReportObservation, ...]) -> tuple[str, str]:
    """A person's decision where there is one; else what the machine flagged, said as the suspicion it is."""
    if decision:
        return decision, "person"
    findings = [finding for observation in observations for finding in observation.findings]
    if not findings:
        return headline, "nobody"
    first = min(findings, key=lambda f: ("flagged", "undetermined", "compliant").index(f.verdict))
    machine = gettext("The machine says: %(verdict)s (%(title)s). A person decides.") % {
        "verdict": first.verdict_words, "title": first.title,
    }  # fmt: skip
    return f"{headline} {machine}", "machine"


def _place(position: Position | None) -> PlaceAnswer | None:
    if position is None:
        return None
    return PlaceAnswer(position.lon, position.lat, position.accuracy_m, position.method.value)


def _picture(request: Request, code: str, media_id: UUID) -> str:
    return str(reverse("api:report-picture", kwargs={"code": code, "media_id": media_id}, request=request))
