"""One camera watched over time: follows what stands still, keeps frames only while something does, and says when a clip of it is
worth a case file. Pure: the runner hands in frames and claims and stores what comes out.

Nothing is kept but evidence: a short ring of frames lives in memory; once a thing has stood for a while beside a sidewalk
its frames go to the frame store; when it has stood as long as the law asks they become a clip, with the seconds before it
came and after it was certain, and go through the same nine stages as any picture.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import hypot
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detection.detections import Detections
from detection.labels import LabelGroup
from detection.standing import Standing, StandingThings
from geo.ground_path import GroundMapping
from intake.photo import decode_upright

Pixels = NDArray[np.uint8]
RING_S = 10.0  # before a thing comes, and after its stay is certain
# Domain 5.5: a snapshot every 30-60 s is enough. The tracker of stage 3 joins up to 30 s, in which a take-over must fit as well.
KEPT_EVERY_S = 10.0
SEEN_WITHIN_S = 20.0
JOINED_S = 30.0  # the longest gap between a clip's frames over which stage 3 follows a thing
CANDIDATE_S = 20.0  # from which a thing that stands is worth keeping frames for
STILL_M = 0.5  # domain 5.5 point 2
SAME_PLACE_M = 1.0
LEAST_SEEN = 0.5  # below this a track is flicker; the law's own share is asked by its rule
QUIET_S = 3 * 3600.0  # one clip per thing and day-part; after this a thing still there is told again
OBSTACLES = frozenset({LabelGroup.VEHICLE, LabelGroup.GOODS, LabelGroup.FURNITURE, LabelGroup.BARRIER})
Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class KeptFrame:
    """A frame on its way to the frame store: POSIX seconds and JPEG."""

    at: float
    jpeg: bytes


@dataclass(frozen=True, slots=True)
class Evidence:
    """A clip's worth: when it begins, its frames (seconds from then), and what stands in it."""

    began_at: datetime
    frames: tuple[KeptFrame, ...]
    labels: tuple[str, ...]

    def pixels(self) -> Sequence[tuple[float, Pixels]]:
        """(seconds from the first frame, upright RGB), decoded."""
        return [(frame.at - self.frames[0].at, decode_upright(frame.jpeg)) for frame in self.frames]


@dataclass(frozen=True, slots=True)
class Step:
    """What one frame led to: frames to store, and evidence to file."""

    keep: tuple[KeptFrame, ...] = ()
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class WatchTerms:
    """What counts. ``dwell_of`` gives the stay in seconds that the law asks of a label, None where it asks nothing of it;
    ``is_near_sidewalk`` tells of a place in the calibration's metres whether it can concern a sidewalk.
    """

    dwell_of: Callable[[str], float | None]
    is_near_sidewalk: Callable[[Place], bool] = lambda _place: True


@dataclass(slots=True)
class _Due:
    """Evidence that waits for the seconds after it."""

    ready_at: float
    since: float
    labels: tuple[str, ...]


