"""Things that stand still in a fixed view, followed frame by frame and over restarts. Pure.

Made for a frame a second of one camera. What moves is let go at once; what stands is kept by the overlap of its boxes,
through passers-by in front of it, lost frames and a restart: the whole state goes to JSON and back. Times are seconds (POSIX).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detection.detections import Box, Detection, Detections, overlap
from detection.labels import LabelGroup, groups_of
from errors import InputError, PlaceError
from geo.ground_path import WINDOW_S, GroundMapping

START_SCORE = 0.4
_LEAST_OVERLAP = 0.5
_LEAST_OVERLAP_LATER = 0.7  # after half a minute out of sight another thing may stand there
_LONG_UNSEEN_S = 30.0
_PATIENCE_S = 30.0
_PATIENCE_SHARE = 0.25  # of the time it was followed: a fifth hidden, and some room
_MOST_PATIENCE_S = 600.0
_SPOT_EVERY_S = 5.0
_SMOOTHING = 0.3
_LEAST_SPOTS = 3


@dataclass(slots=True)
class Standing:
    """One thing that has not moved on. ``looked`` counts the frames since it came, ``seen`` those that showed it.

    ``place_m`` is the median of where its foot stood within the last minute; None where that is no ground.
    """

    number: int
    box: Box
    first_at: float
    last_at: float
    votes: Counter[str] = field(default_factory=Counter)
    looked: int = 1
    seen: int = 1
    score: float = 0.0
    spots: list[tuple[float, float, float]] = field(default_factory=list)
    place_m: tuple[float, float] | None = None

    @property
    def label(self) -> str:
        """What it was taken for most often."""
        return self.votes.most_common(1)[0][0]

    @property
    def stay_s(self) -> float:
        """From the first to the last time it was seen."""
        return self.last_at - self.first_at

    @property
    def seen_share(self) -> float:
        """Share of the frames of its stay that showed it."""
        return self.seen / max(1, self.looked)

    def stand_at(self, at: float, east_m: float, north_m: float, still_m: float) -> None:
        """Note where its foot is. One that moved further within a minute begins its stay anew where it is now."""
        self.spots = [spot for spot in self.spots if at - spot[0] <= WINDOW_S]
        self.spots.append((at, east_m, north_m))
        places = np.array([spot[1:] for spot in self.spots])
        if _move_m(places) > still_m:
            self.spots = self.spots[len(self.spots) // 2 :]
            self.first_at, self.looked, self.seen = self.spots[0][0], 1, 1
            places = np.array([spot[1:] for spot in self.spots])
        east, north = np.median(places, axis=0)
        self.place_m = (float(east), float(north))


@dataclass(slots=True)
class StandingThings:
    """All that stands in one view. ``groups`` are the kinds that are followed;
    what moves less than ``still_m`` within a minute stands.
    """

    mapping: GroundMapping
    groups: frozenset[LabelGroup]
    still_m: float = 0.5
    things: list[Standing] = field(default_factory=list)
    next_number: int = 1
    last_at: float | None = None

    def add(self, at: float, seen: Detections) -> None:
        """One frame's claims. Frames that nobody looked at say nothing; only those that were count against a thing."""
        claims = [item for item in seen if self.groups & groups_of(item.label)]
        matched = self._match(at, claims)
        for thing in self.things:
            thing.looked += 1
        for thing, item in matched:
            self._take(thing, item, at)
        taken = {id(item) for _, item in matched}
        for item in claims:
            if id(item) not in taken and item.score >= START_SCORE:
                self._start(item, at)
        self.things = [thing for thing in self.things if at - thing.last_at <= _patience_s(thing)]
        self.last_at = at

    def forget(self) -> None:
        """The view is another one."""
        self.things.clear()
        self.last_at = None

    def to_json(self) -> dict[str, Any]:
        """The whole state; ``restore`` takes it up again."""
        return {
            "last_at": self.last_at,
            "next_number": self.next_number,
            "things": [
                {
                    "number": t.number, "box": list(t.box), "first_at": t.first_at, "last_at": t.last_at,
                    "votes": dict(t.votes), "looked": t.looked, "seen": t.seen, "score": t.score,
                    "spots": [list(spot) for spot in t.spots], "place_m": t.place_m,
                }
                for t in self.things
            ],
        }  # fmt: skip

    def restore(self, stored: Mapping[str, Any]) -> None:
        """Take up a stored state; a state of another form is nothing to go on with."""
        try:
            self.things = [_read_thing(raw) for raw in stored["things"]]
            self.next_number = int(stored["next_number"])
            self.last_at = None if stored["last_at"] is None else float(stored["last_at"])
        except (KeyError, TypeError, ValueError, IndexError):
            self.forget()

    def _match(self, at: float, claims: Sequence[Detection]) -> list[tuple[Standing, Detection]]:
        """Things and claims, the most alike first, each once."""
        pairs = sorted(
            ((likeness, index, thing, item)
             for thing in self.things
             for index, item in enumerate(claims)
             if (likeness := _likeness(thing, item, at)) > 0),
            key=lambda pair: (-pair[0], pair[2].number, pair[1]),
        )  # fmt: skip
        matched: list[tuple[Standing, Detection]] = []
        things: set[int] = set()
        used: set[int] = set()
        for _, index, thing, item in pairs:
            if thing.number not in things and index not in used:
                things.add(thing.number)
                used.add(index)
                matched.append((thing, item))
        return matched

    def _take(self, thing: Standing, item: Detection, at: float) -> None:
        thing.box = tuple(
            (1 - _SMOOTHING) * old + _SMOOTHING * new for old, new in zip(thing.box, item.box_px, strict=True)
        )  # type: ignore[assignment]
        thing.last_at = at
        thing.seen += 1
        thing.votes[item.label] += 1
        thing.score = max(thing.score, item.score)
        if not thing.spots or at - thing.spots[-1][0] >= _SPOT_EVERY_S:
            self._note_spot(thing, item, at)

    def _start(self, item: Detection, at: float) -> None:
        thing = Standing(self.next_number, item.box_px, at, at, Counter({item.label: 1}), score=item.score)
        self.next_number += 1
        self._note_spot(thing, item, at)
        self.things.append(thing)

    def _note_spot(self, thing: Standing, item: Detection, at: float) -> None:
        try:
            east, north, _ = self.mapping.to_ground(*item.bottom_centre_px)
        except (InputError, PlaceError):
            return
        thing.stand_at(at, east, north, self.still_m)


