"""How far scores are from frequencies: bins of score with the share that was right, and their mean gap (ECE). Pure.

Expected calibration error as Naeini et al. 2015 and Guo et al. 2017 define it: ten bins, weighted by their claims.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 10


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Claims of one tenth of the score: how many, their mean score, and the share of them that was right."""

    claims: int
    mean_score: float
    share_right: float


def bin_scores(scores: NDArray[np.float64], right: NDArray[np.bool_]) -> tuple[ReliabilityBin, ...]:
    """The bins that hold claims, in order of score."""
    numbers = np.minimum((scores * BINS).astype(int), BINS - 1)
    return tuple(
        ReliabilityBin(
            int((numbers == number).sum()),
            float(scores[numbers == number].mean()),
            float(right[numbers == number].mean()),
        )
        for number in np.unique(numbers)
    )


def calibration_error(bins: Sequence[ReliabilityBin]) -> float | None:
    """Mean gap between score and share right, weighted by claims; None where nothing was claimed."""
    claims = sum(one.claims for one in bins)
    if not claims:
        return None
    return sum(one.claims * abs(one.mean_score - one.share_right) for one in bins) / claims
