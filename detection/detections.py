"""What a detector claims of a picture, between the door and everything after it: frozen values that check themselves. Pure.

Pixels are those of the upright picture, x to the right and y down from the upper left corner. A detection is a claim
with a confidence score, never a judgement.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any

from detection.labels import LabelGroup, groups_of
from errors import InputError

Box = tuple[float, float, float, float]
_EDGE_TOLERANCE_PX = 1.0


@dataclass(frozen=True, slots=True)
class Detection:
    """One claim: ``label`` with ``score`` (0 to 1, not a probability of violation) in ``box_px`` (x_min, y_min, x_max, y_max).

    ``frame_s`` is the frame's time in its clip, None for a photo. ``track`` numbers the same thing over frames, None where
    nothing was tracked.
    """

    label: str
    score: float
    box_px: Box
    frame_s: float | None = None
    track: int | None = None

    def __post_init__(self) -> None:
        if not self.label:
            raise InputError("A detection has a label.", field="label", value=self.label)
        if not (isfinite(self.score) and 0 <= self.score <= 1):
            raise InputError("A confidence score is 0 to 1.", field="score", value=self.score)
        x_min, y_min, x_max, y_max = self.box_px
        if not all(isfinite(edge) for edge in self.box_px) or x_max <= x_min or y_max <= y_min:
            raise InputError("A box is x_min, y_min, x_max, y_max with an area.", field="box_px", value=self.box_px)
        if self.frame_s is not None and not (isfinite(self.frame_s) and self.frame_s >= 0):
            raise InputError("A frame's time is 0 or more seconds.", field="frame_s", value=self.frame_s)

    @property
    def bottom_centre_px(self) -> tuple[float, float]:
        """Where the thing touches the ground: the only point of a box that a homography may map."""
        return (self.box_px[0] + self.box_px[2]) / 2, self.box_px[3]

    @property
    def width_px(self) -> float:
        """Width of the box."""
        return self.box_px[2] - self.box_px[0]

    @property
    def height_px(self) -> float:
        """Height of the box."""
        return self.box_px[3] - self.box_px[1]

    @property
    def groups(self) -> frozenset[LabelGroup]:
        """What the label stands for in the taxonomy; empty for labels that mean nothing to us."""
        return groups_of(self.label)

    def to_json(self, index: int) -> dict[str, Any]:
        """The form stored with a run; ``index`` is its place among all detections of the run."""
        return {
            "index": index,
            "label": self.label,
            "score": round(self.score, 4),
            "box_px": [round(edge, 2) for edge in self.box_px],
            "frame_s": self.frame_s,
            "track": self.track,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Detection:
        """The value back from its stored form."""
        try:
            x_min, y_min, x_max, y_max = (float(edge) for edge in stored["box_px"])
            frame_s, track = stored.get("frame_s"), stored.get("track")
            return cls(
                label=str(stored["label"]),
                score=float(stored["score"]),
                box_px=(x_min, y_min, x_max, y_max),
                frame_s=None if frame_s is None else float(frame_s),
                track=None if track is None else int(track),
            )
        except (KeyError, TypeError, ValueError) as broken:
            raise InputError("A stored detection cannot be read.", field="detection", value=stored) from broken


@dataclass(frozen=True, slots=True)
class Detections:
    """All claims about one picture of ``width_px`` x ``height_px``, best score first. An empty one means: looked, none found."""

    width_px: int
    height_px: int
    items: tuple[Detection, ...] = ()
    frame_s: float | None = None

    def __post_init__(self) -> None:
        if self.width_px < 1 or self.height_px < 1:
            raise InputError("A picture has a size.", field="size", value=f"{self.width_px}x{self.height_px}")
        for item in self.items:
            if item.frame_s != self.frame_s:
                raise InputError("A detection belongs to another frame.", field="frame_s", value=item.frame_s)
            if not _is_inside(item.box_px, self.width_px, self.height_px):
                raise InputError("A box lies outside its picture.", field="box_px", value=item.box_px)

    def __iter__(self) -> Iterator[Detection]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def of_group(self, *groups: LabelGroup) -> tuple[Detection, ...]:
        """The claims whose label stands for one of the groups."""
        return tuple(item for item in self.items if item.groups.intersection(groups))

    def of_label(self, *labels: str) -> tuple[Detection, ...]:
        """The claims with one of the labels."""
        return tuple(item for item in self.items if item.label in labels)

    def with_items(self, items: Iterable[Detection]) -> Detections:
        """The same picture with other claims, best score first."""
        return replace(self, items=tuple(sorted(items, key=lambda item: -item.score)))

    def scaled_to(self, width_px: int, height_px: int) -> Detections:
        """The same claims in the pixels of another size of the same picture."""
        if (width_px, height_px) == (self.width_px, self.height_px):
            return self
        across, down = width_px / self.width_px, height_px / self.height_px
        items = tuple(replace(item, box_px=_scale(item.box_px, across, down)) for item in self.items)
        return Detections(width_px, height_px, items, self.frame_s)


def to_json(frames: Sequence[Detections]) -> list[dict[str, Any]]:
    """All claims of a run in the order of its frames, numbered through: what ``DetectionRun.detections`` stores."""
    return [item.to_json(index) for index, item in enumerate(item for frame in frames for item in frame)]


def from_json(
    stored: Sequence[Mapping[str, Any]], *, width_px: int, height_px: int, frame_times_s: Sequence[float] = ()
) -> tuple[Detections, ...]:
    """The frames of a stored run; a frame in which nothing was found is there too if its time is given."""
    items = [Detection.from_json(one) for one in stored]
    times: list[float | None] = list(frame_times_s) or list(dict.fromkeys(item.frame_s for item in items)) or [None]
    unknown = {item.frame_s for item in items} - set(times)
    if unknown:
        raise InputError("A stored detection names a frame that is not of the run.", field="frame_s", value=unknown)
    return tuple(
        Detections(width_px, height_px, tuple(item for item in items if item.frame_s == time), time) for time in times
    )


def overlap(one: Box, other: Box) -> float:
    """Intersection over union of two boxes, 0 to 1."""
    shared = _shared_px2(one, other)
    return shared / (_area_px2(one) + _area_px2(other) - shared) if shared else 0.0


def share_inside(inner: Box, outer: Box) -> float:
    """Share of ``inner``'s area that lies in ``outer``, 0 to 1."""
    return _shared_px2(inner, outer) / _area_px2(inner)


def _shared_px2(one: Box, other: Box) -> float:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across * down if across > 0 and down > 0 else 0.0


def _area_px2(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _scale(box: Box, across: float, down: float) -> Box:
    return box[0] * across, box[1] * down, box[2] * across, box[3] * down


def _is_inside(box: Box, width_px: int, height_px: int) -> bool:
    return (
        box[0] >= -_EDGE_TOLERANCE_PX
        and box[1] >= -_EDGE_TOLERANCE_PX
        and box[2] <= width_px + _EDGE_TOLERANCE_PX
        and box[3] <= height_px + _EDGE_TOLERANCE_PX
    )
