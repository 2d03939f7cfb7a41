"""Checks the point pairs of a calibration before anything is fitted: InputError says in words what is wrong. Pure numpy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from errors import InputError

FloatArray = NDArray[np.float64]
Pairs = Sequence[Sequence[float]] | FloatArray

LEAST_PAIRS = 4
ADVISED_PAIRS = 6
_SAME_PX = 0.01
_SAME_M = 0.001
_THIN = 0.004  # width of a layout against its length
_CURE = "Choose points spread over the ground in view, near and far, left and right."


def read_pairs(pairs: Pairs) -> tuple[FloatArray, FloatArray]:
    """Pixels (n, 2) and local metres (n, 2) of (u_px, v_px, east_m, north_m); InputError for a layout that cannot be used."""
    try:
        table = np.array([[float(number) for number in pair] for pair in pairs], dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(
            "A pair is four numbers: u_px, v_px, east_m, north_m.", field="pairs_px_m", value=pairs
        ) from error
    if len(table) < LEAST_PAIRS:
        raise InputError(
            f"A calibration needs at least {LEAST_PAIRS} point pairs, {ADVISED_PAIRS} or more are better.",
            field="pairs_px_m",
            value=f"{len(table)} pairs",
            cure=_CURE,
        )
    if table.ndim != 2 or table.shape[1] != 4 or not np.isfinite(table).all():
        raise InputError("A pair is four finite numbers: u_px, v_px, east_m, north_m.", field="pairs_px_m")
    pixels, ground_m = table[:, :2], table[:, 2:]
    _refuse_doubles(pixels, _SAME_PX, "in the picture")
    _refuse_doubles(ground_m, _SAME_M, "on the ground")
    _refuse_lines(pixels, "in the picture")
    _refuse_lines(ground_m, "on the ground")
    return pixels, ground_m


def _refuse_doubles(points: FloatArray, nearer: float, where: str) -> None:
    distances = np.linalg.norm(points[:, None] - points[None], axis=2)
    first, second = np.nonzero(np.triu(distances < nearer, k=1))
    if len(first):
        raise InputError(
            f"Points {first[0] + 1} and {second[0] + 1} are the same {where}.",
            field="pairs_px_m",
            value=points[first[0]].tolist(),
            cure="Remove one of them or correct it.",
        )


def _refuse_lines(points: FloatArray, where: str) -> None:
    """All points on a line, or all but one: no view of a plane can be told from that."""
    if _is_line(points):
        raise InputError(f"The points lie on one line {where}.", field="pairs_px_m", cure=_CURE)
    for index in range(len(points)):
        if _is_line(np.delete(points, index, axis=0)):
            raise InputError(
                f"All points but number {index + 1} lie on one line {where}.", field="pairs_px_m", cure=_CURE
            )


def _is_line(points: FloatArray) -> bool:
    spread = np.linalg.svd(points - points.mean(axis=0), compute_uv=False)
    return bool(spread[1] < _THIN * spread[0])
