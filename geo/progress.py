"""How far a load is: a value that the loader tells, and the line that a person at a terminal sees. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

_BAR_WIDTH = 30


class Step(StrEnum):
    """What a load is doing."""

    READING = "reading"
    COMPARING = "comparing"
    WRITING = "writing"


@dataclass(frozen=True, slots=True)
class Progress:
    """``done`` of ``total`` rows; steps inside the database tell their total only when they begin."""

    step: Step
    done: int
    total: int


Tell = Callable[[Progress], None]


def draw_bar(progress: Progress, seconds: float) -> str:
    """'reading   [#####.....] 50 %  500,000 of 1,000,000 rows, 41,000 a second, 12 s left'."""
    if progress.step is not Step.READING or not progress.total:
        return f"{progress.step:<10}{progress.total:,} rows"
    share = min(progress.done / progress.total, 1.0)
    filled = int(share * _BAR_WIDTH)
    rate = progress.done / seconds if seconds > 0 else 0.0
    left = f", {(progress.total - progress.done) / rate:.0f} s left" if rate else ""
    return (
        f"{progress.step:<10}[{'#' * filled}{'.' * (_BAR_WIDTH - filled)}] {share:4.0%}  "
        f"{progress.done:,} of {progress.total:,} rows, {rate:,.0f} a second{left}"
    )
