"""One camera watched over time: keeps a thinned memory of what was seen, and says when a clip of it is worth a case file.

Nothing is kept but evidence: frames live in memory only, until something stands still on the ground for as long as the
law asks. Then the thinned window becomes a clip, and goes through the same nine stages as any picture.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from detection.detections import Detection, Detections
from detection.ground_sighting import typical_depth_m
from detection.labels import LabelGroup, groups_of
from detection.tracking import Track, track
from geo.ground_path import GroundMapping, locate_path
from intake.photo import decode_upright, encode_jpeg

Pixels = NDArray[np.uint8]
KEPT_EVERY_S = 30.0  # domain 5.5: a snapshot every 30-60 s is enough to prove a stay
WINDOW_S = 2100.0  # longer than the longest stay any rule asks for (30 minutes), with room before it
STILL_M = 0.5  # domain 5.5 point 2
SAME_PLACE_M = 1.0
QUIET_S = 3 * 3600.0  # one clip per thing and day-part; after this a thing still there is told again
OBSTACLES = frozenset({LabelGroup.VEHICLE, LabelGroup.GOODS, LabelGroup.FURNITURE, LabelGroup.BARRIER})


@dataclass(frozen=True, slots=True)
class Evidence:
    """A clip's worth: moments from its first frame, the frames, and when it began."""

    began_at: datetime
    frames: tuple[tuple[float, Pixels], ...]
    labels: tuple[str, ...]


@dataclass(slots=True)
class _Kept:
    at: datetime
    seen: Detections
    jpeg: bytes


@dataclass(slots=True)
class CameraWatch:
    """Memory of one camera. ``mapping`` puts pixels on the ground; ``dwell_s`` is the least stay a rule asks of anything."""

    mapping: GroundMapping
    dwell_s: float
    kept: deque[_Kept] = field(default_factory=deque)
    told: list[tuple[datetime, float, float]] = field(default_factory=list)

    def wants(self, at: datetime) -> bool:
        """Whether a frame of this moment would be kept, so that only such frames are inferred."""
        return not self.kept or (at - self.kept[-1].at).total_seconds() >= KEPT_EVERY_S - 1e-3

    def add(self, at: datetime, rgb: Pixels, seen: Detections) -> Evidence | None:
        """Keep a frame and what was seen in it; evidence once a thing has stood still for long enough, told once."""
        self.kept.append(_Kept(at, seen, encode_jpeg(rgb)))
        while (at - self.kept[0].at).total_seconds() > WINDOW_S:
            self.kept.popleft()
        still = [place for place in self._list_still() if not self._was_told(at, place)]
        if not still:
            return None
        self.told += [(at, place[1], place[2]) for place in still]
        return self._pack(tuple(sorted({place[0] for place in still})))

    def forget(self) -> None:
        """The view changed (stream lost, camera moved): what was seen before proves nothing about now."""
        self.kept.clear()

    def _list_still(self) -> list[tuple[str, float, float]]:
        """(label, east_m, north_m) of every obstacle that stood still for ``dwell_s`` up to now."""
        began = self.kept[0].at
        frames = [_at(kept.seen, (kept.at - began).total_seconds()) for kept in self.kept]
        seen, tracks = track(frames)
        flat = [detection for frame in seen for detection in frame]
        now_s = (self.kept[-1].at - began).total_seconds()
        places = [self._find_still(one, flat, now_s) for one in tracks if OBSTACLES & groups_of(one.label)]
        return [place for place in places if place is not None]

    def _find_still(self, one: Track, flat: Sequence[Detection], now_s: float) -> tuple[str, float, float] | None:
        if one.last_s < now_s or one.last_s - one.first_s < self.dwell_s:
            return None
        boxes = [flat[index].box_px for index in one.indexes]
        times = [flat[index].frame_s or 0.0 for index in one.indexes]
        path = locate_path(boxes, times, self.mapping, depth_m=typical_depth_m(one.label))
        if path is None or path.displacement_m > STILL_M:
            return None
        return one.label, path.east_m, path.north_m

    def _was_told(self, at: datetime, place: tuple[str, float, float]) -> bool:
        self.told = [entry for entry in self.told if (at - entry[0]).total_seconds() < QUIET_S]
        return any(np.hypot(place[1] - east, place[2] - north) < SAME_PLACE_M for _, east, north in self.told)

    def _pack(self, labels: tuple[str, ...]) -> Evidence:
        began = self.kept[0].at
        frames = tuple(((kept.at - began).total_seconds(), decode_upright(kept.jpeg)) for kept in self.kept)
        return Evidence(began, frames, labels)


def _at(seen: Detections, frame_s: float) -> Detections:
    """The same claims with their moment in the window."""
    items = tuple(replace(item, frame_s=frame_s, track=None) for item in seen)
    return replace(seen, items=items, frame_s=frame_s)
