"""A two-wheeler and its rider as one figure, where a view is from too far to tell them apart. Pure.

Each alone scores low when a few pixels must do; that both are seen where they should be is the evidence. The joined box ends
where the wheels stand, as before, so that its place on the ground stays. Called by ``detector`` for layouts that ask for it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_SIDEWAYS = 0.6  # of the wider of both: how far a rider's middle may lie from the wheels' middle
_FEET_ABOVE, _FEET_BELOW = 0.1, 0.35  # of the two-wheeler's height: where a rider's box may end
_HEAD_BELOW = 0.35  # a rider's box begins above this share of the two-wheeler's
_MOST_HEIGHT = 3.0  # times the two-wheeler's: taller persons stand in front
_SAME_FIGURE = 0.5


@dataclass(frozen=True, slots=True)
class RiderLimits:
    """Scores of the network itself: ``least_score`` for each half, ``threshold`` for the joined figure. Data of the record."""

    least_score: float = 0.05
    threshold: float = 0.3


USUAL_RIDER_LIMITS = RiderLimits()


@dataclass(frozen=True, slots=True)
class Joined:
    """Two-wheelers, ridden ones with their rider's box and the joint score; ``index`` is the claim each was made of."""

    index: NDArray[np.intp]
    boxes: NDArray[np.float32]
    scores: NDArray[np.float32]
    is_ridden: NDArray[np.bool_]


def join_riders(
    boxes: NDArray[np.float32],
    scores: NDArray[np.float32],
    *,
    is_wheeler: NDArray[np.bool_],
    is_person: NDArray[np.bool_],
) -> Joined:
    """Every two-wheeler once, best first, with the surest rider who sits on it.

    The joint score is that of independent witnesses: 1 - (1 - a)(1 - b). A rider sits on one two-wheeler only.
    """
    wheelers, people = np.flatnonzero(is_wheeler), np.flatnonzero(is_person)
    free = np.ones(len(people), bool)
    found = []
    for index in wheelers[np.argsort(-scores[wheelers], kind="stable")]:
        sits = free & _sits_on(boxes[people], boxes[index])
        if not sits.any():
            found.append((index, boxes[index], scores[index], False))
            continue
        best = int(np.argmax(np.where(sits, scores[people], -1.0)))
        free[best] = False
        rider = people[best]
        union = np.concatenate(
            [np.minimum(boxes[index, :2], boxes[rider, :2]), np.maximum(boxes[index, 2:], boxes[rider, 2:])]
        )
        found.append((index, union, 1 - (1 - scores[index]) * (1 - scores[rider]), True))
    return _once(found)


def _sits_on(people: NDArray[np.float32], wheeler: NDArray[np.float32]) -> NDArray[np.bool_]:
    width, height = wheeler[2] - wheeler[0], wheeler[3] - wheeler[1]
    middles, widths = (people[:, 0] + people[:, 2]) / 2, people[:, 2] - people[:, 0]
    is_over = np.abs(middles - (wheeler[0] + wheeler[2]) / 2) <= _SIDEWAYS * np.maximum(width, widths)
    feet = (people[:, 3] >= wheeler[1] - _FEET_ABOVE * height) & (people[:, 3] <= wheeler[3] + _FEET_BELOW * height)
    head = people[:, 1] < wheeler[1] + _HEAD_BELOW * height
    size = people[:, 3] - people[:, 1] < _MOST_HEIGHT * height
    return np.asarray(is_over & feet & head & size & _touches(people, wheeler), bool)


def _touches(people: NDArray[np.float32], wheeler: NDArray[np.float32]) -> NDArray[np.bool_]:
    across = np.minimum(people[:, 2], wheeler[2]) - np.maximum(people[:, 0], wheeler[0])
    down = np.minimum(people[:, 3], wheeler[3]) - np.maximum(people[:, 1], wheeler[1])
    return np.asarray((across > 0) & (down > 0), bool)


def _once(found: list[tuple[np.intp, NDArray[np.float32], np.float32, bool]]) -> Joined:
    """Each figure once: of overlapping ones the surest, whatever the kind of two-wheeler."""
    kept: list[tuple[np.intp, NDArray[np.float32], np.float32, bool]] = []
    for one in sorted(found, key=lambda figure: -figure[2]):
        if all(_overlap(one[1], other[1]) <= _SAME_FIGURE for other in kept):
            kept.append(one)
    return Joined(
        np.array([one[0] for one in kept], np.intp),
        np.array([one[1] for one in kept], np.float32).reshape(-1, 4),
        np.array([one[2] for one in kept], np.float32),
        np.array([one[3] for one in kept], bool),
    )


def _overlap(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    if across <= 0 or down <= 0:
        return 0.0
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return float(across * down / (sum(areas) - across * down))
