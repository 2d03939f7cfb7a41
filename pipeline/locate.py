"""Stage 4: from boxes in pixels to places on the ground, each with its error.

A calibrated camera places every tracked thing by its foot point. A hand-held picture places itself: its sighting is the
whole scene, at the photo's own position and error, of a moving clip at the place of the frame that shows most. Where its
file tells place, direction and lens, things of known height are sketched beside it as ellipses that no rule reads.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import numpy as np
from shapely.geometry import Point, Polygon

from detection.actions import record_sightings
from detection.ground_sighting import SCENE, GroundSighting, guess_depth_m
from detection.labels import LabelGroup, groups_of
from detection.queries import RunFacts, TrackFacts, get_run
from geo.crs import CitySystem
from geo.ground_path import GroundPath, locate_path
from geo.homography import Calibration
from geo.position import Position, PositionMethod
from geo.queries import get_metric_system
from intake.gpx_track import position_of_frame
from intake.queries import (
    CalibrationFacts,
    MediaFacts,
    ObservationFacts,
    find_calibration,
    get_media,
    get_observation,
)
from pipeline.rough_places import list_rough_sightings
from pipeline.stages import Outcome, StageOutcome

SAME_SHAPE = 0.02  # of the ratio of width to height: codecs cut odd rows
MIN_SEEN = 3  # a track of fewer frames is noise in a clip; a single frame has no tracks to speak of


def run(observation_id: UUID) -> StageOutcome:
    """Put what was seen on the ground, or say why it cannot be."""
    observation = get_observation(observation_id)
    detected = get_run(observation_id)
    if observation.camera_id is None:
        sightings = [_scene(observation, detected), *list_rough_sightings(observation, detected)]
    else:
        sightings = _locate_all(observation, detected)
    record_sightings(observation_id, sightings)
    placed = sum(1 for sighting in sightings if sighting.position is not None)
    return StageOutcome(Outcome.DONE, {"sightings": len(sightings), "placed": placed})


def _in_camera_pixels(detected: RunFacts, media: MediaFacts, found: CalibrationFacts) -> RunFacts | None:
    """The run in the pixels that the calibration speaks of: the size it states, else that of the file itself.

    Large pictures are shrunk before they are looked at or kept. None: this picture is of another shape, so another view.
    """
    stated = found.calibration.get("image_size_px")
    width, height = stated or (media.width_px or detected.width_px, media.height_px or detected.height_px)
    scale = float(width) / detected.width_px
    if abs(scale * detected.height_px / height - 1) > SAME_SHAPE:
        return None
    claims = tuple(
        replace(claim, box_px=(claim.box_px[0] * scale, claim.box_px[1] * scale, claim.box_px[2] * scale,
                               claim.box_px[3] * scale))
        for claim in detected.detections
    )  # fmt: skip
    return replace(detected, detections=claims, width_px=int(width), height_px=int(height))


def _scene(observation: ObservationFacts, detected: RunFacts) -> GroundSighting:
    """The hand-held picture itself; dwell is the longest track's, known for clips only."""
    best = max(detected.detections, key=lambda seen: seen.score, default=None)
    longest = max((track.last_s - track.first_s for track in detected.tracks), default=None)
    return GroundSighting(
        subject=SCENE,
        label=best.label if best else "",
        score=best.score if best else 0.0,
        detection_indexes=tuple(range(len(detected.detections))),
        position=_own_place(observation, best.frame_s if best else None),
        dwell_s=longest,
        no_position_reason="" if observation.position else observation.no_position_reason,
    )


def _own_place(observation: ObservationFacts, frame_s: float | None) -> Position | None:
    """Where the picture was taken: of a moving clip at the frame that shows the surest thing; a sender's pin stands."""
    if observation.pin is not None or frame_s is None:
        return observation.position
    return position_of_frame(observation.track, frame_s) or observation.position


