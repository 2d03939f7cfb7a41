"""What a camera's runner writes and reads: health, memory, the frame store, evidence. Every write is fenced by its lease."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from intake.actions import receive_frame
from intake.clip_writer import write_clip
from intake.models import Camera
from pipeline import advance
from pipeline.camera_leases import Grant, fenced
from pipeline.camera_watch import Evidence, KeptFrame
from pipeline.models import CameraFrame, CameraHealth, CameraMemory

STILL_FOR = timedelta(minutes=1)
ABANDONED_AFTER = timedelta(
    minutes=10
)  # longer than any thing is followed unseen: its frames can prove nothing any more


@dataclass(slots=True)
class HealthNotes:
    """What a reader and its runner note of one camera, from several threads; each field has one writer."""

    state: str = "starting"
    last_frame_at: datetime | None = None
    frames_per_s: float | None = None
    width_px: int | None = None
    height_px: int | None = None
    seen: int = 0
    looked_at: int = 0
    dropped: int = 0
    gaps: int = 0
    evidence: int = 0
    standing: int = 0
    clock_offset_s: float = 0.0
    notes: tuple[str, ...] = ()
    last_fault: str = ""
    last_fault_value: str = ""
    last_fault_at: datetime | None = None
    counted: dict[str, int] = field(default_factory=dict)

    def note_fault(self, fault: str, at: datetime, value: str = "") -> None:
        """Remember the newest fault."""
        self.last_fault, self.last_fault_value, self.last_fault_at = fault, value[:200], at


_COUNTERS = ("seen", "looked_at", "dropped", "gaps", "evidence")
_PLAIN = tuple(f.name for f in fields(HealthNotes) if f.name not in (*_COUNTERS, "counted", "notes"))


def save_health(grant: Grant, runner: str, notes: HealthNotes) -> bool:
    """Write what was noted; counters add up over all runners. True when an operator waits for a still picture."""
    grown = {name: getattr(notes, name) - notes.counted.get(name, 0) for name in _COUNTERS}
    values: dict[str, Any] = {name: getattr(notes, name) for name in _PLAIN}
    if notes.last_fault_at is None:
        for name in ("last_fault", "last_fault_value", "last_fault_at"):
            values.pop(name)
    if notes.last_frame_at is None:
        values.pop("last_frame_at")
    now = timezone.now()
    values |= {"notes": list(notes.notes), "runner": runner, "told_at": now}
    with fenced(grant):
        row, created = CameraHealth.objects.get_or_create(camera_id=grant.camera_id, defaults=values | grown)
        if not created:
            counters = {name: F(name) + amount for name, amount in grown.items() if amount}
            CameraHealth.objects.filter(pk=grant.camera_id).update(**values, **counters)
        CameraHealth.objects.filter(pk=grant.camera_id, still_at__lt=now - STILL_FOR).update(still=None, still_at=None)
    notes.counted = {name: notes.counted.get(name, 0) + grown[name] for name in _COUNTERS}
    wanted, made = row.still_wanted_at, row.still_at
    return wanted is not None and now - wanted < STILL_FOR and (made is None or made < wanted)


def save_still(grant: Grant, jpeg: bytes) -> None:
    """A redacted picture of now, for the operator who asked; it is removed a minute later."""
    with fenced(grant):
        CameraHealth.objects.filter(pk=grant.camera_id).update(still=jpeg, still_at=timezone.now())


def load_memory(camera_id: int, calibration_id: int | None) -> tuple[dict[str, Any], list[KeptFrame]]:
    """What the runner before knew of the same view, and its kept frames; empty after a new calibration."""
    row = CameraMemory.objects.filter(pk=camera_id, calibration_id=calibration_id).first()
    if row is None:
        return {}, []
    frames = CameraFrame.objects.filter(camera_id=camera_id).order_by("at_s").values_list("at_s", "jpeg")
    return row.memory, [KeptFrame(at, bytes(jpeg)) for at, jpeg in frames]


def save_memory(
    grant: Grant, calibration_id: int | None, memory: dict[str, Any], frames: Sequence[KeptFrame], oldest_s: float
) -> None:
    """The watch's memory and new frames of the store; frames before ``oldest_s`` are removed."""
    with fenced(grant):
        _write_memory(grant.camera_id, calibration_id, memory, frames, oldest_s)


def file_evidence(
    grant: Grant, calibration_id: int | None, evidence: Evidence, memory: dict[str, Any], oldest_s: float,
    *, start: Callable[[UUID], None] = advance.start,
) -> UUID:  # fmt: skip
    """Keep a clip as an observation of its camera, remember that it was told, and start the nine stages: all or nothing."""
    clip = write_clip(evidence.pixels())
    camera = Camera.objects.select_related("city").get(pk=grant.camera_id)
    with fenced(grant):
        observation_id = receive_frame(camera, clip, captured_at=evidence.began_at, is_camera_clock=False)
        _write_memory(grant.camera_id, calibration_id, memory, (), oldest_s)
        start(observation_id)
    return observation_id


def forget_abandoned(now: datetime) -> dict[str, int]:
    """Remove frames of the store and stills of cameras that nobody watches any more; how many of each.

    What has become evidence lies with the evidence, under its own retention; what was told stays known, so that it is told once.
    """
    watched = CameraMemory.objects.filter(saved_at__gte=now - ABANDONED_AFTER).values("camera_id")
    frames, _ = CameraFrame.objects.exclude(camera_id__in=watched).delete()
    stills = CameraHealth.objects.filter(still_at__lt=now - STILL_FOR).update(still=None, still_at=None)
    return {"frames": frames, "stills": stills}


def _write_memory(
    camera_id: int, calibration_id: int | None, memory: dict[str, Any], frames: Sequence[KeptFrame], oldest_s: float
) -> None:
    CameraMemory.objects.update_or_create(
        camera_id=camera_id,
        defaults={"memory": memory, "calibration_id": calibration_id, "saved_at": timezone.now()},
    )
    if frames:
        rows = [CameraFrame(camera_id=camera_id, at_s=frame.at, jpeg=frame.jpeg) for frame in frames]
        CameraFrame.objects.bulk_create(rows, ignore_conflicts=True)
    CameraFrame.objects.filter(camera_id=camera_id, at_s__lt=oldest_s).delete()
