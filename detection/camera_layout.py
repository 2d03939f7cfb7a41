"""The layout by which a camera's frames are looked at, from its calibration: how large the smallest thing is that matters. Pure.

Things farther away than the ground error allows prove nothing, so that they need not be seen: only ground is counted whose error
stays below ``useful_error_m``. A person of 1.6 m, or a motorbike with its rider, is the smallest thing that a rule reads.
"""

from __future__ import annotations

import numpy as np

from detection.layout import MOST_COST, WHOLE, ChosenLayout, choose_layout
from errors import PlaceError
from geo.homography import Calibration

SMALLEST_HEIGHT_M = 1.5
USEFUL_ERROR_M = 2.0
_COLUMNS, _ROWS = 12, 16
_STEP_M = 0.25
_FAR_SHARE = 10.0  # per cent of the useful ground that may show things smaller still


def smallest_seen_px(
    calibration: Calibration,
    size_px: tuple[int, int],
    *,
    height_m: float = SMALLEST_HEIGHT_M,
    useful_error_m: float = USEFUL_ERROR_M,
) -> float | None:
    """Height in pixels of the smallest thing on the far end of the useful ground; None where no ground is useful.

    A standing thing is taken to be as many pixels high as a bar of its height would be long that lies across the view: true for a
    camera that looks along the street, an upper bound for one that looks straight down.
    """
    width, height = size_px
    scales = []
    for v in np.linspace(0, height - 1, _ROWS):
        for u in np.linspace(0, width - 1, _COLUMNS):
            if calibration.error_m(float(u), float(v)) <= useful_error_m:
                scales.append(_across_px_per_m(calibration, float(u), float(v)))
    known = [scale for scale in scales if scale is not None]
    return float(np.percentile(known, _FAR_SHARE)) * height_m if known else None


def choose_camera_layout(
    calibration: Calibration,
    size_px: tuple[int, int],
    shown_px: tuple[int, int],
    *,
    usual_px: int = 640,
    most_cost: float = MOST_COST,
) -> ChosenLayout:
    """The cheapest layout that shows the camera's smallest thing; the usual look where no ground is useful anyway.

    ``size_px`` is what the calibration speaks of, ``shown_px`` the frames that are looked at.
    """
    smallest = smallest_seen_px(calibration, size_px)
    if smallest is None:
        return ChosenLayout(WHOLE, 0.0, 1.0, is_enough=False)
    seen = smallest * shown_px[0] / size_px[0]
    return choose_layout(*shown_px, seen, usual_px=usual_px, most_cost=most_cost)


def _across_px_per_m(calibration: Calibration, u_px: float, v_px: float) -> float | None:
    """Pixels of a metre that lies across the view at a pixel: the longest that a metre on the ground gets there."""
    try:
        east, north, _ = calibration.to_ground(u_px, v_px)
        along_east = np.subtract(
            calibration.to_image(east + _STEP_M, north), calibration.to_image(east - _STEP_M, north)
        )
        along_north = np.subtract(
            calibration.to_image(east, north + _STEP_M), calibration.to_image(east, north - _STEP_M)
        )
    except PlaceError:
        return None
    jacobian = np.column_stack([along_east, along_north]) / (2 * _STEP_M)
    return float(np.linalg.svd(jacobian, compute_uv=False)[0])
