"""What people decided and said about pictures, as the next weights can learn it: no sender, no moment of arrival.

Decisions on flags with their labels, second opinions, what inspectors found, and corrections of boxes, by picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max, Q

from cases.judgement import Judgement, Voice
from cases.models import FlagOpinion, Inspection
from cases.outcome import NEEDS_ANOTHER_VISIT
from detection.corrections import LearntFrame, learn_frames
from detection.detections import Box
from detection.ground_sighting import SCENE
from detection.models import DetectionRun
from detection.queries import RunFacts, get_run, list_corrections
from intake.kinds import MediaKind
from rules.finding import FlagState
from rules.models import Flag

_DECIDED = (FlagState.ACCEPTED.value, FlagState.MERGED.value, FlagState.DISMISSED.value)
_SETTLED_NOTHING = tuple(outcome.value for outcome in NEEDS_ANOTHER_VISIT)


@dataclass(frozen=True, slots=True)
class JudgedBox:
    """One box that a decision was about, and whether the thing was what the detector said; ``is_confirmed``: an inspector
    stood before it.
    """

    label: str
    box_px: Box
    frame_s: float | None
    was_right: bool
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class DecidedFlag:
    """One flag's whole judgement and the detections (places in the run) that it was about; none: the whole picture."""

    subject: str
    use: str
    judgement: Judgement
    indexes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Lesson:
    """One picture or clip that people spoke of. ``group`` joins pictures of one camera or place: they stand on one side of
    every split. ``unmarked`` counts dismissals as "wrong object" of a whole picture, in which nobody marked the object;
    ``disputed`` counts flags about whose object people disagree: their boxes teach nothing.
    """

    observation_id: UUID
    media_id: UUID
    sha256: str
    is_clip: bool
    group: str
    spoken_at: datetime
    run: RunFacts
    frames: tuple[LearntFrame, ...]
    judged: tuple[JudgedBox, ...]
    decided: tuple[DecidedFlag, ...]

    @property
    def unmarked(self) -> int:
        """Whole pictures dismissed as the wrong object."""
        return sum(not one.indexes and one.judgement.was_right is False for one in self.decided)

    @property
    def disputed(self) -> int:
        """Flags about whose object people disagree."""
        return sum(one.judgement.was_right is None for one in self.decided)


def list_lessons(since: datetime | None = None) -> Iterator[Lesson]:
    """Every picture that somebody decided on or corrected (since a moment), in the order of its hash."""
    rows = (
        DetectionRun.objects.filter(Q(corrections__isnull=False) | Q(observation__flags__state__in=_DECIDED))
        .select_related("observation__media")
        .annotate(corrected_at=Max("corrections__at"), decided_at=Max("observation__flags__events__at"))
        .order_by("observation__media__sha256", "pk")
    )
    for row in rows:
        moments = [at for at in (row.corrected_at, row.decided_at) if at is not None]
        if moments and (since is None or max(moments) >= since):
            yield _lesson(row, max(moments))


def _lesson(row: DetectionRun, spoken_at: datetime) -> Lesson:
    run = get_run(row.observation_id)
    decided = _decided(row.observation_id, len(run.detections))
    judged = {index: one.judgement for one in decided for index in one.indexes}
    said = [one.said for one in list_corrections(run.id)]
    media = row.observation.media
    return Lesson(
        observation_id=row.observation_id,
        media_id=media.pk,
        sha256=media.sha256,
        is_clip=media.kind == MediaKind.VIDEO.value,
        group=_group(row),
        spoken_at=spoken_at,
        run=run,
        frames=learn_frames(run.detections, said, {index: judgement.was_right for index, judgement in judged.items()}),
        judged=tuple(
            JudgedBox(item.label, item.box_px, item.frame_s, judgement.was_right, judgement.is_confirmed)
            for index, judgement in sorted(judged.items())
            for item in [run.detections[index]]
            if judgement.was_right is not None
        ),
        decided=decided,
    )


def _decided(observation_id: UUID, detections: int) -> tuple[DecidedFlag, ...]:
    """The decided flags of a picture, the latest decision last."""
    flags = Flag.objects.filter(observation_id=observation_id, state__in=_DECIDED).select_related(
        "sighting", "case_flag"
    )
    with_event = [(flag, event) for flag in flags for event in [flag.events.order_by("-at", "-id").first()] if event]
    decided = []
    for flag, event in sorted(with_event, key=lambda pair: (pair[1].at, pair[1].pk)):
        judgement = Judgement(Voice(flag.state, event.reason), _opinions(flag), _found_on_site(flag))
        subject = SCENE if flag.sighting is None else flag.sighting.subject
        about = () if flag.sighting is None or subject == SCENE else flag.sighting.detection_indexes
        decided.append(
            DecidedFlag(subject, flag.use, judgement, tuple(index for index in about if index < detections))
        )  # fmt: skip
    return tuple(decided)


def _opinions(flag: Flag) -> tuple[Voice, ...]:
    rows = FlagOpinion.objects.filter(flag=flag).order_by("id").values_list("says", "label")
    return tuple(Voice(says, label) for says, label in rows)


def _found_on_site(flag: Flag) -> str:
    """The outcome of the last visit to the flag's case that settled something; empty for flags that sent nobody out."""
    joined = getattr(flag, "case_flag", None)
    if flag.state == FlagState.DISMISSED.value or joined is None or not joined.is_confirmed:
        return ""
    visits = Inspection.objects.filter(case_id=joined.case_id, completed_at__gte=flag.created_at).exclude(outcome="")
    settled = visits.exclude(outcome__in=_SETTLED_NOTHING).order_by("completed_at", "created_at")
    return settled.values_list("outcome", flat=True).first() or ""


def _group(row: DetectionRun) -> str:
    """The camera; else the case or stretch of sidewalk; else the picture itself."""
    if row.observation.camera_id is not None:
        return f"camera:{row.observation.camera_id}"
    flags = row.observation.flags.order_by("created_at").values_list("case_flag__case_id", "sidewalk_key")
    case_id, sidewalk_key = flags.first() or (None, "")
    place = case_id or sidewalk_key
    return f"place:{place}" if place else f"picture:{row.observation.media.sha256}"
