"""How often weights are right on a labelled set: average precision per label, precision and recall at the chosen
thresholds, and how far scores are from frequencies. Pure: claims and truth in, figures out.

Average precision as COCO defines it: claims in order of score, each matched to the free labelled box it overlaps most,
the area under the precision envelope read at 101 recalls.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detection.dataset import LabelledPhoto
from detection.detections import Box, Detections
from detection.reliability import ReliabilityBin, bin_scores, calibration_error

OVERLAPS = tuple(round(0.5 + 0.05 * step, 2) for step in range(10))
PRECISIONS = (0.7, 0.8, 0.9)
_RECALLS = np.linspace(0, 1, 101)

# Names that other sets give to our labels (after lower case, with spaces for dashes and underscores).
SAME_LABEL: Mapping[str, str] = {
    "motorbike": "motorcycle",
    "bike": "bicycle",
    "minibus": "bus",
    "safety cone": "traffic cone",
    "cone": "traffic cone",
    "machinery": "site machinery",
    "vehicle": "site vehicle",
    "vest": "safety vest",
    "helmet": "hardhat",
    "hard hat": "hardhat",
    "worker": "person",  # a worker is a person in working clothes; see suppression.name_worker
    "cantilever": "projecting sign",
    "win ad": "window advertising",
    "license plate": "plate",
    "licence plate": "plate",
    "number plate": "plate",
}


@dataclass(frozen=True, slots=True)
class Reach:
    """The most recall at a precision of at least ``precision``, and the threshold that gives it (None: at no score)."""

    precision: float
    recall: float
    threshold: float | None


@dataclass(frozen=True, slots=True)
class LabelFigures:
    """How well one label is found. Precision and recall are at ``threshold`` and overlap 0.5; None: nothing was claimed.

    ``reach`` tells, for a precision that somebody may want, the most that can be found at it and the score to ask for.
    ``reliability`` are the bins behind ``calibration_error``, over the claims that are reported.
    """

    label: str
    labelled: int
    ap50: float
    ap50_95: float
    threshold: float
    precision: float | None
    recall: float
    calibration_error: float | None
    recalls: tuple[float, ...] = ()
    precisions: tuple[float, ...] = ()
    reach: tuple[Reach, ...] = ()
    reliability: tuple[ReliabilityBin, ...] = ()


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures of all labels that both the weights and the set know, and the set's labels that the weights do not."""

    photos: int
    labels: tuple[LabelFigures, ...]
    not_in_weights: tuple[str, ...]

    @property
    def map50(self) -> float:
        """Mean over labels of average precision at overlap 0.5."""
        return float(np.mean([label.ap50 for label in self.labels])) if self.labels else 0.0

    @property
    def map50_95(self) -> float:
        """Mean over labels of average precision at overlaps 0.50 to 0.95."""
        return float(np.mean([label.ap50_95 for label in self.labels])) if self.labels else 0.0


@dataclass(frozen=True, slots=True)
class LabelClaims:
    """All claims of one label over a set, best first: scores, for each overlap whether the claim was right, and the
    number of its photo.
    """

    scores: NDArray[np.float64]
    right: NDArray[np.bool_]
    labelled: int
    photos: NDArray[np.intp]


def same_label(name: str) -> str:
    """Our label for a set's name of it."""
    plain = " ".join(name.lower().replace("-", " ").replace("_", " ").split())
    return SAME_LABEL.get(plain, plain)


def evaluate(
    photos: Sequence[LabelledPhoto],
    claims: Sequence[Detections],
    *,
    weights_labels: Sequence[str],
    thresholds: Mapping[str, float],
) -> Evaluation:
    """Compare claims, made at a score limit near zero, with the labelled boxes of the same photographs."""
    known = {same_label(label): label for label in reversed(weights_labels)}
    in_set = sorted({same_label(box.label) for photo in photos for box in photo.boxes})
    figures = [
        _figures(label, collect_claims(photos, claims, label), thresholds.get(known[label], 0.25))
        for label in in_set
        if label in known
    ]
    return Evaluation(len(photos), tuple(figures), tuple(label for label in in_set if label not in known))


def average_precision(right: NDArray[np.bool_], labelled: int) -> float:
    """Area under the precision envelope of claims in order of score."""
    recall, precision = _curve(right, labelled)
    return float(np.interp(_RECALLS, recall, precision, right=0.0).mean()) if recall.size else 0.0


