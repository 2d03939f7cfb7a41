"""From a network's own scores to shares that were right: one curve per label, as data of the weights record. Pure.

A network's score orders its claims but is no frequency. Platt's curve (logistic on the score's logit; J. Platt 1999) is
strictly rising, so that no claim overtakes another, and has two figures, so that few labelled boxes are enough.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from errors import InputError

LEAST_CLAIMS = 40
LEAST_OF_EACH = 10  # right ones, and wrong ones
LEAST_SCORE = 0.05  # claims below say little of those that will be reported
_LEAST_SLOPE = 0.05
_STEPS = 60
_RIDGE = 1e-3

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ScoreCurve:
    """Share right = logistic(slope x logit(score) + offset). ``claims`` is how many claims it was drawn through."""

    slope: float = 1.0
    offset: float = 0.0
    claims: int = 0

    def __post_init__(self) -> None:
        if not self.slope > 0:
            raise InputError("A score curve rises.", field="slope", value=self.slope)

    def apply(self, scores: Scores) -> Scores:
        """The share that was right among claims of these scores."""
        return np.asarray(_logistic(self.slope * _logit(scores) + self.offset), np.float64)

    def apply_one(self, score: float) -> float:
        """The same for one score."""
        return float(self.apply(np.array([score]))[0])


AS_IT_IS = ScoreCurve()


@dataclass(frozen=True, slots=True)
class ScoreCalibration:
    """The curves of one set of weights; a label without one takes ``default``. Empty: scores stay as the network gave them."""

    default: ScoreCurve = AS_IT_IS
    labels: Mapping[str, ScoreCurve] = field(default_factory=dict)
    drawn_from: str = ""

    def curve_of(self, label: str) -> ScoreCurve:
        """The curve of one label."""
        return self.labels.get(label, self.default)

    @property
    def version(self) -> str:
        """Short hash that is kept with each run; empty where scores stay as they are."""
        if self == NO_CALIBRATION:
            return ""
        curves = {"": self.default, **self.labels}
        told = {label: (curve.slope, curve.offset) for label, curve in sorted(curves.items())}
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:12]


NO_CALIBRATION = ScoreCalibration()


def fit_curve(scores: Scores, right: NDArray[np.bool_]) -> ScoreCurve | None:
    """The curve through claims that were right or not; None where they are too few, or all alike."""
    used = scores >= LEAST_SCORE
    scores, right = scores[used], right[used]
    hits, misses = int(right.sum()), int((~right).sum())
    if len(scores) < LEAST_CLAIMS or min(hits, misses) < LEAST_OF_EACH:
        return None
    # Platt's targets: a little inside 0 and 1, so that a lucky label is not called certain
    targets = np.where(right, (hits + 1) / (hits + 2), 1 / (misses + 2))
    columns = np.column_stack([_logit(scores), np.ones(len(scores))])
    slope, offset = _fit_logistic(columns, targets)
    if slope < _LEAST_SLOPE:
        return None
    return ScoreCurve(round(float(slope), 4), round(float(offset), 4), len(scores))


def _fit_logistic(columns: NDArray[np.float64], targets: Scores) -> tuple[float, float]:
    """Newton's steps, held a little to the curve that changes nothing."""
    found = np.array([1.0, 0.0])
    start = found.copy()
    for _ in range(_STEPS):
        shares = np.asarray(_logistic(columns @ found))
        slope = columns.T @ (shares - targets) + _RIDGE * (found - start)
        curvature = (columns * (shares * (1 - shares))[:, None]).T @ columns + _RIDGE * np.eye(2)
        step = np.linalg.solve(curvature, slope)
        found = found - step
        if np.abs(step).max() < 1e-8:
            break
    return float(found[0]), float(found[1])


def _logit(scores: Scores) -> Scores:
    inside = np.clip(scores, 1e-4, 1 - 1e-4)
    return np.asarray(np.log(inside / (1 - inside)))


def _logistic(values: Scores) -> Scores:
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -40, 40))))
