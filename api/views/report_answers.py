"""A report as its sender sees it: the values of the answer, and how they are put together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext
from rest_framework.request import Request
from rest_framework.reverse import reverse

from api.endpoint import language_of
from api.views.found import FoundAnswer, word_flags
from cases.queries import get_followed_request
from cases.wording import word_request
from geo.position import Position
from intake.queries import ObservationFacts, get_observation
from pipeline.models import ProgressState
from pipeline.queries import get_progress
from pipeline.stages import STAGES

_ORDER = {stage.name: stage.number for stage in STAGES}


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
    """The promised first reply. ``state``: within, soon, late, done_on_time, done_late. ``interim`` is what was said while no
    person had replied; it stops the promise, and says so."""

    due_at: datetime
    state: str
    is_provisional: bool
    interim: str


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


def answer_report(request: Request, code: str) -> ReportAnswer:
    """All of one report, in the language of the request."""
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
        first_reply=ReplyClock(clock.due_at, followed.reply_state(), clock.is_provisional, words.interim)
        if clock
        else None,
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
        reason=progress.reason if progress.state == ProgressState.WAITING else "",
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
