"""The pictures, reports and flags of a generated year as they arrive, before anybody has looked at them. Everything says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import cos, radians
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.gis.geos import Point
from numpy.random import Generator

from geo.box import METRES_PER_DEG
from geo.models import City
from intake.kinds import RequestStatus as R
from intake.models import Camera, MediaFile, Observation, ServiceRequest, ServiceRequestEvent
from pipeline.models import Progress
from pipeline.year.draw import Arrival, Spot
from rules.models import Flag, FlagEvent

LABEL = "simulate_year"
PIN_ACCURACY_M = 6.0
# Two people at one spot stand at most twice this far apart: within reach of each other (cases.joining), whatever the camera says.
BESIDE_M = 5.5


@dataclass(slots=True)
class Arrived:
    """Unsaved rows, reports and flags by the index of their arrival."""

    cameras: dict[int, Camera] = field(default_factory=dict)
    media: list[MediaFile] = field(default_factory=list)
    observations: dict[int, Observation] = field(default_factory=dict)
    requests: dict[int, ServiceRequest] = field(default_factory=dict)
    flags: dict[int, Flag] = field(default_factory=dict)

    def rows(self) -> list[tuple[type[Any], list[Any]]]:
        """All of them in the order in which they can be written."""
        progress = [
            Progress(
                observation=seen, stage="publish", last_finished="publish", state="finished", updated_at=seen.received_at,
                reason=LABEL,
            )
            for seen in self.observations.values()
        ]  # fmt: skip
        sent = [
            ServiceRequestEvent(
                service_request=request, at=request.submitted_at, actor="citizen", to_status=R.SUBMITTED.value
            )
            for request in self.requests.values()
        ]
        found = [
            FlagEvent(flag=flag, at=flag.created_at, actor="system", to_state="new") for flag in self.flags.values()
        ]
        return [
            (Camera, list(self.cameras.values())), (ServiceRequest, list(self.requests.values())),
            (ServiceRequestEvent, sent), (MediaFile, self.media), (Observation, list(self.observations.values())),
            (Progress, progress), (Flag, list(self.flags.values())), (FlagEvent, found),
        ]  # fmt: skip


def draw_arrived(
    dice: Generator, city: City, spots: Sequence[Spot], arrivals: Sequence[Arrival], *, seed: int
) -> Arrived:
    """A picture for each arrival, with its report or camera, and its flag where it has one."""
    arrived, zone = Arrived(cameras=_make_cameras(city, spots, arrivals, seed)), ZoneInfo(city.timezone)
    for index, arrival in enumerate(arrivals):
        spot = spots[arrival.spot]
        point = _draw_place(dice, spot)
        request = None
        if arrival.is_report:
            request = arrived.requests[index] = ServiceRequest(
                code=f"SIM-{arrival.at.astimezone(zone):%y%m}-{index:06d}", city=city, category=spot.use,
                description="(mô phỏng)", channel=LABEL[:16], submitted_at=arrival.at,
                handle=f"s{seed % 1000:03d}{index:08d}",
            )  # fmt: skip
        picture = MediaFile(
            id=_draw_id(dice), sha256=dice.bytes(32).hex(), byte_size=1, kind="photo", content_type="image/jpeg",
            storage_name=f"{LABEL}/none", received_at=arrival.at,
        )  # fmt: skip
        seen = Observation(
            id=_draw_id(dice), source="citizen" if request else "camera", service_request=request,
            camera=None if request else arrived.cameras[arrival.spot], media=picture, category=spot.use,
            received_at=arrival.at, captured_at=arrival.at, pin_point=point if request else None,
            pin_accuracy_m=PIN_ACCURACY_M if request else None,
        )  # fmt: skip
        arrived.media.append(picture)
        arrived.observations[index] = seen
        if arrival.has_flag:
            arrived.flags[index] = _draw_flag(dice, city, spot, seen, point, seed)
    return arrived


def _draw_flag(dice: Generator, city: City, spot: Spot, seen: Observation, point: Point, seed: int) -> Flag:
    return Flag(
        id=_draw_id(dice), city=city, observation=seen,
        rule_code="construction_permit" if spot.use == "construction" else "sidewalk_encroachment", use=spot.use,
        verdict="flagged" if dice.random() < 0.8 else "undetermined", reasons=[], missing=[], citation={}, facts={},
        versions={"generated": LABEL, "seed": seed}, priority=int(dice.integers(5, 95)), point=point,
        accuracy_m=round(float(dice.uniform(0.2, 6)), 2), unit_code=spot.ward_code, seen_at=seen.received_at,
        created_at=seen.received_at,
    )  # fmt: skip


def _make_cameras(city: City, spots: Sequence[Spot], arrivals: Sequence[Arrival], seed: int) -> dict[int, Camera]:
    return {
        number: Camera(
            city=city, name=f"{LABEL}-{seed}-{number}", title="(mô phỏng)", is_generated=True,
            point=Point(spots[number].lon, spots[number].lat, srid=4326), is_active=False,
        )
        for number in sorted({arrival.spot for arrival in arrivals if not arrival.is_report})
    }  # fmt: skip


def _draw_place(dice: Generator, spot: Spot) -> Point:
    """Some metres beside the spot: no two people stand at the same place."""
    away, turn = BESIDE_M * float(dice.random()) ** 0.5, complex(*dice.normal(0, 1, 2))
    step = away / METRES_PER_DEG * turn / abs(turn)
    return Point(spot.lon + step.real / cos(radians(spot.lat)), spot.lat + step.imag, srid=4326)


def _draw_id(dice: Generator) -> UUID:
    return UUID(bytes=dice.bytes(16), version=4)
