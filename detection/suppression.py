"""From a network's raw answer to few boxes: threshold, duplicates dropped within a label, label sets merged. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from detection.detections import Box, Detection, overlap, share_inside
from detection.labels import LabelGroup

MAX_CANDIDATES = 3000
MAX_KEPT = 300

# One thing under two labels of two label sets: who is believed, whatever the scores. Weights trained on building sites call
# traffic "machinery"; those trained on streets know no machinery and call it a truck or a train.
_STREET_KNOWS_BETTER = {
    "site machinery": frozenset({"car", "bus", "motorcycle", "bicycle", "boat", "chair"}),
    "site vehicle": frozenset({"car", "bus", "truck", "motorcycle", "bicycle"}),
}
_SITE_KNOWS_BETTER = {
    "truck": frozenset({"site machinery"}),
    "train": frozenset({"site machinery"}),
    "airplane": frozenset({"site machinery"}),
}
_TWO_LABELS_OVERLAP = 0.5
_SAME_OVERLAP = 0.6
_PIECE_SHARE = 0.6
_WORN_BY_WORKERS = ("hardhat", "safety vest")
_WORN_SHARE = 0.7
_RIDDEN_SHARE = 0.3


def keep_candidates(
    raw: NDArray[np.float32], thresholds: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.intp]]:
    """Boxes (corners, input pixels), scores and label numbers above their label's threshold, best first.

    ``raw`` is (4 + labels, anchors): centre x, centre y, width, height, then one score per label.
    """
    scores = raw[4:]
    likely = np.flatnonzero(scores.max(axis=0) >= thresholds.min())
    few = scores[:, likely]
    numbers = few.argmax(axis=0)
    best = few[numbers, np.arange(likely.size)]
    passed = np.flatnonzero(best >= thresholds[numbers])
    order = passed[np.argsort(-best[passed], kind="stable")[:MAX_CANDIDATES]]
    centre_x, centre_y, width, height = raw[:4, likely[order]]
    corners = np.stack(
        [centre_x - width / 2, centre_y - height / 2, centre_x + width / 2, centre_y + height / 2], axis=1
    )
    return corners, best[order], numbers[order]


def suppress(boxes: NDArray[np.float32], numbers: NDArray[np.intp], *, overlap_limit: float) -> NDArray[np.intp]:
    """Indexes that stay, best first, when boxes (sorted by score) of the same label overlap more than the limit."""
    if not len(boxes):
        return np.empty(0, np.intp)
    apart = boxes + (numbers * (boxes.max() + 1.0)).astype(np.float32)[:, None]  # labels never meet
    areas = (apart[:, 2] - apart[:, 0]) * (apart[:, 3] - apart[:, 1])
    kept: list[int] = []
    alive = np.arange(len(apart))
    while alive.size and len(kept) < MAX_KEPT:
        first, rest = alive[0], alive[1:]
        kept.append(int(first))
        upper = np.maximum(apart[first, :2], apart[rest, :2])
        lower = np.minimum(apart[first, 2:], apart[rest, 2:])
        shared = np.prod(np.clip(lower - upper, 0, None), axis=1)
        alive = rest[shared <= overlap_limit * (areas[first] + areas[rest] - shared)]
    return np.asarray(kept, np.intp)


def drop_cut_pieces(
    boxes: NDArray[np.float32], numbers: NDArray[np.intp], is_cut: NDArray[np.bool_]
) -> NDArray[np.intp]:
    """Indexes that stay when boxes that end at a window's edge lie mostly inside another of their label.

    Two windows share a seam: one sees the whole thing, the other a piece of it, at an overlap that suppression lets pass.
    Whole boxes stand first.
    """
    kept: list[int] = []
    for index in range(len(boxes)):
        others = [other for other in kept if numbers[other] == numbers[index]] if is_cut[index] else []
        if not any(_share_of_smaller(boxes[index], boxes[other]) >= _PIECE_SHARE for other in others):
            kept.append(index)
    return np.asarray(kept, np.intp)


def _share_of_smaller(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    if across <= 0 or down <= 0:
        return 0.0
    smaller = min((one[2] - one[0]) * (one[3] - one[1]), (other[2] - other[0]) * (other[3] - other[1]))
    return float(across * down / max(smaller, 1e-6))


def merge_label_sets(answers: Sequence[Iterable[Detection]]) -> tuple[Detection, ...]:
    """The answers of several weights about one picture as one: best first, each thing once, workers named.

    Two weights that both know persons find the same person: the higher score stays. A person who wears a hardhat or a
    safety vest is a worker. What a rider wears says nothing of building work, nor does a helmet without a person: left out.
    """
    if len(answers) < 2:
        return tuple(item for answer in answers for item in answer)
    kept: list[Detection] = []
    for item in sorted((item for answer in answers for item in answer), key=lambda item: -item.score):
        if not any(item.label == other.label and overlap(item.box_px, other.box_px) >= _SAME_OVERLAP for other in kept):
            kept.append(item)
    for better in (_STREET_KNOWS_BETTER, _SITE_KNOWS_BETTER):
        kept = [item for item in kept if not _is_known_better(item, kept, better.get(item.label, frozenset()))]
    kept = [item for item in kept if item.label not in _WORN_BY_WORKERS or _is_worn_at_work(item, kept)]
    return tuple(name_worker(item, kept) for item in kept)


def name_worker(item: Detection, others: Sequence[Detection]) -> Detection:
    """A person with a hardhat or safety vest inside the box becomes a worker; anything else stays as it is.

    Riders wear helmets that look like hardhats: a person on a two-wheeler stays a person.
    """
    if item.label != "person" or any(_is_ridden(other, item) for other in others):
        return item
    worn = any(
        other.label in _WORN_BY_WORKERS and share_inside(other.box_px, item.box_px) >= _WORN_SHARE for other in others
    )
    return replace(item, label="worker") if worn else item


def _is_known_better(item: Detection, others: Sequence[Detection], by: frozenset[str]) -> bool:
    return any(other.label in by and overlap(item.box_px, other.box_px) >= _TWO_LABELS_OVERLAP for other in others)


def _is_worn_at_work(item: Detection, others: Sequence[Detection]) -> bool:
    """A hardhat or vest on a person, and not over a two-wheeler or up to the wheeler's own height above it."""
    on_person = on_wheeler = False
    for other in others:
        if other.label == "person":
            on_person = on_person or share_inside(item.box_px, other.box_px) >= _WORN_SHARE
        elif LabelGroup.TWO_WHEELER in other.groups:
            on_wheeler = on_wheeler or share_inside(item.box_px, _with_rider(other)) >= _WORN_SHARE
    return on_person and not on_wheeler


def _with_rider(wheeler: Detection) -> Box:
    x_min, y_min, x_max, y_max = wheeler.box_px
    return x_min, y_min - wheeler.height_px, x_max, y_max


def _is_ridden(other: Detection, person: Detection) -> bool:
    return LabelGroup.TWO_WHEELER in other.groups and share_inside(other.box_px, person.box_px) >= _RIDDEN_SHARE
