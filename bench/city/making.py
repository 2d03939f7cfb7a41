"""A generated city in a database of its own, made by ``python -m bench.city`` unless it is there already."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from ops.folders import ROOT


@dataclass(frozen=True, slots=True)
class GeneratedCity:
    """Where one generated city lies."""

    parcels: int
    database: str
    pack: Path


def make_city(parcels: int, *, flags: int, database: str, out: Path) -> GeneratedCity:
    """The city of ``parcels`` with half as many addresses; twice changes nothing. CalledProcessError where it cannot be made."""
    argv = ["bench.city", "--parcels", str(parcels), "--database", database, "--out", str(out), "--flags", str(flags)]
    print(f"== city of {parcels:,} parcels", flush=True)
    subprocess.run([sys.executable, "-m", *argv], cwd=ROOT, check=True)
    return GeneratedCity(parcels, database, out / f"benchville-{parcels}-{parcels // 2}-1")
