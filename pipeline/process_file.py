"""One file through the stages in this process, for ``manage.py process``: the same code as the workers run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils import timezone

from errors import InputError, NotFound
from geo.position import Position, PositionMethod
from intake.actions import UploadedMedia, receive_frame, receive_request
from intake.actions.geotagging import record_tracked_geotag
from intake.gpx_track import read_gpx
from intake.kinds import Category
from intake.models import Camera
from pipeline import advance
from pipeline.models import RESTING, Progress, ProgressState
from rules.models import Flag

PIN_ACCURACY_M = 5.0


def process_file(
    path: Path,
    *,
    camera_name: str = "",
    captured_at: datetime | None = None,
    pin: tuple[float, float | None] | None = None,
    category: Category = Category.UNSTATED,
    track: Path | None = None,
    clock_offset_s: float = 0.0,
) -> Iterator[dict[str, Any]]:
    """Receive the file and run its stages until the pipeline rests; one line per stage, one per flag, one at the end."""
    if not path.is_file():
        raise NotFound("There is no such file.", field="path", value=path, cure="Check the path.")
    data = path.read_bytes()
    if camera_name and track is not None:
        raise InputError("A fixed camera needs no track.", field="track", value=track, cure="Leave out one of the two.")
    if camera_name:
        observation_id = _receive_from_camera(camera_name, data, captured_at)
    else:
        observation_id = _receive_from_sender(path.name, data, pin, category)
    yield {"observation": observation_id, "file": path.name}
    if track is not None:
        yield _place_by_track(observation_id, track, clock_offset_s, captured_at)
    yield from _run_stages(observation_id)
    yield from _tell_flags(observation_id)


def _receive_from_camera(name: str, data: bytes, captured_at: datetime | None) -> UUID:
    camera = Camera.objects.filter(name=name).first()
    if camera is None:
        known = ", ".join(Camera.objects.values_list("name", flat=True)) or "none is loaded"
        raise NotFound("There is no such camera.", field="camera", value=name, cure=f"Known: {known}.")
    return receive_frame(camera, data, captured_at=captured_at or timezone.now())


def _receive_from_sender(name: str, data: bytes, pin: tuple[float, float | None] | None, category: Category) -> UUID:
    place = None
    if pin is not None:
        if pin[1] is None:
            raise InputError("A place needs lon and lat.", field="lat", cure="Give --lat too.")
        place = Position(pin[0], pin[1], PIN_ACCURACY_M, PositionMethod.SENDER_PIN)
    received = receive_request(
        [UploadedMedia(name, data)], category=category, description="", pin=place, contact="", channel="command",
        language="en", idempotency_key=None, now=timezone.now(),
    )  # fmt: skip
    return received.observation_ids[0]


def _place_by_track(
    observation_id: UUID, track: Path, clock_offset_s: float, captured_at: datetime | None
) -> dict[str, Any]:
    """Stage 2 by a recorded track; the places of a clip's frames, a second apart."""
    if not track.is_file():
        raise NotFound("There is no such track.", field="track", value=track, cure="Check the path.")
    record, places = record_tracked_geotag(
        observation_id, read_gpx(track.read_bytes()), clock_offset_s=clock_offset_s, captured_at=captured_at
    )
    frames = [
        [place.t_s, place.position.lon, place.position.lat, round(place.position.accuracy_m, 1)] for place in places
    ]
    place = None if record.point is None else [record.point.x, record.point.y, record.accuracy_m]
    return {"track": track.name, "position": place, "frames": frames}


def _run_stages(observation_id: UUID) -> Iterator[dict[str, Any]]:
    """Run stage after stage here; a running worker may be faster with one, then its record is told."""
    Progress.objects.get_or_create(
        observation_id=observation_id, defaults={"stage": "receive", "updated_at": timezone.now()}
    )
    while True:
        progress = Progress.objects.get(observation_id=observation_id)
        if progress.state in RESTING:
            yield {"rests_at": progress.stage, "state": progress.state, "reason": progress.reason}
            return
        stage = progress.stage
        outcome = advance.run_and_advance(observation_id, stage)
        if outcome is not None:
            yield {"stage": stage, "outcome": outcome.outcome.value, "reason": outcome.reason, **outcome.detail}
        elif Progress.objects.get(observation_id=observation_id).state == ProgressState.QUEUED:
            yield {"stage": stage, "outcome": "again"}


def _tell_flags(observation_id: UUID) -> Iterator[dict[str, Any]]:
    for flag in Flag.objects.filter(observation_id=observation_id).order_by("created_at"):
        yield {"flag": flag.id, "rule": flag.rule_code, "verdict": flag.verdict, "reasons": flag.reasons,
               "missing": flag.missing}  # fmt: skip
