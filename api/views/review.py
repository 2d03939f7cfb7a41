"""The review queue: what waits in the order of the work, and one flag with everything a decision needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.utils import translation
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from api.conditions import Condition, list_conditions
from api.endpoint import Endpoint, describe, language_of, rights_of
from api.parsing import parse_choice
from api.plain import to_plain
from api.viewers import list_viewers, note_viewer
from api.views.found import FoundAnswer, word_flag
from cases.permissions import may_decide_flag, may_open_original
from cases.queries import count_review_queue
from cases.queries.review_evidence import (
    EarlierCase,
    Evidence,
    QueueItem,
    SeenBox,
    get_queue_item,
    list_earlier_cases,
    list_queue,
    read_evidence,
)
from cases.queries.similar import SimilarFlag, list_similar_flags
from cases.roles import FLAG_DECIDERS
from detection.stall_hint import StallHint
from errors import InputError
from geo.facts import Coverage, PlaceFacts
from rules.finding import Verdict
from rules.models import Flag
from rules.stored import read_facts, read_finding
from rules.wording import CONTEXT, word, word_finding

TAG = "flags"
WAITING = ("new", "in_review")
_OWN = {"Cache-Control": "private, no-cache"}


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One waiting flag. ``picture`` is the id of a redacted copy; ``why`` are the reasons for its rank, in words.

    ``seen_at`` is the moment of the picture where it may be told; ``repeat_of`` the case settled here within thirty days before;
    ``looked_at_by`` names somebody else who has it open.
    """

    id: UUID
    verdict: str
    state: str
    version: int
    use: str
    rule_code: str
    title: str
    place: str
    why: tuple[str, ...]
    picture: UUID | None
    seen_at: datetime | None
    created_at: datetime | None
    lon: float | None
    lat: float | None
    case_code: str
    is_candidate: bool
    is_repeat: bool
    repeat_of: str
    looked_at_by: str


@dataclass(frozen=True, slots=True)
class QueueAnswer:
    """What waits for you. ``waiting`` counts all of it, also what is not listed."""

    waiting: int
    items: tuple[QueueRow, ...]


@dataclass(frozen=True, slots=True)
class ReviewParcel:
    """A parcel that may be the place, as it was on record when the rule looked."""

    key: str
    sheet: str
    number: str
    address: str
    likelihood: float


@dataclass(frozen=True, slots=True)
class ReviewPlace:
    """The place as frozen with the flag: parcels, the nearest sidewalk, and what no register could say."""

    accuracy_m: float
    method: str
    parcels: tuple[ReviewParcel, ...]
    street: str
    walk_width_m: float | None
    permit_register: str
    permit_register_on: date | None
    no_data: tuple[str, ...]
    is_generated: bool


@dataclass(frozen=True, slots=True)
class EvidenceAnswer:
    """The redacted picture and all that was seen; boxes in pixels of ``width_px`` x ``height_px``.

    ``hidden`` counts faces and plates made unreadable. ``moments_s`` are the frames of a clip, ``shown_s`` the picture's;
    ``clip`` is a redacted copy of the whole clip, None until a worker has made it. ``stall_hints`` are groups of things
    that may be a stall, which no weights know: a hint, never a finding.
    """

    observation_id: UUID
    media_id: UUID
    source: str
    picture: UUID | None
    clip: UUID | None
    width_px: int
    height_px: int
    boxes: tuple[SeenBox, ...]
    is_clip: bool
    shown_s: float | None
    moments_s: tuple[float, ...]
    first_s: float | None
    last_s: float | None
    camera: str
    captured_at: datetime | None
    original_sha256: str
    hidden: dict[str, int]
    stall_hints: tuple[StallHint, ...]


@dataclass(frozen=True, slots=True)
class ReviewAnswer:
    """One flag with its evidence, each condition with value and threshold, the place, its history and the versions."""

    row: QueueRow
    words: FoundAnswer
    conditions: tuple[Condition, ...]
    evidence: EvidenceAnswer
    place: ReviewPlace | None
    earlier: tuple[EarlierCase, ...]
    similar: tuple[SimilarFlag, ...]
    may_decide: bool
    may_look: bool
    is_waiting: bool
    versions: dict[str, Any]


