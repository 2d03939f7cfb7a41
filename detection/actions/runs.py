"""A detection run and its sightings. One transaction each; a second run of the stage keeps the first answer."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.contrib.gis.geos import Point, Polygon
from django.db import transaction
from django.utils import timezone

from detection import detections as claims
from detection.analysis import Analysis
from detection.ground_sighting import GroundSighting
from detection.models import DetectionRun, Sighting
from errors import ConfigurationError

_WGS84 = 4326


@transaction.atomic
def record_run(observation_id: UUID, analysis: Analysis, *, hidden: dict[str, int]) -> DetectionRun:
    """Keep the raw answer about one observation, with all that is needed to look the same way again."""
    shown = analysis.frames[0]
    run, _ = DetectionRun.objects.get_or_create(
        observation_id=observation_id,
        defaults={
            "weights": [
                {"name": record.name, "sha256": record.sha256}
                | ({"scores": record.scores.version} if record.scores.version else {})
                for record in analysis.weights
            ],
            "layout": analysis.layout.to_json(),
            "thresholds": analysis.thresholds,
            "width_px": shown.width_px,
            "height_px": shown.height_px,
            "frames": len(analysis.frames),
            "frame_times_s": list(analysis.frame_times_s),
            "detections": claims.to_json(analysis.frames),
            "tracks": [track.to_json() for track in analysis.tracks],
            "hidden": hidden,
            "runtime": analysis.runtime,
            "duration_ms": analysis.duration_ms,
            "finished_at": timezone.now(),
        },
    )
    return run


@transaction.atomic
def record_sightings(observation_id: UUID, sightings: Iterable[GroundSighting]) -> int:
    """Keep where each thing stands; returns how many are new. A second run of the stage adds nothing."""
    run = DetectionRun.objects.only("id").get(observation_id=observation_id)
    known = set(Sighting.objects.filter(observation_id=observation_id).values_list("subject", flat=True))
    rows = [_sighting_row(observation_id, run, sighting) for sighting in sightings if sighting.subject not in known]
    Sighting.objects.bulk_create(rows)
    return len(rows)


def _sighting_row(observation_id: UUID, run: DetectionRun, sighting: GroundSighting) -> Sighting:
    position = sighting.position
    if position is None and not sighting.no_position_reason:
        raise ConfigurationError("A sighting has a position or the reason why not.", field="no_position_reason")
    return Sighting(
        observation_id=observation_id,
        run=run,
        subject=sighting.subject,
        label=sighting.label,
        score=sighting.score,
        detection_indexes=list(sighting.detection_indexes),
        point=None if position is None else Point(position.lon, position.lat, srid=_WGS84),
        accuracy_m=None if position is None else position.accuracy_m,
        covariance_m2=None if position is None or position.covariance_m2 is None else list(position.covariance_m2),
        method="" if position is None else position.method.value,
        footprint=Polygon(sighting.footprint, srid=_WGS84) if sighting.footprint else None,
        dwell_s=sighting.dwell_s,
        displacement_m=sighting.displacement_m,
        jitter_m=sighting.jitter_m,
        seen_share=sighting.seen_share,
        first_seen_s=sighting.first_seen_s,
        last_seen_s=sighting.last_seen_s,
        no_position_reason=sighting.no_position_reason,
    )
