"""Roughly where a thing in a hand-held photo stands: bearing and distance from the phone, always as an ellipse. Pure.

The distance comes from how high a thing of known height looks; the direction from the phone's compass, which errs by ten
degrees and more. So the answer is for a person who looks for the thing, never for a rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, radians, sin, sqrt
from types import MappingProxyType

import numpy as np

# Usual heights in metres and their spread: adults sit, stoop and stand; vehicles by their kind.
HEIGHTS_M: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "person": (1.6, 0.2), "worker": (1.65, 0.2), "bicycle": (1.05, 0.12), "motorcycle": (1.1, 0.12),
        "car": (1.5, 0.15), "truck": (2.7, 0.6), "bus": (3.0, 0.3), "chair": (0.85, 0.15),
        "dining table": (0.75, 0.1), "refrigerator": (1.5, 0.35), "traffic cone": (0.7, 0.15),
    }
)  # fmt: skip
COMPASS_SIGMA_DEG = 12.0
UNKNOWN_NORTH_SIGMA_DEG = 15.0
FOCAL_SHARE, BOX_SHARE = 0.06, 0.05
DIAGONAL_35_MM = 43.27
MOST_RANGE_M = 60.0
LEAST_BOX_PX = 20.0


@dataclass(frozen=True, slots=True)
class RoughPlace:
    """Metres east and north of the phone, with the covariance (ee, en, nn) of the thing's own place in m2."""

    east_m: float
    north_m: float
    range_m: float
    bearing_deg: float
    covariance_m2: tuple[float, float, float]

    @property
    def accuracy_m(self) -> float:
        """Larger half axis at one sigma."""
        ee, en, nn = self.covariance_m2
        return sqrt(max(0.0, (ee + nn) / 2 + hypot((ee - nn) / 2, en)))


def focal_px(focal_35mm: float, width_px: int, height_px: int) -> float:
    """Focal length in pixels from its 35-mm equivalent, which is defined by the diagonal."""
    return focal_35mm / DIAGONAL_35_MM * hypot(width_px, height_px)


def place_roughly(
    box_px: tuple[float, float, float, float],
    label: str,
    *,
    focal: float,
    width_px: int,
    view_bearing_deg: float,
    bearing_sigma_deg: float,
    phone_covariance_m2: tuple[float, float, float],
) -> RoughPlace | None:
    """The thing's place from its box in a level photo; None for kinds without a usual height, and for what is too far."""
    known = HEIGHTS_M.get(label)
    height_px = box_px[3] - box_px[1]
    if known is None or height_px < LEAST_BOX_PX or focal <= 0:
        return None
    height_m, spread_m = known
    range_m = focal * height_m / height_px
    if range_m > MOST_RANGE_M:
        return None
    bearing = view_bearing_deg + degrees(atan2((box_px[0] + box_px[2]) / 2 - width_px / 2, focal))
    along = range_m * sqrt((spread_m / height_m) ** 2 + FOCAL_SHARE**2 + BOX_SHARE**2)
    across = range_m * radians(bearing_sigma_deg)
    ahead = np.array([sin(radians(bearing)), cos(radians(bearing))])
    aside = np.array([ahead[1], -ahead[0]])
    ee, en, nn = phone_covariance_m2
    spread = np.array([[ee, en], [en, nn]]) + along**2 * np.outer(ahead, ahead) + across**2 * np.outer(aside, aside)
    east, north = range_m * ahead
    return RoughPlace(
        float(east),
        float(north),
        range_m,
        bearing % 360,
        (float(spread[0, 0]), float(spread[0, 1]), float(spread[1, 1])),
    )
