"""How many frames a runner looks at in one go, and which cameras come first, so that no round outlasts what a stay allows. Pure.

A round takes the cameras that were not looked at for longest, a batch at a time, each frame taken from its slot only when its
turn comes: what waits is replaced by newer frames meanwhile, and what was looked at is remembered before the next batch.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

MOST_BATCH = 8
BATCH_S = 3.0  # a batch is cut so that it takes about this long
ROUND_S = 6.0  # after this a round ends and the next begins with those that had no turn
_NEWEST = 0.4  # weight of the newest batch in what a look takes


@dataclass(slots=True)
class Rounds:
    """Remembers how long a look takes and when each camera had its last turn (monotonic seconds)."""

    look_s: float | None = None
    _turns: dict[int, float] = field(default_factory=dict)

    @property
    def batch(self) -> int:
        """Frames of the next batch: as many as are usual, fewer where looks are slow, at least one."""
        if not self.look_s:
            return MOST_BATCH
        return max(1, min(MOST_BATCH, int(BATCH_S / self.look_s)))

    def order(self, camera_ids: Iterable[int]) -> list[int]:
        """Those that had no turn for longest first; cameras that are ours no more are forgotten."""
        ours = list(camera_ids)
        self._turns = {camera_id: self._turns[camera_id] for camera_id in ours if camera_id in self._turns}
        return sorted(ours, key=lambda camera_id: self._turns.get(camera_id, float("-inf")))

    def note_turn(self, camera_id: int, now_s: float) -> None:
        """This camera's frame was taken."""
        self._turns[camera_id] = now_s

    def note_batch(self, frames: int, took_s: float) -> None:
        """So many frames were looked at in so many seconds."""
        if frames < 1:
            return
        each_s = took_s / frames
        self.look_s = each_s if self.look_s is None else (1 - _NEWEST) * self.look_s + _NEWEST * each_s
