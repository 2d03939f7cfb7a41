"""How often a runner that has too much to do samples its cameras: less often, never with minutes lost. Pure.

What is sampled but cannot be looked at in time is dropped. Where that is more than now and then, all cameras of the process
are sampled less often, which spares their decoding too; when there is room again, they come back step by step. Where even that
leaves a camera unseen for longer than a stay can be followed, frames are looked at once and whole instead of in windows.
"""

from __future__ import annotations

from dataclasses import dataclass

WINDOW_S = 12.0
TOO_MANY = 0.2  # share of the sampled frames that may be dropped
FAR_TOO_MANY = (
    0.6  # of frames 5 s apart: a camera is then seen every 12 s or more, and a stay is followed over 20 s at most
)
FEW = 0.05
STEP = 1.5
MOST_STRETCH = 8.0
EASE_AFTER_S = 60.0
SLOWEST_S = 5.0  # a stay is judged by frames no further apart than this, unless the camera's own record asks for less


@dataclass(slots=True)
class Pace:
    """``stretch`` is how many times longer than asked the pause between sampled frames is; ``is_coarse``: small things are
    given up, so that large ones are followed at all.
    """

    stretch: float = 1.0
    is_coarse: bool = False
    _since_s: float | None = None
    _eased_s: float = 0.0
    _seen: int = 0
    _dropped: int = 0

    @property
    def is_slowed(self) -> bool:
        """Whether frames are sampled less often than the records ask."""
        return self.stretch > 1.0

    def note(self, now_s: float, seen: int, dropped: int) -> None:
        """Frames sampled and dropped by all cameras so far; asked every few seconds."""
        if self._since_s is None or seen < self._seen or dropped < self._dropped:
            self._begin(now_s, seen, dropped)
            return
        if now_s - self._since_s < WINDOW_S or seen == self._seen:
            return
        share = (dropped - self._dropped) / (seen - self._seen)
        if share > TOO_MANY:
            self.is_coarse = self.is_coarse or (share > FAR_TOO_MANY and self.stretch >= MOST_STRETCH)
            self.stretch, self._eased_s = min(MOST_STRETCH, self.stretch * STEP), now_s
        elif share < FEW and self.is_slowed and now_s - self._eased_s >= EASE_AFTER_S:
            self._ease(now_s)
        self._begin(now_s, seen, dropped)

    def _ease(self, now_s: float) -> None:
        """Close looks come back first: seldom and closely shows more than often and from afar."""
        self._eased_s = now_s
        if self.is_coarse:
            self.is_coarse = False
            return
        eased = self.stretch / STEP
        self.stretch = eased if eased > 1.01 else 1.0

    def _begin(self, now_s: float, seen: int, dropped: int) -> None:
        self._since_s, self._seen, self._dropped = now_s, seen, dropped


def slowed_period_s(every_s: float, stretch: float) -> float:
    """Seconds between sampled frames; a camera that is asked for less than one in ``SLOWEST_S`` keeps its own pace."""
    return every_s if every_s >= SLOWEST_S else min(SLOWEST_S, every_s * stretch)