def _move_m(places: NDArray[np.float64]) -> float:
    """From the median of the earlier half of a minute to that of the later: a jittering box is no move."""
    if len(places) < _LEAST_SPOTS:
        return 0.0
    half = len(places) // 2
    return float(np.hypot(*(np.median(places[-half:], axis=0) - np.median(places[:half], axis=0))))


def _patience_s(thing: Standing) -> float:
    return min(_MOST_PATIENCE_S, max(_PATIENCE_S, _PATIENCE_SHARE * thing.stay_s))


def _likeness(thing: Standing, item: Detection, at: float) -> float:
    if not _is_same_kind(thing.votes, item.label):
        return 0.0
    shared = overlap(thing.box, item.box_px)
    needed = _LEAST_OVERLAP if at - thing.last_at <= _LONG_UNSEEN_S else _LEAST_OVERLAP_LATER
    return shared if shared >= needed else 0.0


def _is_same_kind(votes: Iterable[str], label: str) -> bool:
    """The same label, or both two-wheelers, or both larger vehicles: networks waver between those."""
    known = set(votes)
    if label in known:
        return True
    groups = groups_of(label)
    if LabelGroup.VEHICLE not in groups:
        return False
    is_two = LabelGroup.TWO_WHEELER in groups
    return any(
        LabelGroup.VEHICLE in groups_of(other) and (LabelGroup.TWO_WHEELER in groups_of(other)) is is_two
        for other in known
    )


def _read_thing(raw: Mapping[str, Any]) -> Standing:
    x_min, y_min, x_max, y_max = (float(edge) for edge in raw["box"])
    return Standing(
        number=int(raw["number"]),
        box=(x_min, y_min, x_max, y_max),
        first_at=float(raw["first_at"]),
        last_at=float(raw["last_at"]),
        votes=Counter({str(label): int(count) for label, count in raw["votes"].items()}),
        looked=int(raw["looked"]),
        seen=int(raw["seen"]),
        score=float(raw["score"]),
        spots=[(float(t), float(e), float(n)) for t, e, n in raw["spots"]],
        place_m=None if raw["place_m"] is None else (float(raw["place_m"][0]), float(raw["place_m"][1])),
    )
