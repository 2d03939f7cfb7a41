"""Groups of umbrella, table, chairs and goods that together look like a stall: a hint for the reviewer, never a finding. Pure.

No weights of ours know a stall. What stands close together and belongs to selling is grouped by the distance between boxes, in
their own sizes, since a hand-held picture has no metres.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from detection.detections import Box, Detection

_ROOF = frozenset({"umbrella"})
_TABLE = frozenset({"dining table", "refrigerator", "oven", "bench"})
_SEAT = frozenset({"chair", "couch"})
_GOODS = frozenset(
    {"bottle", "cup", "bowl", "wine glass", "banana", "apple", "orange", "carrot", "broccoli", "sandwich", "cake",
     "potted plant", "suitcase", "handbag"}
)  # fmt: skip
_KINDS = (_ROOF, _TABLE, _SEAT, _GOODS)
_NEAR = 0.75  # of the larger one's side: the gap at which two things still belong together
_LEAST_KINDS = 2
_LEAST_THINGS = 3


@dataclass(frozen=True, slots=True)
class HintedLabel:
    """A label and how often it stands in the group."""

    label: str
    count: int


@dataclass(frozen=True, slots=True)
class StallHint:
    """Things that may be one stall: their place in the run, what they are, and the box around all of them."""

    indexes: tuple[int, ...]
    labels: tuple[HintedLabel, ...]
    box_px: Box


def hint_stalls(detections: Sequence[Detection]) -> tuple[StallHint, ...]:
    """Groups of at least three things of at least two kinds (roof, table, seat, goods), largest first; one frame at a time."""
    found = [(index, item) for index, item in enumerate(detections) if _kind(item.label) is not None]
    groups = [[found[place] for place in group] for group in _join([item.box_px for _, item in found])]
    hints = [_hint(group) for group in groups if _is_stall([item for _, item in group])]
    return tuple(sorted(hints, key=lambda hint: -len(hint.indexes)))


def _kind(label: str) -> int | None:
    return next((number for number, kind in enumerate(_KINDS) if label in kind), None)


def _is_stall(items: Sequence[Detection]) -> bool:
    return len(items) >= _LEAST_THINGS and len({_kind(item.label) for item in items}) >= _LEAST_KINDS


def _hint(group: Sequence[tuple[int, Detection]]) -> StallHint:
    boxes = [item.box_px for _, item in group]
    counts = Counter(item.label for _, item in group)
    return StallHint(
        tuple(index for index, _ in group),
        tuple(
            HintedLabel(label, count) for label, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        ),
        (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)),
    )


def _join(boxes: Sequence[Box]) -> list[list[int]]:
    """Boxes in groups within which each is near another."""
    free, groups = set(range(len(boxes))), []
    while free:
        group, edge = [], [free.pop()]
        while edge:
            here = edge.pop()
            group.append(here)
            near = {other for other in free if _is_near(boxes[here], boxes[other])}
            free -= near
            edge += sorted(near)
        groups.append(sorted(group))
    return groups


def _is_near(one: Box, other: Box) -> bool:
    across = max(one[0], other[0]) - min(one[2], other[2])
    down = max(one[1], other[1]) - min(one[3], other[3])
    side = max(min(box[2] - box[0], box[3] - box[1]) for box in (one, other))
    return max(across, 0.0) <= _NEAR * side and max(down, 0.0) <= _NEAR * side
