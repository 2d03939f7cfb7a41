"""The layout by which a camera's frames are looked at, from its calibration: how large the smallest thing is that matters. Pure.

Things farther away than the ground error allows prove nothing, so that they need not be seen: only ground is counted whose error
stays below ``useful_error_m``. A person of 1.6 m, or a motorbike with its rider, is the smallest thing that a rule reads.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from detection.layout import ALL_OF_IT, MOST_COST, WHOLE, ChosenLayout, Eighths, choose_layout
from errors import PlaceError
from geo.homography import Calibration

SMALLEST_HEIGHT_M = 1.5
USEFUL_ERROR_M = 2.0
_COLUMNS, _ROWS = 12, 16
_STEP_M = 0.25
_FAR_SHARE = 10.0  # per cent of the useful ground that may show things smaller still
_FINE_COLUMNS, _FINE_ROWS = 33, 37
_ASIDE_M, _ABOVE_M, _BELOW_M = 1.0, 2.0, 0.3  # how far a thing with its rider reaches beyond the middle of its foot
_MEASURED = 24  # places whose scale is worked out


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
    part: Eighths = ALL_OF_IT,
) -> ChosenLayout:
    """The cheapest layout that shows the camera's smallest thing; the usual look where no ground is useful anyway.

    ``size_px`` is what the calibration speaks of, ``shown_px`` the frames that are looked at, closely in ``part`` of them.
    """
    smallest = smallest_seen_px(calibration, size_px)
    if smallest is None:
        return ChosenLayout(WHOLE, 0.0, 1.0, is_enough=False)
    seen = smallest * shown_px[0] / size_px[0]
    return choose_layout(*shown_px, seen, usual_px=usual_px, most_cost=most_cost, part=part)


def part_that_matters(
    calibration: Calibration, size_px: tuple[int, int], matters: Callable[[tuple[float, float]], bool]
) -> Eighths | None:
    """The part of a view in which things stand whose foot (metres of the calibration) matters; None where none does.

    Rounded outwards, and wide enough for a motorbike with its rider; what is larger shows in the look at the whole.
    """
    width, height = size_px
    u, v = np.meshgrid(np.linspace(0, width - 1, _FINE_COLUMNS), np.linspace(0, height - 1, _FINE_ROWS))
    pixels = np.column_stack([u.ravel(), v.ravel()])
    ground, is_ground = calibration.to_ground_all(pixels)
    wanted = [bool(ok) and matters((float(e), float(n))) for ok, (e, n) in zip(is_ground, ground, strict=True)]
    feet = pixels[np.array(wanted, dtype=bool)]
    if not len(feet):
        return None
    left, top, right, bottom = _reach(calibration, feet)
    step_u, step_v = width / (_FINE_COLUMNS - 1), height / (_FINE_ROWS - 1)
    return (
        max(0, floor(8 * (left - step_u) / width)),
        max(0, floor(8 * (top - step_v) / height)),
        min(8, ceil(8 * (right + step_u) / width)),
        min(8, ceil(8 * (bottom + step_v) / height)),
    )


def _reach(calibration: Calibration, feet: NDArray[np.float64]) -> tuple[float, float, float, float]:
    """The pixels (left, top, right, bottom) that things with these feet take up."""
    (left, top), (right, bottom) = feet.min(axis=0).tolist(), feet.max(axis=0).tolist()
    corners = [feet[index] for axis in (0, 1) for index in (feet[:, axis].argmin(), feet[:, axis].argmax())]
    for u, v in [*corners, *feet[:: max(1, len(feet) // _MEASURED)]]:
        scale = _across_px_per_m(calibration, float(u), float(v)) or 0.0
        left, right = min(left, u - _ASIDE_M * scale), max(right, u + _ASIDE_M * scale)
        top, bottom = min(top, v - _ABOVE_M * scale), max(bottom, v + _BELOW_M * scale)
    return left, top, right, bottom


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
