"""Stage 2's write: what a file says of place, time and direction, read once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.contrib.gis.geos import Point

from errors import Conflict
from geo.position import PositionMethod
from intake import storage
from intake.actions.circumstances import clock_of
from intake.doubts import find_doubts
from intake.geotag import CaptureTimeSource, Geotag, NoGeotag, TimedPosition, read_geotag
from intake.gpx_track import GpxTrack, place_by_track
from intake.models import Camera, Observation
from intake.models import Geotag as GeotagRecord
from intake.uploads import readable


def record_geotag(observation_id: UUID) -> GeotagRecord:
    """Stage 2: read place, time and direction out of the file once; a second call gives the same row."""
    known = GeotagRecord.objects.filter(observation_id=observation_id).first()
    if known is not None:
        return known
    observation = Observation.objects.select_related("media", "camera__city", "service_request__city").get(
        pk=observation_id
    )
    values = (
        _camera_values(observation, observation.camera) if observation.camera is not None else _file_values(observation)
    )
    record, _ = GeotagRecord.objects.get_or_create(observation=observation, defaults=values)
    return record


def record_tracked_geotag(
    observation_id: UUID, track: GpxTrack, *, clock_offset_s: float = 0.0, captured_at: datetime | None = None
) -> tuple[GeotagRecord, tuple[TimedPosition, ...]]:
    """In place of stage 2: the place by a recorded track; of a clip also one for each second. InputError as ``place_by_track``.

    ``captured_at`` is the first frame's moment by the camera's clock, where the file does not tell it. Nothing is written over.
    """
    observation = Observation.objects.select_related("media", "service_request__city").get(pk=observation_id)
    found, doubts = _read_file(observation)
    if captured_at is not None:
        found = replace(found, captured_at=captured_at)
    placed = place_by_track(found, track, clock_offset_s=clock_offset_s, duration_s=observation.media.duration_s)
    values = _geotag_values(replace(placed, hints=tuple(dict.fromkeys((*placed.hints, *doubts)))))
    record, is_new = GeotagRecord.objects.get_or_create(observation=observation, defaults=values)
    if not is_new and record.method != PositionMethod.GPX_TRACK.value:
        raise Conflict("This picture was placed before.", field="observation", value=observation_id)
    return record, placed.track


def _file_values(observation: Observation) -> dict[str, object]:
    found, doubts = _read_file(observation)
    return _geotag_values(replace(found, hints=tuple(dict.fromkeys((*found.hints, *doubts)))))


def _read_file(observation: Observation) -> tuple[Geotag | NoGeotag, Sequence[str]]:
    """What the file says, and what is doubtful about it."""
    request = observation.service_request
    clock = clock_of(request.city if request else None, observation.received_at)
    with storage.local_copy(observation.media.storage_name) as path, readable(path) as data:
        found = read_geotag(data, now=clock.now, timezone=clock.timezone, default_accuracy_m=clock.default_accuracy_m)
        return found, tuple(find_doubts(observation, data, found))


def _geotag_values(found: Geotag | NoGeotag) -> dict[str, object]:
    position, bearing = found.position, found.bearing
    return {
        "point": Point(position.lon, position.lat, srid=4326) if position else None,
        "accuracy_m": position.accuracy_m if position else None,
        "method": position.method.value if position else "",
        "altitude_m": found.altitude_m,
        "bearing_deg": bearing.bearing_deg if bearing else None,
        "bearing_reference": bearing.reference.value if bearing else "",
        "captured_at": found.captured_at,
        "captured_at_source": found.captured_at_source.value if found.captured_at_source else "",
        "no_position_reason": found.reason.value if isinstance(found, NoGeotag) else "",
        "hints": list(found.hints),
        "track": [
            [round(place.t_s, 3), place.position.lon, place.position.lat, round(place.position.accuracy_m, 2)]
            for place in found.track
        ],
    }


def _camera_values(observation: Observation, camera: Camera) -> dict[str, object]:
    """A fixed camera is where it was mounted, whatever its files say."""
    return {
        "point": camera.point,
        "accuracy_m": camera.point_accuracy_m,
        "method": PositionMethod.CAMERA_SITE.value,
        "captured_at": observation.captured_at,
        "captured_at_source": CaptureTimeSource.FIXED_CAMERA.value if observation.captured_at else "",
    }
