"""``make bench-registers``: every row about registers, look-up, query and tiles, on generated cities of 1M and 2M parcels.

The cities lie in databases of their own on the same server and in FOLDER, never among the demo's data; both are kept, so
that a second run starts at once. A measurement is a module with ``main()`` that takes the arguments it needs of
``--database`` and ``--pack`` (the first city), ``--bigger-database`` and ``--bigger-pack`` (one twice its size), and
writes its own file in ``bench/results``; it is added to ``ROWS``. After each the table of aims in ``bench/RESULTS.md`` is
renewed; ``--brief`` tries all commands for a second each and writes nothing.

    python -m bench.registers [--parcels 1000000] [--out FOLDER] [--only load ...] [--without-bigger] [--brief]
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.city.making import GeneratedCity, make_city
from bench.peers import find_peers
from bench.register_aims import read_figures, renew
from ops.folders import ROOT, choose_var

RESULTS = ROOT / "bench" / "RESULTS.md"
FLAGS = 200_000
PROGRAMS = {"wrk": "wrk", "pgbench": "postgresql"}  # and the package that brings it


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement; ``needs_bigger`` when it compares two sizes of city."""

    name: str
    module: str
    needs_bigger: bool = False


ROWS = (
    Row("load", "bench.register_load"),
    Row("cross-check", "bench.cross_check"),
    Row("look-up", "bench.place_lookup", needs_bigger=True),
    Row("addresses", "bench.address_search"),
    Row("rebuild", "bench.tile_rebuild"),
    Row("tiles", "bench.tiles"),
    Row("tile growth", "bench.tile_growth", needs_bigger=True),
    Row("live tiles", "bench.live_tiles"),
    Row("raster tiles", "bench.raster_tiles"),
)
FILES = tuple(f"{row.module.removeprefix('bench.')}.md" for row in ROWS)


def main() -> None:
    """Make the cities, then run every row; the exit code tells of rows that failed."""
    options = _read_arguments()
    os.environ["BENCH_BRIEF"] = "1" if options.brief else "0"
    rows = [row for row in ROWS if not options.only or row.name in options.only]
    _require_programs()
    print(f"peers: {find_peers()}", flush=True)
    bigger_wanted = any(row.needs_bigger for row in rows) and not options.without_bigger
    city = _make(options.parcels, FLAGS, options.out)
    bigger = _make(2 * options.parcels, 0, options.out) if bigger_wanted else None
    with tempfile.TemporaryDirectory() as folder:
        figures = Path(folder) / "figures"
        figures.touch()
        os.environ["BENCH_FIGURES"] = str(figures)
        failed = []
        for row in rows:
            if not _measure(row, city, bigger):
                failed.append(row.name)
            told = read_figures(figures)
            if not options.brief:  # row by row: a run that is broken off leaves what it measured
                RESULTS.write_text(renew(RESULTS.read_text(), told, FILES))
    print("\n".join(line for lines in told.values() for line in lines), flush=True)
    if failed:
        sys.exit(f"Failed: {', '.join(failed)}")


def _require_programs() -> None:
    """What no Python package brings: said before hours of work, with the cure."""
    missing = {name: package for name, package in PROGRAMS.items() if shutil.which(name) is None}
    if missing:
        packages = " ".join(sorted(set(missing.values())))
        sys.exit(f"Missing: {', '.join(missing)}. Install them: apt-get install {packages}")
    if not os.environ.get("DATABASE_URL"):
        sys.exit("DATABASE_URL is empty: name a PostGIS server; the cities get databases of their own on it.")


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parcels", type=int, default=1_000_000)
    parser.add_argument("--out", type=Path, default=choose_var(os.environ.get("VAR_DIR")).var / "bench")
    parser.add_argument("--only", nargs="*", choices=[row.name for row in ROWS])
    parser.add_argument("--brief", action="store_true", help="a trial: a second each, no table is written")
    parser.add_argument("--without-bigger", action="store_true", help="leave out the rows that need a second city")
    return parser.parse_args()


def _make(parcels: int, flags: int, out: Path) -> GeneratedCity:
    return make_city(parcels, flags=flags, database=f"viahe_bench_{parcels}", out=out)


def _measure(row: Row, city: GeneratedCity, bigger: GeneratedCity | None) -> bool:
    if row.needs_bigger and bigger is None:
        print(f"== {row.name}: left out, it needs the bigger city", flush=True)
        return True
    print(f"== {row.name}", flush=True)
    argv = [row.module, "--database", city.database, "--pack", str(city.pack)]
    if row.needs_bigger and bigger is not None:
        argv += ["--bigger-database", bigger.database, "--bigger-pack", str(bigger.pack)]
    return subprocess.run([sys.executable, "-m", *argv], cwd=ROOT, check=False).returncode == 0


if __name__ == "__main__":
    main()
