"""Stage 2's write: what a file says of place, time and direction, read once."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.contrib.gis.geos import Point

from geo.position import PositionMethod
from intake import storage
from intake.actions.circumstances import clock_of
from intake.doubts import find_doubts
from intake.geotag import CaptureTimeSource, Geotag, NoGeotag, read_geotag
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


def _file_values(observation: Observation) -> dict[str, object]:
    request = observation.service_request
    clock = clock_of(request.city if request else None, observation.received_at)
    with storage.local_copy(observation.media.storage_name) as path, readable(path) as data:
        found = read_geotag(data, now=clock.now, timezone=clock.timezone, default_accuracy_m=clock.default_accuracy_m)
        doubts = find_doubts(observation, data, found)
    return _geotag_values(replace(found, hints=tuple(dict.fromkeys((*found.hints, *doubts)))))


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