@dataclass(slots=True)
class CameraWatch:
    """Memory of one camera. ``mapping`` puts the pixels of the handed frames on the ground."""

    mapping: GroundMapping
    terms: WatchTerms
    things: StandingThings = field(init=False)
    ring: deque[KeptFrame] = field(default_factory=deque)
    kept: deque[KeptFrame] = field(default_factory=deque)
    told: list[tuple[float, float, float]] = field(default_factory=list)
    due: _Due | None = None
    last_seen: Detections | None = None
    arrivals: dict[int, tuple[KeptFrame, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.things = StandingThings(self.mapping, OBSTACLES, STILL_M)

    def see(self, at: datetime, jpeg: bytes, seen: Detections | None) -> Step:
        """One frame. ``seen`` None: nothing changed since the last frame that was looked at."""
        now = at.timestamp()
        if seen is not None:
            self.last_seen = seen
        if self.last_seen is not None:
            self.things.add(now, self.last_seen)
        self._remember(KeptFrame(now, jpeg))
        self._note_arrivals()
        keep = self._keep(now)
        self._mark_due(now)
        return Step(keep, self._pack(now))

    def forget(self) -> None:
        """Another view (a file begins again, another resolution): what was seen before proves nothing about now."""
        self.things.forget()
        self.ring.clear()
        self.kept.clear()
        self.arrivals.clear()
        self.last_seen, self.due = None, None

    def lose_sight(self) -> None:
        """Frames stopped coming: what stands may have left, so nothing is carried over until it is seen again."""
        self.last_seen = None

    def candidates(self) -> Iterator[Standing]:
        """What stands and is worth keeping frames for."""
        return (thing for thing in self.things.things if self._is_candidate(thing))

    def to_json(self) -> dict[str, Any]:
        """All that must survive a restart, without pictures."""
        due = None if self.due is None else [self.due.ready_at, self.due.since, list(self.due.labels)]
        return {"form": 2, "things": self.things.to_json(), "told": [list(entry) for entry in self.told], "due": due}

    def restore(self, stored: Mapping[str, Any], frames: Sequence[KeptFrame]) -> None:
        """Take up a stored memory with the frames of the store; of another form, begin anew."""
        if stored.get("form") != 2:
            return
        self.things.restore(stored["things"])
        self.told = [(float(t), float(e), float(n)) for t, e, n in stored["told"]]
        if stored["due"] is not None:
            ready_at, since, labels = stored["due"]
            self.due = _Due(float(ready_at), float(since), tuple(labels))
        self.kept = deque(sorted(frames, key=lambda frame: frame.at))

    def _remember(self, frame: KeptFrame) -> None:
        self.ring.append(frame)
        while frame.at - self.ring[0].at > RING_S:
            self.ring.popleft()

    def _note_arrivals(self) -> None:
        """A thing that has just come holds on to the seconds before it until it leaves, becomes a candidate, or never will."""
        alive = {thing.number for thing in self.things.things if thing.stay_s < 2 * CANDIDATE_S}
        self.arrivals = {number: frames for number, frames in self.arrivals.items() if number in alive}
        for thing in self.things.things:
            if thing.looked == 1 and thing.number not in self.arrivals:
                self.arrivals[thing.number] = tuple(self.ring)

    def _keep(self, now: float) -> tuple[KeptFrame, ...]:
        """Frames for the store: those before a candidate came, then one now and then, and each while evidence is due."""
        awaited = [thing for thing in self.candidates() if self._is_awaited(thing, now)]
        if not awaited and self.due is None:
            self.kept.clear()
            return ()
        fresh = [frame for thing in awaited for frame in self.arrivals.pop(thing.number, ())]
        if fresh:  # from its coming until now it was no candidate: one frame from between
            fresh.append(self.ring[0])
        last = self.kept[-1].at if self.kept else -np.inf
        if now - last >= KEPT_EVERY_S - 1e-3 or self.due is not None:
            fresh.append(self.ring[-1])
        known = {frame.at for frame in self.kept}
        unique = {frame.at: frame for frame in fresh if frame.at not in known}
        self.kept = deque(sorted([*self.kept, *unique.values()], key=lambda frame: frame.at))
        oldest = min([thing.first_at for thing in awaited], default=now) - RING_S - 1.0
        oldest = min(oldest, self.due.since - RING_S - 1.0) if self.due is not None else oldest
        while self.kept and self.kept[0].at < oldest:
            self.kept.popleft()
        return tuple(unique.values())

    def _is_candidate(self, thing: Standing) -> bool:
        place = thing.place_m
        if thing.stay_s < CANDIDATE_S or place is None or self.terms.dwell_of(thing.label) is None:
            return False
        return self.terms.is_near_sidewalk(place)

    def _shown_s(self, thing: Standing, now: float) -> float:
        """How much of its stay the kept frames can prove: after a runner died they may begin later than it did."""
        since = now
        for frame in reversed(self.kept):
            if since - frame.at > JOINED_S:
                break
            since = frame.at
        return thing.last_at - max(thing.first_at, since)

    def _is_awaited(self, thing: Standing, now: float) -> bool:
        """Not told yet, or so long ago that it will be told again after one more stay: only then are its frames needed."""
        told_at = self._told_at(thing.place_m)
        return told_at is None or now - told_at >= QUIET_S - (self.terms.dwell_of(thing.label) or 0.0)

    def _mark_due(self, now: float) -> None:
        """Things that stand for as long as the law asks, each told once: their clip is due in ten seconds."""
        self.told = [entry for entry in self.told if now - entry[0] < QUIET_S]
        for thing in self.things.things:
            place = thing.place_m
            if place is None or not self._has_stood(thing, now) or self._told_at(place) is not None:
                continue
            self.told.append((now, *place))
            if self.due is None:
                self.due = _Due(now + RING_S, thing.first_at, (thing.label,))
            else:
                labels = tuple(sorted({*self.due.labels, thing.label}))
                self.due = _Due(self.due.ready_at, min(self.due.since, thing.first_at), labels)

    def _has_stood(self, thing: Standing, now: float) -> bool:
        dwell_s = self.terms.dwell_of(thing.label)
        if dwell_s is None or min(thing.stay_s, self._shown_s(thing, now)) < dwell_s:
            return False
        if now - thing.last_at > SEEN_WITHIN_S:
            return False
        return thing.seen_share >= LEAST_SEEN and self._is_candidate(thing)

    def _told_at(self, place: Place | None) -> float | None:
        """When a thing at this place was told last; None where that is longer ago than matters."""
        if place is None:
            return None
        near = [at for at, east, north in self.told if hypot(place[0] - east, place[1] - north) < SAME_PLACE_M]
        return max(near, default=None)

    def _pack(self, now: float) -> Evidence | None:
        if self.due is None or now < self.due.ready_at:
            return None
        due, self.due = self.due, None
        frames = tuple(frame for frame in self.kept if frame.at >= due.since - RING_S - 1.0)
        if not frames:
            return None
        return Evidence(datetime.fromtimestamp(frames[0].at, UTC), frames, due.labels)
