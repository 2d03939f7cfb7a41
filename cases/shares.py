"""Shares that are said honestly: with their 95 % interval, and without a percentage below thirty samples. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

LEAST_SAMPLES = 30
Z_95 = 1.96


@dataclass(frozen=True, slots=True)
class Share:
    """``hits`` of ``total``. Share and bounds are 0 to 1; ``is_enough`` is False below thirty: then no percentage is said."""

    hits: int
    total: int
    share: float
    low: float
    high: float
    is_enough: bool

    @property
    def said(self) -> float | None:
        """The share where it may be said, else nothing."""
        return round(self.share, 4) if self.is_enough else None


def measure_share(hits: int, total: int) -> Share:
    """Wilson's score interval, which stays inside 0 to 1 for few samples too."""
    if total == 0:
        return Share(0, 0, 0.0, 0.0, 1.0, is_enough=False)
    share, z2 = hits / total, Z_95**2
    middle = (share + z2 / (2 * total)) / (1 + z2 / total)
    half = Z_95 * sqrt(share * (1 - share) / total + z2 / (4 * total**2)) / (1 + z2 / total)
    return Share(hits, total, share, max(0.0, middle - half), min(1.0, middle + half), is_enough=total >= LEAST_SAMPLES)
