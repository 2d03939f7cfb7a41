"""A late run's time as pieces that add up: by step and part, its lateness laid on the counted ones by their share. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cases.lateness import Part

NOT_SAID = "none"
SpentEntry = tuple[str, str, float, float]


@dataclass(frozen=True, slots=True)
class Piece:
    """Seconds by the clock and by the wall in one step and part, and the lateness that falls on it.

    ``leads`` is 1 on the first piece of a run and ``begins`` on the first counted one of each step: their sums count runs.
    """

    step: str
    part: str
    clock_s: float
    wall_s: float
    late_s: float
    late_wall_s: float
    begins: int
    leads: int


def cut_late(spent: Sequence[SpentEntry], *, late_s: float, late_wall_s: float) -> tuple[Piece, ...]:
    """The pieces of one run. Pauses count for no lateness. A run without any time is one empty piece, so that it counts."""
    counted_s = sum(clock_s for _, part, clock_s, _ in spent if part != Part.PAUSE and clock_s > 0)
    begun: set[str] = set()
    pieces: list[Piece] = []
    for step, part, clock_s, wall_s in spent or [("", "", 0.0, 0.0)]:
        is_counted = part != Part.PAUSE and clock_s > 0
        share = clock_s / counted_s if is_counted else 0.0
        begins = is_counted and step not in begun
        begun |= {step} if begins else set()
        pieces.append(
            Piece(step, part, clock_s, wall_s, late_s * share, late_wall_s * share, int(begins), int(not pieces))
        )
    return tuple(pieces)
