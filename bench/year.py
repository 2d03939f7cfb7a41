"""The generated year in a database of its own, made once and kept: a city pack, then ``manage.py simulate_year``."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from bench.city.database import prepare, use_database
from ops.folders import ROOT

DATABASE = "viahe_year"


def open_year(
    *, seed: int = 1, scale: float = 1.0, database: str = DATABASE, pack: Path = ROOT / "cities" / "hcmc"
) -> float:
    """Django on the year's database, filled where it was empty; seconds that filling took, 0 when it was there."""
    use_database(database)
    prepare()
    from django.core.management import call_command

    from cases.models import Case

    if Case.objects.exists():
        return 0.0
    call_command("load_city", str(pack), "--no-tiles", stdout=sys.stderr)
    began = time.perf_counter()
    call_command("simulate_year", seed=seed, scale=scale, stdout=sys.stderr)
    _analyse()
    return time.perf_counter() - began


def _analyse() -> None:
    """Statistics for the planner, as a database in use has them."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def main() -> None:
    """Make it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--database", default=DATABASE)
    asked = parser.parse_args()
    seconds = open_year(seed=asked.seed, scale=asked.scale, database=asked.database)
    print(f"{asked.database}: {'made' if seconds else 'was there'} ({seconds:.0f} s)")


if __name__ == "__main__":
    main()
