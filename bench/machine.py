"""What every measurement of ``make bench-registers`` shares: a line about the machine, how long it lasts, where its table goes.

``BENCH_BRIEF=1`` is a trial of the commands: each measures for a second once, and no table is written.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from pathlib import Path


def describe_machine() -> str:
    """Cores, memory, load now and the day."""
    kilobytes = next(line.split()[1] for line in Path("/proc/meminfo").read_text().splitlines() if "MemTotal" in line)
    load = " ".join(f"{figure:.1f}" for figure in os.getloadavg())
    return (
        f"{os.cpu_count()} cores, {int(kilobytes) / 1e6:.0f} GB, Python {platform.python_version()},"
        f" load {load} (1, 5, 15 min), {datetime.now(UTC):%Y-%m-%d}"
    )


IS_BRIEF = os.environ.get("BENCH_BRIEF") == "1"


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table of aims: what was done, what was measured, the aim in words, whether it is met."""

    work: str
    measured: str
    aim: str
    is_met: bool


def choose_length(rounds: int, seconds: float) -> tuple[int, float]:
    """Rounds and seconds of each."""
    return (1, 1.0) if IS_BRIEF else (rounds, seconds)


def write_table(path: Path, text: str, figures: Sequence[Figure]) -> None:
    """Into its file, unless this is a trial; shown in either case. ``BENCH_FIGURES`` names a file that takes the figures."""
    if not IS_BRIEF:
        path.write_text(text)
    print(text, flush=True)
    summary = os.environ.get("BENCH_FIGURES")
    if summary:
        with Path(summary).open("a") as file:
            file.writelines(json.dumps([path.name, *astuple(figure)]) + "\n" for figure in figures)
