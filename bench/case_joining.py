"""Joining 200,000 flags of a city into spots: ``cases.joining_bulk`` beside PostGIS' ``ST_ClusterDBSCAN`` on the same points.

    python -m bench.case_joining [--flags 200000]

Both get the points in metres and give the same partition (checked). Target: at least 5 times as fast.
"""

from __future__ import annotations

import argparse
import os
import time

import numpy as np
import psycopg

from bench.machine import describe_machine
from cases.joining_bulk import cluster_places
from ops.folders import ROOT

REACH_M = 15.0
ROUNDS = 3
_CLUSTER = "SELECT i, ST_ClusterDBSCAN(geom, %s, 1) OVER () FROM bench_flag"


def main() -> None:
    """Measure and write one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--flags", type=int, default=200_000)
    asked = parser.parse_args()
    metres = _draw(asked.flags)
    own, labels = [], np.empty(0)
    for _ in range(ROUNDS):
        began = time.perf_counter()
        labels = cluster_places(metres, REACH_M)
        own.append(time.perf_counter() - began)
    peer, theirs = _ask_postgis(metres)
    same = _is_same(labels, theirs)
    ratio = min(peer) / min(own)
    text = (
        "# Joining 200,000 flags into spots\n\n"
        f"`python -m bench.case_joining`: {asked.flags:,} flags at some thousand spots over 20 x 20 km, reach {REACH_M:.0f} m,"
        f" best of {ROUNDS} (worst in brackets). The same partition: {'yes' if same else 'NO'}, {len(np.unique(labels)):,} spots."
        " Target: 5 times.\n\n| who | s |\n|---|---|\n"
        f"| `cases.joining_bulk` (cKDTree, connected components) | {min(own):.2f} ({max(own):.2f}) |\n"
        f"| PostGIS `ST_ClusterDBSCAN(geom, 15, 1)`, inside the server | {min(peer):.2f} ({max(peer):.2f}) |\n\n"
        f"{ratio:.1f} times as fast.\n\n{describe_machine()}\n"
    )
    (ROOT / "bench" / "results" / "case_joining.md").write_text(text)
    print(text)
    if not same:
        raise SystemExit("The two partitions differ.")


def _draw(count: int) -> np.ndarray:
    """Spots with a few to a few hundred flags each, and lonely flags between."""
    dice = np.random.default_rng(5)
    spots = dice.uniform(0, 20_000, (count // 25, 2))
    at = dice.choice(len(spots), size=count * 4 // 5, p=(w := dice.pareto(1.3, len(spots)) + 0.05) / w.sum())
    lonely = dice.uniform(0, 20_000, (count - len(at), 2))
    return np.vstack([spots[at] + dice.normal(0, 4, (len(at), 2)), lonely])


def _ask_postgis(metres: np.ndarray) -> tuple[list[float], np.ndarray]:
    times, labels = [], np.empty(len(metres), dtype=np.int64)
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE bench_flag (i int, geom geometry(Point))")
        with cursor.copy("COPY bench_flag (i, geom) FROM STDIN") as copy:
            for index, (x, y) in enumerate(metres):
                copy.write_row((index, f"POINT({float(x)!r} {float(y)!r})"))
        cursor.execute("ANALYZE bench_flag")
        for _ in range(ROUNDS):
            began = time.perf_counter()
            rows = cursor.execute(_CLUSTER, [REACH_M]).fetchall()
            times.append(time.perf_counter() - began)
            labels[[row[0] for row in rows]] = [row[1] for row in rows]
        connection.rollback()
    return times, labels


def _is_same(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two labellings part the points alike."""
    pairs = len(np.unique(np.column_stack([one, other]), axis=0))
    return pairs == len(np.unique(one)) == len(np.unique(other))


if __name__ == "__main__":
    main()
