"""Invented evidence about the little city of ``tests/small_city.py``: photos and clips at places in metres, staff, requests.

Plain functions with defaults. Whoever calls them has a database; places are metres from the city's origin.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import count
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection
from PIL import Image

from cases.models import RoleAssignment, Unit
from cases.roles import Role
from detection.detections import Box, Detection
from detection.fake_detector import FakeDetector
from geo.models import Parcel, Permit, RegisterLoad, RegisterSource, SidewalkSegment
from geo.position import Position, PositionMethod
from intake.actions import UploadedMedia, receive_frame, receive_request
from intake.clip_writer import write_clip
from intake.kinds import Category
from intake.models import Camera
from pipeline import advance
from pipeline.models import RESTING, Progress, ProgressState
from tests.data.exif_block import an_exif_block, gps_tags, text
from tests.data.photos import a_photo
from tests.small_city import CAMERA_NAME, FRAME_PX, lonlat, to_frame

LOCAL = timezone(timedelta(hours=7))
AT = datetime(2026, 11, 20, 10, 0, tzinfo=LOCAL)  # a Friday morning in the little city
ON_PARCEL_A, ON_PARCEL_B = (50.0, 144.0), (130.0, 144.0)
BETWEEN_SMALL_PARCELS = (275.0, 124.0)
NOWHERE_NEAR = (330.0, 300.0)  # inside the ward and its zoning, on no parcel
SHAPES_M = {
    "motorcycle": (0.75, 1.1),
    "car": (1.8, 1.5),
    "person": (0.5, 1.7),
    "chair": (0.5, 0.9),
    "signboard": (2.0, 0.7),
}
BUILDING_WORK = ("hardhat", "site machinery")
_numbers = count(1)


def a_picture_at(east_m: float, north_m: float, *, at: datetime = AT, seed: int | None = None) -> bytes:
    """A JPEG whose file says that it was taken there and then; every one has other pixels."""
    stamp = f"{at:%Y:%m:%d %H:%M:%S}"
    exif = [text(0x9003, stamp), text(0x9011, f"{at:%z}"[:3] + ":" + f"{at:%z}"[3:])]
    block = an_exif_block(exif=exif, gps=gps_tags(*lonlat(east_m, north_m)))
    return a_photo(exif=block, pixels=a_view(seed=next(_numbers) if seed is None else seed))


def a_view(width: int = 320, height: int = 240, *, seed: int = 1) -> Any:
    """Soft coloured patches: nothing that a detector knows."""
    coarse = np.random.default_rng(seed).integers(60, 200, (6, 8, 3), dtype=np.uint8)
    return np.array(Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC))


def a_report(
    *files: bytes,
    category: Category = Category.CONSTRUCTION,
    pin: tuple[float, float] | None = None,
    contact: str = "",
    key: str | None = None,
    at: datetime = AT,
) -> list[UUID]:
    """A citizen's request with these files (default: one picture on parcel B); its observations, none of them begun."""
    uploads = [UploadedMedia(f"{n}.jpg", data) for n, data in enumerate(files or (a_picture_at(*ON_PARCEL_B),))]
    place = None if pin is None else Position(*lonlat(*pin), 5.0, PositionMethod.SENDER_PIN)
    received = receive_request(
        uploads, category=category, pin=place, contact=contact, idempotency_key=key, now=at + timedelta(minutes=5)
    )
    return list(received.observation_ids)


def a_detection(label: str, box_px: Box = (40, 40, 120, 120), score: float = 0.8) -> Detection:
    return Detection(label, score, box_px)


def building_work() -> FakeDetector:
    """A detector that sees two independent signs of work in every picture."""
    boxes = ((20.0, 60.0, 60.0, 120.0), (120.0, 40.0, 260.0, 200.0))
    return FakeDetector([a_detection(label, box) for label, box in zip(BUILDING_WORK, boxes, strict=True)])


def seen_from_camera(label: str, east_m: float, north_m: float, score: float = 0.9) -> Detection:
    """What the camera's detector would say of a thing whose front edge stands there."""
    width_m, height_m = SHAPES_M[label]
    left, bottom = to_frame(east_m - width_m / 2, north_m)
    right, _ = to_frame(east_m + width_m / 2, north_m)
    _, top = to_frame(east_m, north_m, height_m)
    return Detection(label, score, (left, top, right, bottom))


