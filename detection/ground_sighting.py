"""A detected thing put on the ground, as stage 4 hands it to ``detection.actions.record_sightings``. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from geo.position import Position

SCENE = "scene"  # subject of a hand-held picture: the things in it are not placed one by one


@dataclass(frozen=True, slots=True)
class GroundSighting:
    """One thing (``track:3``, ``detection:0``) or the whole hand-held picture (``scene``).

    ``position`` is where the thing's foot stands, or the photo's own position for a scene; None with the reason why.
    ``footprint`` is a closed ring of lon, lat. ``dwell_s`` None: not known, as for a single picture.
    """

    subject: str
    label: str
    score: float
    detection_indexes: tuple[int, ...]
    position: Position | None
    footprint: tuple[tuple[float, float], ...] = ()
    dwell_s: float | None = None
    displacement_m: float | None = None
    seen_share: float | None = None
    first_seen_s: float | None = None
    last_seen_s: float | None = None
    no_position_reason: str = ""


# Usual depth, in metres, of a thing seen from its front or side: half-way between its length and its breadth.
# Cars by the design vehicle of TCVN 4054 (4.9 x 1.8 m), motorbikes about 1.9 x 0.75 m.
TYPICAL_DEPTH_M = {
    "bicycle": 1.0, "motorcycle": 1.2, "car": 2.4, "bus": 4.0, "truck": 3.5, "train": 4.0,
    "chair": 0.5, "dining table": 0.9, "bench": 0.6, "umbrella": 1.5, "potted plant": 0.4, "refrigerator": 0.7,
    "couch": 0.9, "bed": 1.6, "person": 0.4, "worker": 0.4, "suitcase": 0.4,
    "site machinery": 3.0, "site vehicle": 3.0, "traffic cone": 0.4,
}  # fmt: skip
OTHER_DEPTH_M = 0.5


def typical_depth_m(label: str) -> float:
    """Usual depth of a labelled thing away from the camera, in metres."""
    return TYPICAL_DEPTH_M.get(label, OTHER_DEPTH_M)
