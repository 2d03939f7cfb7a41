"""The same thing over the frames of one view: boxes joined by motion and overlap. Pure.

Made for two paces: video of a second or less between frames, where things move on smoothly, and time-lapse (a frame in 30 s),
where only what stands still can be followed: it stays at an overlap near 0.9, while moving things are new ones each time.
A thing that is hidden for a while is taken up again where it stood.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detection.detections import Box, Detection, Detections, overlap
from detection.labels import LabelGroup

_SURE_SCORE = 0.4  # a track starts only here; weaker claims may continue one
_MIN_OVERLAP = 0.25
_MIN_OVERLAP_STILL = 0.5  # after a gap or at a slow pace only what stands still is believed the same
_SMOOTH_PACE_S = 2.0
_MAX_GAP_S = 30.0
_MIN_OVERLAP_LONG_GAP = 0.7  # another car in the same slot is rarely that alike
_MAX_GAP_SHARE = 1.0  # ... or this share of the time the track has been followed
_VELOCITY_MEMORY = 0.6
_SIMILAR = (frozenset({"car", "truck", "bus", "site vehicle"}), frozenset({"person", "worker"}))


@dataclass(frozen=True, slots=True)
class Track:
    """One thing over frames. ``indexes`` are its detections' places in the run; ``seen_share`` the share of the frames
    between first and last in which it was seen (the rest: hidden). Times are seconds of the clip.
    """

    track: int
    label: str
    first_s: float
    last_s: float
    seen_share: float
    indexes: tuple[int, ...]

    def to_json(self) -> dict[str, Any]:
        """The form stored with a run."""
        return {
            "track": self.track,
            "label": self.label,
            "first_s": self.first_s,
            "last_s": self.last_s,
            "seen_share": round(self.seen_share, 4),
            "indexes": list(self.indexes),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Track:
        """The value back from its stored form."""
        return cls(
            track=int(stored["track"]),
            label=str(stored["label"]),
            first_s=float(stored["first_s"]),
            last_s=float(stored["last_s"]),
            seen_share=float(stored["seen_share"]),
            indexes=tuple(int(index) for index in stored["indexes"]),
        )


@dataclass(slots=True)
class _Path:
    """A track while it is followed: where it was last seen, how fast its centre moves (pixels per second), its votes."""

    number: int
    box: Box
    time_s: float
    frame: int
    velocity: tuple[float, float] = (0.0, 0.0)
    indexes: list[int] = field(default_factory=list)
    frames: list[int] = field(default_factory=list)
    votes: Counter[str] = field(default_factory=Counter)
    first_s: float = 0.0

    def expected(self, time_s: float, *, moving: bool) -> Box:
        """Where the box should be at a time, if it moves on; or where it was."""
        if not moving:
            return self.box
        ahead = time_s - self.time_s
        across, down = self.velocity[0] * ahead, self.velocity[1] * ahead
        return self.box[0] + across, self.box[1] + down, self.box[2] + across, self.box[3] + down

    def take(self, item: Detection, index: int, frame: int, time_s: float) -> None:
        """Continue with a detection."""
        if self.indexes and time_s > self.time_s:
            elapsed = time_s - self.time_s
            (old_x, old_y), (new_x, new_y) = _centre(self.box), _centre(item.box_px)
            fresh = 1 - _VELOCITY_MEMORY
            self.velocity = (
                _VELOCITY_MEMORY * self.velocity[0] + fresh * (new_x - old_x) / elapsed,
                _VELOCITY_MEMORY * self.velocity[1] + fresh * (new_y - old_y) / elapsed,
            )
        self.box, self.time_s, self.frame = item.box_px, time_s, frame
        self.indexes.append(index)
        self.frames.append(frame)
        self.votes[item.label] += 1


def track(
    frames: Sequence[Detections], *, max_gap_s: float = _MAX_GAP_S, sure_score: float = _SURE_SCORE
) -> tuple[tuple[Detections, ...], tuple[Track, ...]]:
    """The frames with their claims numbered by track, and the tracks, longest first seen first.

    Frames are in order of time. Claims below ``sure_score`` start no track; those matched to none keep ``track`` None.
    """
    paths: list[_Path] = []
    numbers: dict[int, int] = {}
    index = 0
    for number, frame in enumerate(frames):
        time_s = frame.frame_s if frame.frame_s is not None else float(number)
        alive = [path for path in paths if time_s - path.time_s <= _patience_s(path, max_gap_s)]
        indexed = [(index + place, item) for place, item in enumerate(frame)]
        index += len(frame)
        matched = _match(alive, indexed, time_s)
        for place, item in indexed:
            path = matched.get(place)
            if path is None and item.score >= sure_score:
                path = _Path(len(paths) + 1, item.box_px, time_s, number, first_s=time_s)
                paths.append(path)
            if path is not None:
                path.take(item, place, number, time_s)
                numbers[place] = path.number
    return _number(frames, numbers), tuple(_finish(path) for path in paths)


def _patience_s(path: _Path, max_gap_s: float) -> float:
    """How long a hidden thing is waited for: longer the longer it was there."""
    return max(max_gap_s, _MAX_GAP_SHARE * (path.time_s - path.first_s), 1.5 * _pace_s(path))


def _pace_s(path: _Path) -> float:
    return (path.time_s - path.first_s) / max(1, path.frame - path.frames[0]) if path.frames else 0.0


def _match(alive: list[_Path], indexed: list[tuple[int, Detection]], time_s: float) -> dict[int, _Path]:
    """Claims of one frame to paths: the sure ones first, then the weak ones to what is left (as ByteTrack does)."""
    matched: dict[int, _Path] = {}
    for sure in (True, False):
        claims = [(place, item) for place, item in indexed if (item.score >= _SURE_SCORE) is sure]
        taken = {id(path) for path in matched.values()}
        free = [path for path in alive if id(path) not in taken]
        if claims and free:
            matched |= _assign(free, claims, time_s)
    return matched


def _assign(paths: list[_Path], claims: list[tuple[int, Detection]], time_s: float) -> dict[int, _Path]:
    likeness: NDArray[np.float64] = np.array([[_likeness(path, item, time_s) for _, item in claims] for path in paths])
    from scipy.optimize import linear_sum_assignment  # a second of start-up, and web processes only read tracks

    rows, columns = linear_sum_assignment(-likeness)
    return {
        claims[column][0]: paths[row] for row, column in zip(rows, columns, strict=True) if likeness[row, column] > 0
    }


def _likeness(path: _Path, item: Detection, time_s: float) -> float:
    """Overlap of a claim with where the path should be; 0 where they cannot be the same thing."""
    if not _same_kind(path, item):
        return 0.0
    waited_s = time_s - path.time_s
    still = overlap(path.box, item.box_px)
    if waited_s > _SMOOTH_PACE_S:
        needed = _MIN_OVERLAP_STILL if waited_s <= _MAX_GAP_S else _MIN_OVERLAP_LONG_GAP
        return still if still >= needed else 0.0
    best = max(still, overlap(path.expected(time_s, moving=True), item.box_px))
    return best if best >= _MIN_OVERLAP else 0.0


def _same_kind(path: _Path, item: Detection) -> bool:
    if item.label in path.votes:
        return True
    if LabelGroup.TWO_WHEELER in item.groups and path.votes.keys() <= {"bicycle", "motorcycle"}:
        return True
    return any(item.label in group and path.votes.keys() <= group for group in _SIMILAR)


def _number(frames: Sequence[Detections], numbers: dict[int, int]) -> tuple[Detections, ...]:
    numbered = []
    index = 0
    for frame in frames:
        items = tuple(replace(item, track=numbers.get(index + place)) for place, item in enumerate(frame))
        index += len(frame)
        numbered.append(replace(frame, items=items))
    return tuple(numbered)


def _finish(path: _Path) -> Track:
    looked = path.frames[-1] - path.frames[0] + 1
    label = path.votes.most_common(1)[0][0]
    return Track(path.number, label, path.first_s, path.time_s, len(path.frames) / looked, tuple(path.indexes))


def _centre(box: Box) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
