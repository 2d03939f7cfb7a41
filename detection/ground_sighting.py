"""A detected thing put on the ground, as stage 4 hands it to ``detection.actions.record_sightings``. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, exp, pi, sin, sqrt

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
    jitter_m: float | None = None
    seen_share: float | None = None
    first_seen_s: float | None = None
    last_seen_s: float | None = None
    no_position_reason: str = ""


# Usual length and breadth of a thing on the ground, in metres. Cars by the design vehicle of TCVN 4054 (4.9 x 1.8 m).
SIZES_M = {
    "bicycle": (1.8, 0.5), "motorcycle": (1.9, 0.75), "car": (4.5, 1.8), "bus": (10.0, 2.5), "truck": (6.5, 2.3),
    "train": (10.0, 2.8), "chair": (0.5, 0.5), "dining table": (1.0, 0.8), "bench": (1.4, 0.5), "umbrella": (1.5, 1.5),
    "potted plant": (0.45, 0.45), "refrigerator": (0.7, 0.7), "couch": (1.8, 0.9), "bed": (2.0, 1.5),
    "person": (0.5, 0.4), "worker": (0.5, 0.4), "suitcase": (0.5, 0.3), "site machinery": (5.0, 2.2),
    "site vehicle": (5.5, 2.2), "traffic cone": (0.35, 0.35),
}  # fmt: skip
OTHER_SIZE_M = (0.6, 0.4)
_TURNS = tuple(pi / 2 * (n + 0.5) / 24 for n in range(24))
_BREADTH_SPREAD = (0.10, 0.06)  # of the length, and metres: how well a box tells what breadth is seen
_SIZE_SPREAD = 0.08  # of the length: things of one kind differ


def guess_depth_m(label: str, seen_breadth_m: float) -> tuple[float, float]:
    """Depth away from the camera of a thing of this breadth across the line of sight, and its one-sigma error, in metres.

    A thing of known length and breadth is turned somehow; how it is turned shows in the breadth that is seen.
    """
    length, breadth = SIZES_M.get(label, OTHER_SIZE_M)
    spread = _BREADTH_SPREAD[0] * length + _BREADTH_SPREAD[1]
    weighed = [
        (exp(-0.5 * ((seen_breadth_m - length * cos(t) - breadth * sin(t)) / spread) ** 2) + 1e-6,
         length * sin(t) + breadth * cos(t))
        for t in _TURNS
    ]  # fmt: skip
    total = sum(weight for weight, _ in weighed)
    mean = sum(weight * depth for weight, depth in weighed) / total
    variance = sum(weight * (depth - mean) ** 2 for weight, depth in weighed) / total
    return mean, sqrt(variance + (_SIZE_SPREAD * length) ** 2)
