"""The strip below a clip: its frames as ticks and how long the thing was watched, in hundredths of the strip. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MARGIN = 1.0
MOST_TICKS = 60


@dataclass(frozen=True, slots=True)
class DwellStrip:
    """``ticks`` and the stay's ends run from 1 to 99; ``dwell_s`` is None when the finding is of the whole picture."""

    ticks: tuple[float, ...]
    from_x: float | None
    to_x: float | None
    length_s: float
    dwell_s: float | None
    count: int


def lay_out_strip(moments_s: Sequence[float], first_s: float | None, last_s: float | None) -> DwellStrip:
    """The strip of a clip's frames; at most sixty ticks are drawn."""
    begin, end = min(moments_s), max(moments_s)
    length_s = max(end - begin, 1e-6)

    def place(moment_s: float) -> float:
        return MARGIN + (100 - 2 * MARGIN) * (moment_s - begin) / length_s

    step = max(1, len(moments_s) // MOST_TICKS)
    ticks = tuple(place(moment) for moment in moments_s[::step])
    if first_s is None or last_s is None:
        return DwellStrip(ticks, None, None, end - begin, None, len(moments_s))
    return DwellStrip(ticks, place(first_s), place(last_s), end - begin, last_s - first_s, len(moments_s))