class ReviewQueue(Endpoint):
    """``/review``."""

    may_call = FLAG_DECIDERS

    @describe(
        "Review queue", "Flags that wait for a person, most urgent first. Carries an ETag: ask again with `If-None-Match`.",
        who=FLAG_DECIDERS, answer=QueueAnswer, tag=TAG,
        parameters=[OpenApiParameter("verdict", str, enum=list(Verdict))],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The queue."""
        rights = rights_of(request)
        wanted = parse_choice(request.query_params.get("verdict"), Verdict, "verdict")
        queue = list_queue(rights, wanted or "")
        viewers = list_viewers([item.row.id for item in queue], rights.username)
        rows = tuple(_row(item, viewers.get(item.row.id, ""), language_of(request)[:2]) for item in queue)
        return Response(to_plain(QueueAnswer(count_review_queue(rights), rows)), headers=_OWN)


class ReviewItem(Endpoint):
    """``/review/{id}``."""

    may_call = FLAG_DECIDERS

    @describe(
        "One flag for a decision", "Evidence with all detections of all frames, conditions with value and threshold, the place "
        "as frozen with the flag, earlier cases here, versions. With `look=1` others are told for a minute that you look at it.",
        who=FLAG_DECIDERS, answer=ReviewAnswer, faults=(404,), tag=TAG,
        parameters=[OpenApiParameter("look", bool, description="tell the others that you look at it")],
    )  # fmt: skip
    def get(self, request: Request, flag_id: UUID) -> Response:
        """The flag."""
        rights, language = rights_of(request), language_of(request)[:2]
        item = get_queue_item(rights, flag_id)
        flag = item.flag
        is_look = request.query_params.get("look", "") in {"1", "true"}
        viewers = list_viewers([flag_id], rights.username)
        other = note_viewer(flag_id, rights.username) if is_look else viewers.get(flag_id, "")
        evidence = read_evidence(flag)
        answer = ReviewAnswer(
            row=_row(item, other, language),
            words=word_flag(flag, language),
            conditions=list_conditions(flag, word_finding(flag, language)),
            evidence=_evidence(evidence),
            place=_place(flag),
            earlier=list_earlier_cases(flag),
            similar=list_similar_flags(rights, flag),
            may_decide=may_decide_flag(rights, flag),
            may_look=may_open_original(rights, evidence.observation.media_id),
            is_waiting=flag.state in WAITING,
            versions=flag.versions,
        )
        return Response(to_plain(answer), headers=_OWN)


def _row(item: QueueItem, other: str, language: str) -> QueueRow:
    with translation.override(language):  # without the frozen facts, which are large and not needed for a title
        said = word(read_finding(item.flag), language, partial(translation.pgettext, CONTEXT))
    row = item.row
    return QueueRow(
        id=row.id, verdict=row.verdict, state=row.state, version=row.version, use=row.use, rule_code=row.rule_code,
        title=said.title, place=item.place, why=tuple(said.priority_reasons), picture=item.picture, seen_at=row.seen_at,
        created_at=row.created_at, lon=row.lon, lat=row.lat, case_code=row.case_code, is_candidate=row.is_candidate,
        is_repeat=row.is_repeat, repeat_of=row.repeat_of, looked_at_by=other,
    )  # fmt: skip


def _evidence(found: Evidence) -> EvidenceAnswer:
    seen = found.observation
    return EvidenceAnswer(
        observation_id=seen.id, media_id=seen.media_id, source=seen.source.value, picture=found.picture, clip=found.clip,
        width_px=found.width_px, height_px=found.height_px, boxes=found.boxes, is_clip=found.is_clip, shown_s=found.shown_s,
        moments_s=found.moments_s, first_s=found.first_s, last_s=found.last_s, camera=found.camera,
        captured_at=seen.captured_at, original_sha256=found.original_sha256, hidden=found.hidden,
        stall_hints=found.stall_hints,
    )  # fmt: skip


def _place(flag: Flag) -> ReviewPlace | None:
    """None where no place is known, or an older version wrote facts that this one cannot read."""
    try:
        facts = read_facts(flag).place
    except InputError:
        return None
    return _tell(facts) if facts is not None else None


def _tell(facts: PlaceFacts) -> ReviewPlace:
    likely = sorted(facts.parcels, key=lambda parcel: -parcel.likelihood)
    walk = next(iter(facts.sidewalks), None)
    permits = next((state for state in facts.registers if state.register == "permit"), None)
    sources = permits.sources if permits else ()
    return ReviewPlace(
        accuracy_m=facts.position.accuracy_m, method=facts.position.method.value,
        parcels=tuple(ReviewParcel(p.key, p.sheet, p.number, p.address, p.likelihood) for p in likely),
        street=walk.street if walk else "", walk_width_m=walk.width_m if walk else None,
        permit_register=permits.coverage.value if permits else Coverage.NO_DATA.value,
        permit_register_on=sources[0].source_on if sources else None,
        no_data=tuple(state.register.value for state in facts.registers if state.coverage is Coverage.NO_DATA),
        is_generated=any(source.is_generated for state in facts.registers for source in state.sources),
    )  # fmt: skip