def _locate_all(observation: ObservationFacts, detected: RunFacts) -> list[GroundSighting]:
    at = observation.captured_at or observation.received_at
    found = find_calibration(observation.camera_id, at) if observation.camera_id is not None else None
    needed = MIN_SEEN if detected.frames >= MIN_SEEN else 1
    tracks = [track for track in detected.tracks if len(track.indexes) >= needed]
    if found is None:
        return [_unplaced(track, detected, "no_calibration") for track in tracks]
    scaled = _in_camera_pixels(detected, get_media(observation.media_id), found)
    if scaled is None:
        return [_unplaced(track, detected, "other_view") for track in tracks]
    system = get_metric_system(found.anchor_lon, found.anchor_lat)
    calibration = Calibration.from_json(found.calibration)
    return [
        _unplaced(track, scaled, reason)
        if (reason := _no_place(track, scaled, found))
        else _locate_one(track, scaled, found, calibration, system)
        for track in tracks
    ]


def _no_place(track: TrackFacts, detected: RunFacts, found: CalibrationFacts) -> str:
    """Why a thing cannot be put on the ground; empty where it can. A sign hangs: under its box there is no foot."""
    if LabelGroup.SIGN in groups_of(track.label):
        return "above_ground"
    return "" if _is_in_region(track, detected, found) else "outside_region"


def _is_in_region(track: TrackFacts, detected: RunFacts, found: CalibrationFacts) -> bool:
    """Whether the thing mostly stands in the part of the frame that the calibration was made for."""
    region = found.calibration.get("region_px")
    if not region:
        return True
    area = Polygon(region)
    inside = [area.covers(Point(detected.detections[index].bottom_centre_px)) for index in track.indexes]
    return inside.count(True) * 2 >= len(inside)


def _locate_one(
    track: TrackFacts, detected: RunFacts, found: CalibrationFacts, calibration: Calibration, system: CitySystem
) -> GroundSighting:
    seen = [detected.detections[index] for index in track.indexes]
    path = locate_path(
        [detection.box_px for detection in seen],
        [detection.frame_s or 0.0 for detection in seen],
        calibration,
        depth_of=lambda breadth_m: guess_depth_m(track.label, breadth_m)[0],
    )
    if path is None:
        return _unplaced(track, detected, "above_horizon")
    east_m, north_m = system.to_metric(found.anchor_lon, found.anchor_lat)
    lon, lat = system.to_lonlat(east_m + path.east_m, north_m + path.north_m)
    ring = tuple(system.to_lonlat(east_m + x, north_m + y) for x, y in path.footprint_m)
    return _sighting(track, detected, _position(lon, lat, path), ring, (path.displacement_m, path.jitter_m))


def _position(lon: float, lat: float, path: GroundPath) -> Position:
    """Accuracy is the larger half axis of the error ellipse at one sigma."""
    ee, en, nn = path.covariance_m2
    largest = float(np.linalg.eigvalsh(np.array([[ee, en], [en, nn]]))[-1])
    return Position(lon, lat, max(largest, 1e-6) ** 0.5, PositionMethod.CAMERA_HOMOGRAPHY, path.covariance_m2)


def _unplaced(track: TrackFacts, detected: RunFacts, reason: str) -> GroundSighting:
    return _sighting(track, detected, None, (), (None, None), reason=reason)


def _sighting(
    track: TrackFacts,
    detected: RunFacts,
    position: Position | None,
    ring: tuple[tuple[float, float], ...],
    moved_m: tuple[float | None, float | None],
    *,
    reason: str = "",
) -> GroundSighting:
    is_clip = detected.frames > 1
    return GroundSighting(
        subject=f"track:{track.track}",
        label=track.label,
        score=max(detected.detections[index].score for index in track.indexes),
        detection_indexes=track.indexes,
        position=position,
        footprint=ring,
        dwell_s=track.last_s - track.first_s if is_clip else None,
        displacement_m=moved_m[0] if is_clip else None,
        jitter_m=moved_m[1] if is_clip else None,
        seen_share=track.seen_share if is_clip else None,
        first_seen_s=track.first_s,
        last_seen_s=track.last_s,
        no_position_reason=reason,
    )
