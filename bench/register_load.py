"""Loading the generated city's parcels with ``manage.py load_register``: seconds and memory of a first load, the same file
again, and a later vintage in which one row in a hundred changed and one in a thousand went.

Works in a database of its own (made anew); the peak memory is that of the command and, where /proc can be read, of its
database connection's own pages.

    python -m bench.register_load --database viahe_bench_1000000 --pack FOLDER/benchville-1000000-500000-1
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from bench.city import database
from bench.city.pack import SLUG
from bench.machine import Figure, describe_machine, write_table
from ops.folders import ROOT

RESULT = ROOT / "bench" / "results" / "register_load.md"
SOURCE = "bench-parcels"
CHANGES = (
    "UPDATE parcels SET loai_dat = loai_dat || '+' WHERE fid % 100 = 0",
    "DELETE FROM parcels WHERE fid % 1000 = 1",
)


@dataclass(frozen=True, slots=True)
class Measured:
    """One run of the command."""

    title: str
    seconds: float
    cpu_s: float
    database_cpu_s: float
    peak_mb: float
    database_mb: float
    told: dict[str, Any]


def main() -> None:
    """Measure and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", required=True, help="of the generated city; the loads go to NAME_load")
    parser.add_argument("--pack", type=Path, required=True)
    options = parser.parse_args()
    name = f"{options.database}_load"
    _drop(name)
    database.use_database(name)
    database.prepare()
    _load_all_but_parcels(options.pack)
    file = options.pack / "data" / "parcels.gpkg"
    with tempfile.TemporaryDirectory() as folder:
        later = _change(file, Path(folder))
        rows = [
            _run("first load", name, [SOURCE, str(file)]),
            _run("the same file again", name, [SOURCE, str(file)]),
            _run("dry run of a later vintage", name, [SOURCE, str(later), "--source-on", "2026-11-01", "--dry-run"]),
            _run("a later vintage", name, [SOURCE, str(later), "--source-on", "2026-11-01"]),
        ]
    _write(rows)
    _drop(name)


def _drop(name: str) -> None:
    server = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + "/postgres"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _load_all_but_parcels(pack_path: Path) -> None:
    from geo.actions import load_source, save_city
    from geo.pack import read_pack

    pack = read_pack(pack_path)
    city = save_city(pack)
    for source in pack.sources:
        if source.name != SOURCE:
            load_source(source, pack.path / source.file, city, pack)


def _change(file: Path, folder: Path) -> Path:
    """The file of a later vintage."""
    later = folder / file.name
    shutil.copy(file, later)
    connection = sqlite3.connect(later)
    with connection:
        for statement in CHANGES:
            connection.execute(statement)
    connection.close()
    return later


def _run(title: str, name: str, arguments: list[str]) -> Measured:
    print(f"{title} ...", flush=True)
    argv = [sys.executable, "manage.py", "load_register", *arguments, "--city", SLUG]
    start = time.perf_counter()
    command = subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE)
    watch = _Watch(name)
    watch.start()
    out = command.stdout.read() if command.stdout else b""
    _, status, usage = os.wait4(command.pid, 0)
    seconds = time.perf_counter() - start
    watch.stop()
    if status:
        sys.exit(f"{title} failed")
    told = json.loads(out)
    told.pop("register_issues", None)
    cpu_s = usage.ru_utime + usage.ru_stime
    measured = Measured(title, seconds, cpu_s, watch.cpu_s, usage.ru_maxrss / 1024, watch.most_mb, told)
    print(f"  {measured}", flush=True)
    return measured


class _Watch(threading.Thread):
    """Looks twice a second at the own pages of the database's connections."""

    def __init__(self, name: str) -> None:
        super().__init__(daemon=True)
        self._name, self._done, self.most_mb = name, threading.Event(), 0.0
        self._cpu_of: dict[int, float] = {}

    @property
    def cpu_s(self) -> float:
        """Seconds of a core that the connections took."""
        return sum(self._cpu_of.values())

    def run(self) -> None:
        query = (
            "SELECT pid FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            while not self._done.wait(0.5):
                pids = [row[0] for row in connection.execute(query, [self._name])]
                self.most_mb = max(self.most_mb, sum(_private_mb(pid) for pid in pids))
                self._cpu_of |= {pid: _cpu_s(pid) for pid in pids}

    def stop(self) -> None:
        self._done.set()
        self.join()


def _private_mb(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1024


def _cpu_s(pid: int) -> float:
    try:
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def _write(rows: list[Measured]) -> None:
    counts = ("rows", "new", "changed", "withdrawn", "unchanged", "issues")
    lines = [
        "# Loading parcels with 7 attributes",
        "",
        f"| run | s | CPU s | CPU s of its connection | MB | MB of its connection | {' | '.join(counts)} |",
        f"|---|---|---|---|---|---|{'---|' * len(counts)}",
    ]
    for row in rows:
        told = " | ".join(f"{row.told[word]:,}" for word in counts)
        figures = f"{row.seconds:.1f} | {row.cpu_s:.1f} | {row.database_cpu_s:.1f} | {row.peak_mb:.0f} | {row.database_mb:.0f}"
        lines.append(f"| {row.title} | {figures} | {told} |")
    lines += ["", f"Aim: a first load of 1,000,000 in at most 180 s and 1 GB. {describe_machine()}."]
    lines += ["Where other work takes the cores, seconds grow; the seconds of CPU hardly do."]
    lines += ["Made by `python -m bench.register_load` (`make bench-registers`)."]
    first = rows[0]
    memory_mb = first.peak_mb + first.database_mb
    figure = Figure(
        f"first load of {first.told['rows']:,} parcels with 7 attributes",
        f"{first.seconds:.0f} s, {memory_mb:.0f} MB with its database connection",
        "180 s, 1 GB",
        first.seconds <= 180 and memory_mb <= 1024,
    )
    write_table(RESULT, "\n".join(lines) + "\n", [figure])


if __name__ == "__main__":
    main()
