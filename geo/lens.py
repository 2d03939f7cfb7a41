"""A camera's lens: straightens pixels before anything is measured in them, and bends them back. Pure numpy.

The model is the one of Brown and Conrady as OpenCV writes it: K holds focal lengths and principal point in pixels, D
the coefficients k1, k2, p1, p2, k3 (trailing ones may be missing).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from errors import InputError, PlaceError

FloatArray = NDArray[np.float64]
_ROUNDS = 60
_AGREES_TO = 1e-9  # in units of the focal length


@dataclass(frozen=True, slots=True)
class Lens:
    """Intrinsics of a lens. ``coefficients`` are k1, k2, p1, p2, k3."""

    focal_px: tuple[float, float]
    principal_px: tuple[float, float]
    coefficients: tuple[float, float, float, float, float] = (0.0, 0.0, 0.0, 0.0, 0.0)

    def __post_init__(self) -> None:
        numbers = (*self.focal_px, *self.principal_px, *self.coefficients)
        if not all(isfinite(number) for number in numbers) or min(self.focal_px) <= 0:
            raise InputError("A lens has finite numbers and focal lengths above 0.", field="lens", value=numbers)

    def straighten(self, pixels: FloatArray) -> FloatArray:
        """Pixels (n, 2) as a lens without distortion would give them; PlaceError where the lens model breaks down."""
        bent = self._normalise(pixels)
        straight = bent.copy()
        for _ in range(_ROUNDS):
            radial, shift = self._distortion(straight)
            with np.errstate(all="ignore"):
                closer = (bent - shift) / radial[:, None]
            if np.allclose(closer, straight, rtol=0, atol=_AGREES_TO):
                return self._denormalise(closer)
            straight = closer
        raise PlaceError(
            "The lens coefficients do not hold at this pixel.",
            field="pixel",
            value=pixels[:1].tolist(),
            cure="Calibrate the lens again.",
        )

    def bend(self, pixels: FloatArray) -> FloatArray:
        """The inverse: straight pixels as this lens shows them."""
        straight = self._normalise(pixels)
        radial, shift = self._distortion(straight)
        return self._denormalise(straight * radial[:, None] + shift)

    def _distortion(self, points: FloatArray) -> tuple[FloatArray, FloatArray]:
        k1, k2, p1, p2, k3 = self.coefficients
        x, y = points[:, 0], points[:, 1]
        r2 = x * x + y * y
        radial = 1 + r2 * (k1 + r2 * (k2 + r2 * k3))
        shift = np.column_stack([2 * p1 * x * y + p2 * (r2 + 2 * x * x), p1 * (r2 + 2 * y * y) + 2 * p2 * x * y])
        return radial, shift

    def _normalise(self, pixels: FloatArray) -> FloatArray:
        straight: FloatArray = (np.asarray(pixels, dtype=np.float64) - np.array(self.principal_px)) / np.array(
            self.focal_px
        )
        return straight

    def _denormalise(self, points: FloatArray) -> FloatArray:
        return np.asarray(points * np.array(self.focal_px) + np.array(self.principal_px))


def parse_lens(matrix: Sequence[Sequence[float]] | FloatArray, coefficients: Sequence[float] | FloatArray) -> Lens:
    """A lens from OpenCV's K (3x3) and D (up to 5 numbers); InputError when they are not of that form."""
    k = np.asarray(matrix, dtype=np.float64)
    d = np.asarray(coefficients, dtype=np.float64).ravel()
    if k.shape != (3, 3) or len(d) > 5 or abs(k[0, 1]) > 1e-6 * abs(k[0, 0]):
        raise InputError("K is 3x3 without skew and D holds at most 5 numbers.", field="lens", value=k.tolist())
    padded = np.zeros(5)
    padded[: len(d)] = d
    return Lens(
        (float(k[0, 0]), float(k[1, 1])),
        (float(k[0, 2]), float(k[1, 2])),
        (float(padded[0]), float(padded[1]), float(padded[2]), float(padded[3]), float(padded[4])),
    )


def lens_to_json(lens: Lens) -> dict[str, Any]:
    """For the calibration's record."""
    return {"focal_px": lens.focal_px, "principal_px": lens.principal_px, "coefficients": lens.coefficients}


def lens_from_json(raw: dict[str, Any]) -> Lens:
    """The inverse of ``lens_to_json``."""
    focal, principal, coefficients = raw["focal_px"], raw["principal_px"], raw["coefficients"]
    return Lens((focal[0], focal[1]), (principal[0], principal[1]), tuple(coefficients))
