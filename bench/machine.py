"""One line about the machine and how busy it is, for the foot of every table of figures."""

from __future__ import annotations

import os
import platform
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
