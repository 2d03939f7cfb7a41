"""What a sender sees of the machine's side of a report: where the pipeline stands, what was seen, the place that is used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from detection.models import DetectionRun
from geo.position import Position, PositionMethod
from intake.kinds import Derivation
from intake.models import MediaFile
from intake.queries import get_observation
from pipeline.queries import get_progress
from rules.models import Flag

SHOWN = (Derivation.REDACTED.value, Derivation.STILL.value)
NEEDS_PERSON = "needs_person"


@dataclass(frozen=True, slots=True)
class SeenThing:
    """A label with how often it was seen."""

    label: str
    count: int


@dataclass(frozen=True, slots=True)
class ReportProgress:
    """The machine's side of one report. ``stage`` is where it works now; ``flags`` the most urgent first."""

    is_processing: bool
    needs_person: bool
    stage: str
    position: Position | None
    no_position_reason: str
    seen: tuple[SeenThing, ...]
    flags: tuple[Flag, ...]

    @property
    def is_corrected(self) -> bool:
        """Whether the place is the sender's own pin."""
        return self.position is not None and self.position.method is PositionMethod.SENDER_PIN


def read_report_progress(observation_ids: Sequence[UUID]) -> ReportProgress:
    """Everything the pipeline has to say of the pictures of one report."""
    facts = [get_observation(observation_id) for observation_id in observation_ids]
    progress = [get_progress(observation_id) for observation_id in observation_ids]
    placed = next((fact for fact in facts if fact.position is not None), None)
    working = next((one for one in progress if one.is_processing), None)
    flags = Flag.objects.filter(observation_id__in=observation_ids).order_by("-priority", "created_at", "id")
    return ReportProgress(
        is_processing=working is not None,
        needs_person=any(one.state == NEEDS_PERSON for one in progress),
        stage=working.at_stage if working else "",
        position=placed.position if placed else None,
        no_position_reason=(facts[0].no_position_reason or "") if facts and not placed else "",
        seen=count_seen(observation_ids),
        flags=tuple(flags),
    )


def count_seen(observation_ids: Sequence[UUID]) -> tuple[SeenThing, ...]:
    """What the detector reported, tracks counted once, most frequent first."""
    counts: dict[str, int] = {}
    for run in DetectionRun.objects.filter(observation_id__in=observation_ids):
        for thing in run.tracks or run.detections:
            counts[thing["label"]] = counts.get(thing["label"], 0) + 1
    return tuple(SeenThing(label, n) for label, n in sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def holds_copy(code: str, media_id: UUID) -> bool:
    """Whether a copy is of a picture of this report, or of the inspector's answer to it."""
    copies = MediaFile.objects.filter(pk=media_id, derivation__in=SHOWN)
    own = copies.filter(parent__observations__service_request__code=code)
    return own.exists()
