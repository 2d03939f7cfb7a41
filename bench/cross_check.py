"""Which parcels hold 200,000 points: the resident index against the join in PostGIS, alternating, medians; same answers.

python -m bench.cross_check --database viahe_bench_1000000 --pack FOLDER/benchville-1000000-500000-1 [--points 200000]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

from bench.city import database
from bench.city.layout import CityPlan
from bench.city.pack import SLUG
from bench.machine import Figure, choose_length, describe_machine, write_table
from ops.folders import ROOT

RESULT = ROOT / "bench" / "results" / "cross_check.md"
ON = date(2026, 11, 25)
_JOIN = (
    "SELECT p.n, r.key FROM bench_point p JOIN geo_parcel r ON ST_Intersects(r.geom, p.geom) AND r.city_id = %s"
    " AND r.valid_from <= %s AND (r.valid_to IS NULL OR r.valid_to > %s)"
)


def main() -> None:
    """Measure and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", required=True)
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--points", type=int, default=200_000)
    parser.add_argument("--runs", type=int, default=choose_length(3, 0)[0])
    options = parser.parse_args()
    database.use_database(options.database)
    database.prepare()
    from geo.models import City

    city = City.objects.get(slug=SLUG)
    parcels = int(options.pack.name.split("-")[1])
    _write(_measure(city.pk, _draw(CityPlan(parcels), options.points), options.runs), parcels, options.points)


def _draw(plan: CityPlan, count: int) -> Any:
    """Points anywhere in the city: four in seven lie in a parcel, the others on streets."""
    return plan.to_degrees(plan.random("cross check").uniform((0, 0), plan.size_m, (count, 2)))


def _measure(city_id: int, points: Any, runs: int) -> dict[str, Any]:
    from django.db import connection

    from geo.resident_parcels import hold_parcels

    start = time.perf_counter()
    index = hold_parcels(city_id, ON)
    built_s = time.perf_counter() - start
    in_memory, joined = [], []
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE bench_point (n int, geom geometry(Point, 4326))")
        with cursor.copy("COPY bench_point FROM STDIN") as copy:
            for number, (lon, lat) in enumerate(points.tolist()):
                copy.write_row((number, f"SRID=4326;POINT({lon!r} {lat!r})"))
        cursor.execute("ANALYZE bench_point")
        for _ in range(runs):
            start = time.perf_counter()
            matches = index.match(points)
            found = set(zip(matches.points.tolist(), index.keys_of(matches).tolist(), strict=True))
            in_memory.append(time.perf_counter() - start)
            start = time.perf_counter()
            cursor.execute(_JOIN, [city_id, ON, ON])
            truth = set(cursor.fetchall())
            joined.append(time.perf_counter() - start)
            if found != truth:
                sys.exit(f"The answers differ: {len(found ^ truth)} pairs.")
    return {"built_s": built_s, "memory": in_memory, "join": joined, "pairs": len(truth), "held": len(index)}


def _write(told: dict[str, Any], parcels: int, points: int) -> None:
    memory, join = statistics.median(told["memory"]), statistics.median(told["join"])
    lines = [
        f"# {points:,} points against {told['held']:,} parcels",
        "",
        "| how | median s | runs |",
        "|---|---|---|",
        f"| resident index (`geo/parcel_index.py`) | {memory:.2f} | {', '.join(f'{s:.2f}' for s in told['memory'])} |",
        f"| join in PostGIS | {join:.2f} | {', '.join(f'{s:.2f}' for s in told['join'])} |",
        "",
        f"**{join / memory:.1f}x** (aim 10x), {told['pairs']:,} pairs, the same ones from both. Both ways end with the",
        f"pairs of point and key in Python. Reading the index took {told['built_s']:.1f} s, once a process and load.",
        f"{describe_machine()}. Made by `python -m bench.cross_check` (`make bench-registers`).",
    ]
    measured = f"{join / memory:.1f}x ({memory:.2f} and {join:.2f} s)"
    work = f"{points:,} points x {told['held']:,} parcels against a PostGIS join"
    write_table(RESULT, "\n".join(lines) + "\n", [Figure(work, measured, "10x", join / memory >= 10)])


if __name__ == "__main__":
    main()
