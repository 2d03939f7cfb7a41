"""The share of flags that people confirmed, with its 95 % interval; no percentage below thirty decisions. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

LEAST_SAMPLES = 30
Z_95 = 1.96


@dataclass(frozen=True, slots=True)
class AgreementBar:
    """Shares of 0 to 1. ``is_enough`` is False below thirty decisions: the bar is then drawn hollow, without a figure."""

    share: float
    low: float
    high: float
    is_enough: bool


def measure_agreement(confirmed: int, decided: int) -> AgreementBar:
    """Wilson's interval, which stays inside 0 to 1 for few decisions too."""
    if decided == 0:
        return AgreementBar(0.0, 0.0, 1.0, is_enough=False)
    share, z2 = confirmed / decided, Z_95**2
    middle = (share + z2 / (2 * decided)) / (1 + z2 / decided)
    half = Z_95 * sqrt(share * (1 - share) / decided + z2 / (4 * decided**2)) / (1 + z2 / decided)
    return AgreementBar(share, max(0.0, middle - half), min(1.0, middle + half), is_enough=decided >= LEAST_SAMPLES)
