"""The time of late clocks summed up: the kept pieces of those that stopped in one pass of the database, the running ones here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, Sum

from cases.late_pieces import NOT_SAID, Piece


@dataclass(slots=True)
class StepSum:
    """Lateness of one unit of counting laid on a step, by cause, in seconds by the clock and by the wall."""

    late_s: float = 0.0
    late_wall_s: float = 0.0
    clocks: int = 0


@dataclass(slots=True)
class PartSum:
    """All time of one unit of counting in a step and part."""

    clock_s: float = 0.0
    wall_s: float = 0.0


class LateSums:
    """What the clocks of a question sum up to. ``steps`` by unit, step and cause, ``parts`` by unit, step and part."""

    def __init__(self) -> None:
        self.steps: dict[tuple[str, str, str], StepSum] = defaultdict(StepSum)
        self.parts: dict[tuple[str, str, str], PartSum] = defaultdict(PartSum)
        self.handovers = self.unexplained = self.clocks = 0

    def add(self, unit: str, cause: str, pieces: Iterable[Piece], *, handovers: int) -> None:
        """One run, or the sum of many of one cause, step and part."""
        for piece in pieces:
            if piece.begins or piece.late_s:
                step = self.steps[unit, piece.step, cause]
                step.late_s += piece.late_s
                step.late_wall_s += piece.late_wall_s
                step.clocks += piece.begins
            if piece.step:
                part = self.parts[unit, piece.step, piece.part]
                part.clock_s += piece.clock_s
                part.wall_s += piece.wall_s
            self.clocks += piece.leads
            self.unexplained += piece.leads if cause == NOT_SAID else 0
        self.handovers += handovers


def sum_pieces(pieces: QuerySet[Any]) -> LateSums:
    """The sums over the kept pieces of stopped, late clocks."""
    sums = LateSums()
    names = ("clock_s", "wall_s", "late_s", "late_wall_s", "begins", "leads", "handovers")
    grouped = pieces.values("unit", "cause", "step", "part").annotate(**{f"all_{name}": Sum(name) for name in names})
    for unit, cause, step, part, *found, handovers in grouped.values_list(
        "unit", "cause", "step", "part", *(f"all_{name}" for name in names)
    ):
        sums.add(unit, cause, [Piece(step, part, *found)], handovers=handovers)
    return sums
