"""A tracked thing's foot points in the picture -> where it stands on the ground, with error, and how far it moved. Pure.

Called by stage 4. The foot point is the bottom centre of a box: the homography holds on the ground only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from errors import InputError, PlaceError

# A thing that is turned does not fill the box about it: its outline is drawn in at each side, and its corners are cut.
INSET_SHARE = 0.07  # of breadth and depth
CUT_SHARE = 0.25
_JITTER_SIGMAS = 4.0  # the largest of some dozens of windows
_LEAST_FOR_JITTER = 5  # samples
WINDOW_S = 60.0  # domain 5.5 point 2: displacement is judged over a sliding window of 60 s


DepthOf = Callable[[float], float]


class GroundMapping(Protocol):
    """What this file needs of ``geo.homography.Calibration``."""

    def to_ground(self, u_px: float, v_px: float) -> tuple[float, float, NDArray[np.float64]]:
        """East and north in local metres, and their covariance (2x2, m2)."""


@dataclass(frozen=True, slots=True)
class GroundPath:
    """Where a thing stood in local east-north metres. ``displacement_m``: the largest move within any 60 s window;
    ``jitter_m``: as much of it the unrest of the boxes alone may feign, a pixel being metres far from the camera.
    """

    east_m: float
    north_m: float
    covariance_m2: tuple[float, float, float]
    displacement_m: float
    jitter_m: float
    footprint_m: tuple[tuple[float, float], ...]


def locate_path(
    boxes_px: Sequence[tuple[float, float, float, float]],
    times_s: Sequence[float],
    mapping: GroundMapping,
    *,
    depth_of: DepthOf,
) -> GroundPath | None:
    """Ground path of one thing seen at ``times_s``; None when no foot point can be put on the ground (horizon).

    ``depth_of`` gives the depth away from the camera of such a thing by the breadth that is seen: a box shows its front only.
    """
    feet = [_ground(mapping, (box[0] + box[2]) / 2, box[3]) for box in boxes_px]
    kept = [(t, foot) for t, foot in zip(times_s, feet, strict=True) if foot is not None]
    if not kept:
        return None
    points = np.array([[foot[0], foot[1]] for _, foot in kept])
    middle = np.median(points, axis=0)
    nearest = int(np.argmin(np.hypot(*(points - middle).T)))
    covariance = kept[nearest][1][2]
    times = np.array([t for t, _ in kept])
    best_box = boxes_px[[i for i, foot in enumerate(feet) if foot is not None][nearest]]
    return GroundPath(
        east_m=float(middle[0]),
        north_m=float(middle[1]),
        covariance_m2=(float(covariance[0, 0]), float(covariance[0, 1]), float(covariance[1, 1])),
        displacement_m=largest_displacement(times, points),
        jitter_m=feigned_displacement(points),
        footprint_m=_footprint(best_box, mapping, depth_of),
    )


def largest_displacement(times_s: NDArray[np.float64], points_m: NDArray[np.float64]) -> float:
    """Largest distance between the medians of a window's halves; a window is 60 s, or three samples where fewer lie in it.

    Medians keep a jittering box from reading as a move. 0.0 for a single sample: nothing moved that was seen once.
    """
    if len(times_s) < 2:
        return 0.0
    largest = 0.0
    for first in range(len(times_s) - 1):
        last = int(np.searchsorted(times_s, times_s[first] + WINDOW_S, side="right"))
        last = min(len(times_s), max(last, first + 3))
        window = points_m[first:last]
        if len(window) < 2:
            continue
        half = len(window) // 2
        move = np.median(window[-half:], axis=0) - np.median(window[:half], axis=0)
        largest = max(largest, float(np.hypot(*move)))
    return largest


def feigned_displacement(points_m: NDArray[np.float64]) -> float:
    """As far as a standing thing with these unrestful boxes might seem to move by ``largest_displacement``, whose last windows
    hold single samples.

    The unrest of one sample is the robust spread of second differences, which a steady move does not enter. 0.0 where the
    samples are too few to tell.
    """
    if len(points_m) < _LEAST_FOR_JITTER:
        return 0.0
    bends = points_m[:-2] - 2 * points_m[1:-1] + points_m[2:]
    spread = 1.4826 * np.median(np.abs(bends - np.median(bends, axis=0)), axis=0) / np.sqrt(6)
    return float(_JITTER_SIGMAS * np.sqrt(2) * np.hypot(*spread))


def _ground(mapping: GroundMapping, u_px: float, v_px: float) -> tuple[float, float, NDArray[np.float64]] | None:
    """None where the ray does not meet the ground in front of the camera."""
    try:
        return mapping.to_ground(u_px, v_px)
    except (InputError, PlaceError):
        return None


def _footprint(
    box_px: tuple[float, float, float, float], mapping: GroundMapping, depth_of: DepthOf
) -> tuple[tuple[float, float], ...]:
    """Front edge on the ground, pushed away from the camera by the depth, corners cut: a closed ring of eight sides that begins
    with the near one, or empty near the horizon.
    """
    left, right = _ground(mapping, box_px[0], box_px[3]), _ground(mapping, box_px[2], box_px[3])
    up = _ground(mapping, (box_px[0] + box_px[2]) / 2, box_px[3] - max(1.0, 0.02 * (box_px[3] - box_px[1])))
    if left is None or right is None or up is None:
        return ()
    a, b, beyond = np.array(left[:2]), np.array(right[:2]), np.array(up[:2])
    away = beyond - (a + b) / 2
    length = float(np.hypot(*away))
    if length == 0.0:
        return ()
    push = away / length * depth_of(float(np.hypot(*(b - a))))
    a, b = a + INSET_SHARE * (b - a + push), b + INSET_SHARE * (a - b + push)
    push, along = (1 - 2 * INSET_SHARE) * push, b - a
    cut_p, cut_a = CUT_SHARE * push, CUT_SHARE * along
    c, d = b + push, a + push
    ring = [a + cut_a, b - cut_a, b + cut_p, c - cut_p, c - cut_a, d + cut_a, d - cut_p, a + cut_p, a + cut_a]
    return tuple((float(x), float(y)) for x, y in ring)
