"""What people decided and said about pictures, as the next weights can learn it: no sender, no moment of arrival.

Decisions on flags (a dismissal's label says whether the thing itself was right) and corrections of boxes, by picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max, Q

from cases.lifecycle import DismissReason
from detection.corrections import LearntFrame, learn_frames
from detection.detections import Box
from detection.ground_sighting import SCENE
from detection.models import DetectionRun
from detection.queries import RunFacts, get_run, list_corrections
from intake.kinds import MediaKind
from rules.finding import FlagState
from rules.models import Flag

_DECIDED = (FlagState.ACCEPTED.value, FlagState.MERGED.value, FlagState.DISMISSED.value)


@dataclass(frozen=True, slots=True)
class JudgedBox:
    """One box that a decision was about, and whether the thing was what the detector said."""

    label: str
    box_px: Box
    frame_s: float | None
    was_right: bool


@dataclass(frozen=True, slots=True)
class Lesson:
    """One picture or clip that people spoke of. ``group`` joins pictures of one camera or place: they stand on one side of
    every split. ``unmarked`` counts dismissals as "wrong object" of a whole picture, in which nobody marked the object.
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
    unmarked: int


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
    verdicts, unmarked = _verdicts(row.observation_id)
    known = {index: right for index, right in verdicts.items() if index < len(run.detections)}
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
        frames=learn_frames(run.detections, said, known),
        judged=tuple(
            JudgedBox(item.label, item.box_px, item.frame_s, right)
            for index, right in sorted(known.items())
            for item in [run.detections[index]]
        ),
        unmarked=unmarked,
    )


def _verdicts(observation_id: UUID) -> tuple[dict[int, bool], int]:
    """By detection index, whether the decided thing was what the detector said; the latest decision counts."""
    flags = Flag.objects.filter(observation_id=observation_id, state__in=_DECIDED).select_related("sighting")
    decided = [(flag, event) for flag in flags for event in [flag.events.order_by("-at", "-id").first()] if event]
    verdicts: dict[int, bool] = {}
    unmarked = 0
    for flag, event in sorted(decided, key=lambda pair: pair[1].at):
        is_right = event.reason != DismissReason.WRONG_OBJECT.value
        if flag.sighting is None or flag.sighting.subject == SCENE:
            unmarked += not is_right
        else:
            verdicts |= dict.fromkeys(flag.sighting.detection_indexes, is_right)
    return verdicts, unmarked


def _group(row: DetectionRun) -> str:
    """The camera; else the case or stretch of sidewalk; else the picture itself."""
    if row.observation.camera_id is not None:
        return f"camera:{row.observation.camera_id}"
    flags = row.observation.flags.order_by("created_at").values_list("case_flag__case_id", "sidewalk_key")
    case_id, sidewalk_key = flags.first() or (None, "")
    place = case_id or sidewalk_key
    return f"place:{place}" if place else f"picture:{row.observation.media.sha256}"