def match_claims(claimed: Sequence[Box], labelled: Sequence[Box]) -> NDArray[np.bool_]:
    """For claims of one photo and label, best first: right or not at each of the ten overlaps."""
    right = np.zeros((len(claimed), len(OVERLAPS)), bool)
    if not claimed or not labelled:
        return right
    overlaps = _overlaps(np.asarray(claimed, float), np.asarray(labelled, float))
    for column, limit in enumerate(OVERLAPS):
        free = np.ones(len(labelled), bool)
        for row in range(len(claimed)):
            best = int(np.argmax(np.where(free, overlaps[row], -1.0)))
            if free[best] and overlaps[row, best] >= limit:
                right[row, column], free[best] = True, False
    return right


def collect_claims(photos: Sequence[LabelledPhoto], claims: Sequence[Detections], label: str) -> LabelClaims:
    """Every claim of one label (ours), matched to the labelled boxes of its photo."""
    scores: list[float] = []
    rights = []
    numbers: list[int] = []
    labelled = 0
    for number, (photo, claimed) in enumerate(zip(photos, claims, strict=True)):
        items = sorted((item for item in claimed if same_label(item.label) == label), key=lambda item: -item.score)
        size = (claimed.width_px, claimed.height_px) * 2
        truth = [_in_pixels(box.box, size) for box in photo.boxes if same_label(box.label) == label]
        labelled += len(truth)
        scores += [item.score for item in items]
        numbers += [number] * len(items)
        rights.append(match_claims([item.box_px for item in items], truth))
    order = np.argsort(-np.asarray(scores), kind="stable")
    return LabelClaims(
        np.asarray(scores, float)[order], np.concatenate(rights)[order], labelled, np.asarray(numbers, np.intp)[order]
    )


def _figures(label: str, claims: LabelClaims, threshold: float) -> LabelFigures:
    per_overlap = [average_precision(claims.right[:, column], claims.labelled) for column in range(len(OVERLAPS))]
    reported = claims.scores >= threshold
    hits = int(claims.right[reported, 0].sum())
    recall, precision = _curve(claims.right[:, 0], claims.labelled)
    bins = bin_scores(claims.scores[reported], claims.right[reported, 0])
    shown = np.linspace(0, 1, 41)
    return LabelFigures(
        label=label,
        labelled=claims.labelled,
        ap50=per_overlap[0],
        ap50_95=float(np.mean(per_overlap)),
        threshold=threshold,
        precision=hits / int(reported.sum()) if reported.any() else None,
        recall=hits / claims.labelled,
        calibration_error=calibration_error(bins),
        recalls=tuple(float(value) for value in shown),
        precisions=tuple(float(value) for value in np.interp(shown, recall, precision, right=0.0))
        if recall.size
        else (0.0,) * len(shown),
        reach=tuple(find_reach(claims.scores, claims.right[:, 0], claims.labelled, wanted) for wanted in PRECISIONS),
        reliability=bins,
    )


def find_reach(scores: NDArray[np.float64], right: NDArray[np.bool_], labelled: int, precision: float) -> Reach:
    """The lowest score at which at least ``precision`` of the claims are right, and the recall there."""
    if not right.size or not labelled:
        return Reach(precision, 0.0, None)
    hits = np.cumsum(right)
    last_of_score = np.append(scores[1:] < scores[:-1], True)  # noqa: FBT003 (a value, not a switch)
    good = np.flatnonzero((hits / np.arange(1, right.size + 1) >= precision) & last_of_score)
    if not good.size:
        return Reach(precision, 0.0, None)
    return Reach(precision, float(hits[good[-1]] / labelled), float(scores[good[-1]]))


def _curve(right: NDArray[np.bool_], labelled: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if not right.size or not labelled:
        return np.empty(0), np.empty(0)
    hits = np.cumsum(right)
    precision = hits / np.arange(1, right.size + 1)
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    return hits / labelled, envelope


def _in_pixels(box: Box, size: tuple[int, ...]) -> Box:
    return box[0] * size[0], box[1] * size[1], box[2] * size[2], box[3] * size[3]


def _overlaps(claimed: NDArray[np.float64], labelled: NDArray[np.float64]) -> NDArray[np.float64]:
    upper = np.maximum(claimed[:, None, :2], labelled[None, :, :2])
    lower = np.minimum(claimed[:, None, 2:], labelled[None, :, 2:])
    shared = np.prod(np.clip(lower - upper, 0, None), axis=2)
    areas = [np.prod(boxes[:, 2:] - boxes[:, :2], axis=1) for boxes in (claimed, labelled)]
    return np.asarray(shared / (areas[0][:, None] + areas[1][None, :] - shared + 1e-9))
