"""Generate a city of N parcels and load it: ``python -m bench.city --parcels 1000000 --database viahe_bench --out FOLDER``.

Writes a city pack (parcels with 7 attributes, both plans, plan lines, roads, sidewalks, overlays, permits, wards old and
new) below FOLDER, always the same for a number and a seed, and loads it with the product's own loader into a database of
its own. Twice changes nothing. ``--no-load`` only writes; ``--flags 200000`` adds flags;
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from bench.city import database
from bench.city.layout import CityPlan
from bench.city.pack import SLUG, write_pack
from errors import ProjectError


def main() -> None:
    """Write, load, tell."""
    options = _read_arguments()
    plan = CityPlan(options.parcels, options.seed)
    addresses = options.parcels // 2 if options.addresses is None else options.addresses
    try:
        with _Timed("generated"):
            pack = write_pack(plan, options.out, address_count=addresses)
        print(f"pack: {pack}")
        if not options.no_load:
            _load(pack, plan, options)
    except ProjectError as error:
        sys.exit(str(error))


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parcels", type=int, default=1_000_000)
    parser.add_argument("--addresses", type=int, help="parcels that have an address; half of them by default")
    parser.add_argument("--flags", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", default="viahe_bench")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--no-load", action="store_true")
    return parser.parse_args()


def _load(pack: Path, plan: CityPlan, options: argparse.Namespace) -> None:
    database.use_database(options.database)
    database.prepare()
    from bench.city.flags import add_flags
    from geo.actions import load_registers
    from geo.pack import read_pack

    start = time.perf_counter()
    for summary in load_registers(read_pack(pack)):
        counts = (
            f"{summary.rows:,} rows, {summary.new:,} new, {summary.unchanged:,} unchanged, {summary.issues:,} issues"
        )
        print(f"{summary.source}: {summary.state}, {counts}, {time.perf_counter() - start:.1f} s", flush=True)
        start = time.perf_counter()
    with _Timed("flags"):
        added = add_flags(plan, options.flags, SLUG) if options.flags else 0
    print(f"flags added: {added:,}; database: {options.database}")


class _Timed:
    """Prints how long a part took."""

    def __init__(self, what: str) -> None:
        self._what = what

    def __enter__(self) -> None:
        self._start = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        print(f"{self._what}: {time.perf_counter() - self._start:.1f} s", flush=True)


if __name__ == "__main__":
    main()
