"""Lens distortion: pixels straightened before a homography, bent again after it. Pure.

Brown's radial model as OpenCV and MEVA write it: distorted = straight (1 + k1 r2 + k2 r4), on normalised coordinates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from errors import InputError

_ROUNDS = 60


@dataclass(frozen=True, slots=True)
class Lens:
    """Focal lengths and principal point in pixels; radial coefficients ``k1``, ``k2``."""

    fx_px: float
    fy_px: float
    cx_px: float
    cy_px: float
    k1: float
    k2: float = 0.0

    def __post_init__(self) -> None:
        if self.fx_px <= 0 or self.fy_px <= 0:
            raise InputError("A focal length is above 0 pixels.", field="lens", value=f"{self.fx_px}, {self.fy_px}")

    def undistort(self, u_px: float, v_px: float) -> tuple[float, float]:
        """Straight pixel of a pixel as seen, by fixed-point iteration."""
        bent_x, bent_y = (u_px - self.cx_px) / self.fx_px, (v_px - self.cy_px) / self.fy_px
        x, y = bent_x, bent_y
        for _ in range(_ROUNDS):
            bend = self._bend(x, y)
            x, y = bent_x / bend, bent_y / bend
        return x * self.fx_px + self.cx_px, y * self.fy_px + self.cy_px

    def distort(self, u_px: float, v_px: float) -> tuple[float, float]:
        """Pixel as seen of a straight pixel."""
        x, y = (u_px - self.cx_px) / self.fx_px, (v_px - self.cy_px) / self.fy_px
        bend = self._bend(x, y)
        return x * bend * self.fx_px + self.cx_px, y * bend * self.fy_px + self.cy_px

    def _bend(self, x: float, y: float) -> float:
        r2 = x * x + y * y
        return max(1 + self.k1 * r2 + self.k2 * r2 * r2, 0.05)

    def to_json(self) -> dict[str, float]:
        """Plain data."""
        return {"fx": self.fx_px, "fy": self.fy_px, "cx": self.cx_px, "cy": self.cy_px, "k1": self.k1, "k2": self.k2}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Lens:
        """Back from ``to_json``, or from ``K`` (3x3) and ``D`` ([k1, k2]); InputError names what is wrong."""
        try:
            if "K" in raw:
                k, d = raw["K"], [*raw.get("D", ()), 0.0, 0.0]
                return cls(float(k[0][0]), float(k[1][1]), float(k[0][2]), float(k[1][2]), float(d[0]), float(d[1]))
            return cls(*(float(raw[word]) for word in ("fx", "fy", "cx", "cy", "k1", "k2")))
        except (KeyError, IndexError, TypeError, ValueError) as fault:
            raise InputError("A lens is K (3x3) and D (k1, k2).", field="distortion", value=fault) from fault
