"""Earlier pictures of the same place and what was seen in them: a sign of work on two dates, a thing that is still there.

Only pictures that say when they were taken count, and never the same file sent again: an old picture proves nothing new.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from math import cos, hypot, radians
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import Polygon
from django.db.models import F
from django.db.models.functions import Coalesce

from detection.detections import Detection
from detection.models import DetectionRun
from detection.tracking import Track
from geo.crs import CitySystem
from geo.position import Position
from intake.queries import ObservationFacts
from rules.seen import summarise_seen
from rules.site_facts import OtherPicture

SAME_PLACE_M = 30.0
SAME_PLACE_DAYS = 90
_MOST = 30
_DEGREE_M = 111_000.0


def list_other_pictures(observation: ObservationFacts, system: CitySystem, timezone: str) -> tuple[OtherPicture, ...]:
    """Pictures of the last 90 days within 30 m, received before this one, newest first, 30 at most."""
    position = observation.position
    if position is None or observation.captured_at is None:
        return ()
    here = system.to_metric(position.lon, position.lat)
    found = []
    for run in _list_runs_near(observation, position):
        there = system.to_metric(run["place"].x, run["place"].y)
        distance_m = hypot(there[0] - here[0], there[1] - here[1])
        if distance_m <= SAME_PLACE_M:
            found.append(_read(run, distance_m, ZoneInfo(timezone)))
    return tuple(found)


def _list_runs_near(observation: ObservationFacts, position: Position) -> Iterable[Mapping[str, Any]]:
    north = SAME_PLACE_M / _DEGREE_M
    east = north / max(0.1, cos(radians(position.lat)))
    box = Polygon.from_bbox((position.lon - east, position.lat - north, position.lon + east, position.lat + north))
    box.srid = 4326
    return (
        DetectionRun.objects.annotate(
            place=Coalesce(
                "observation__pin_point", "observation__geotag__point", output_field=GeometryField(srid=4326)
            ),
            taken_at=Coalesce("observation__captured_at", "observation__geotag__captured_at"),
            received_at=F("observation__received_at"),
        )
        .filter(
            received_at__lt=observation.received_at,
            received_at__gte=observation.received_at - timedelta(days=SAME_PLACE_DAYS),
            taken_at__isnull=False,
            place__bboverlaps=box,
        )
        .exclude(observation_id=observation.id)
        .exclude(observation__media_id=observation.media_id)
        .order_by("-received_at")
        .values("observation_id", "place", "taken_at", "detections", "tracks")[:_MOST]
    )


def _read(run: Mapping[str, Any], distance_m: float, zone: ZoneInfo) -> OtherPicture:
    detections = [Detection.from_json(stored) for stored in run["detections"]]
    tracks = [Track.from_json(stored) for stored in run["tracks"]]
    return OtherPicture(
        observation_id=str(run["observation_id"]),
        at=run["taken_at"],
        local_on=run["taken_at"].astimezone(zone).date(),
        distance_m=distance_m,
        seen=summarise_seen(detections, tracks),
    )