def in_view(*detections: Detection) -> list[Detection]:
    """Those that lie in the camera's frame."""
    width, height = FRAME_PX
    return [d for d in detections if min(d.box_px) >= 0 and d.box_px[2] <= width and d.box_px[3] <= height]


def standing(*things: tuple[str, float, float]) -> FakeDetector:
    """A detector that sees the same things in the same places in every frame."""
    return FakeDetector([seen_from_camera(*thing) for thing in things])


def a_clip(frames: int = 13, step_s: float = 30.0) -> bytes:
    """A clip of an empty street with the given pace; every clip has other pixels. 13 frames of 30 s are six minutes."""
    view = a_view(*FRAME_PX, seed=next(_numbers))
    return write_clip((number * step_s, view) for number in range(frames))


def a_still() -> bytes:
    """One frame of the camera as a photo."""
    return a_photo(pixels=a_view(*FRAME_PX, seed=next(_numbers)))


def an_uncalibrated_camera(name: str = "new-camera") -> Camera:
    """A camera that nobody has calibrated yet."""
    known = Camera.objects.get(name=CAMERA_NAME)
    return Camera.objects.create(city=known.city, name=name, title=name, point=known.point)


def a_camera_clip(data: bytes | None = None, *, at: datetime = AT, name: str = CAMERA_NAME) -> UUID:
    """An observation of a camera (default: the little city's), not begun."""
    camera = Camera.objects.select_related("city").get(name=name)
    return receive_frame(camera, data or a_clip(), captured_at=at.astimezone(UTC), now=at + timedelta(minutes=10))


def forget_register(register: str) -> None:
    """Take a register off the record, as if the city had never had it."""
    source = RegisterSource.objects.get(register=register)
    for child in (Parcel, Permit, SidewalkSegment, RegisterLoad):
        child.objects.filter(source=source).delete()
    source.delete()


class Staff(NamedTuple):
    """One person per role, in every unit of the city."""

    reviewer: Any
    inspector: Any
    leader: Any


def a_staff() -> Staff:
    """People of all units of the only city."""
    units = list(Unit.objects.select_related("city"))
    people = []
    for role in (Role.REVIEWER, Role.INSPECTOR, Role.LEADER):
        user, _ = get_user_model().objects.get_or_create(username=f"the-{role.value}")
        for unit in units:
            RoleAssignment.objects.get_or_create(
                user=user, unit=unit, city=unit.city, role=role.value, valid_from=date(2024, 1, 1)
            )
        people.append(user)
    return Staff(*people)


def another(role: Role) -> Any:
    """One more person of a role, in every unit."""
    user, _ = get_user_model().objects.get_or_create(username=f"another-{role.value}")
    for unit in Unit.objects.select_related("city"):
        RoleAssignment.objects.get_or_create(
            user=user, unit=unit, city=unit.city, role=role.value, valid_from=date(2024, 1, 1)
        )
    return user


ROOMS = ("geo", "intake", "detection", "rules", "cases", "tiles")


def read_rows() -> dict[str, str]:
    """What stands in every table of the rooms, as one hash each: equal before and after what must change nothing."""
    tables = [model._meta.db_table for room in ROOMS for model in apps.get_app_config(room).get_models()]
    with connection.cursor() as cursor:
        return {table: _hash_rows(cursor, table) for table in sorted(set(tables))}


def _hash_rows(cursor: Any, table: str) -> str:
    cursor.execute(f'SELECT count(*), md5(string_agg(row::text, chr(10) ORDER BY row::text)) FROM "{table}" row')
    rows, digest = cursor.fetchone()
    return f"{rows} rows {digest}"


def run_to_rest(observation_id: UUID, *, most: int = 30) -> Progress:
    """Run stage after stage here, as a worker would, until the pipeline rests; where it rests."""
    advance.start(observation_id)
    for _ in range(most):
        progress = Progress.objects.get(pk=observation_id)
        if progress.state in RESTING:
            return progress
        advance.run_and_advance(observation_id, progress.stage)
    raise AssertionError(f"{observation_id} never rests: {progress.stage} {progress.state}")


def run_until(observation_id: UUID, stage: str) -> None:
    """Run every stage before this one."""
    advance.start(observation_id)
    while (progress := Progress.objects.get(pk=observation_id)).stage != stage:
        if progress.state != ProgressState.QUEUED:
            raise AssertionError(f"rests at {progress.stage}: {progress.state} {progress.reason}")
        advance.run_and_advance(observation_id, progress.stage)
