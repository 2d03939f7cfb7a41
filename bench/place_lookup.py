"""Parcel and zoning at a point: ours over HTTP, raw prepared SQL by pgbench, and the peer tipg, in turn in one run.

Ours answers parcels with stated and measured area and shares in m2 and percent of both plans, with sources. The raw SQL reads the
same parcel and computes the same shares. tipg answers parcel and district without shares, in two requests for one look-up. With
a bigger city the growth of the 95th percentile is measured too. The full answer is measured at 8 connections.

    python -m bench.place_lookup --database NAME --pack FOLDER [--bigger-database NAME --bigger-pack FOLDER] [--seconds 8]
"""

from __future__ import annotations

import argparse
import os
import statistics
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from bench.machine import Figure, choose_length, describe_machine, write_table
from bench.serving import CpuWatch, Load, load_http, load_pgbench, our_server, tipg_server
from ops.folders import ROOT

RESULT = ROOT / "bench" / "results" / "place_lookup.md"
ROUNDS, SECONDS = choose_length(3, 6)
POINTS, CLIENTS = 120, 4
_SAMPLE = """
    SELECT ST_X(p), ST_Y(p) FROM (
        SELECT ST_PointOnSurface(geom) AS p FROM geo_parcel WHERE id %% %(step)s = 1 ORDER BY id LIMIT %(most)s) sample
"""
_RAW = """
\\set lon {lon}
\\set lat {lat}
SELECT p.key, p.sheet, p.number, p.ward_code, p.stated_area_m2, p.measured_area_m2, p.use_code, p.address,
       ST_AsGeoJSON(p.geom, 7), z.plan_kind, z.plan, z.code, z.name, z.status, z.decision, z.scale, z.max_storeys,
       z.max_density_pct, z.max_floor_area_ratio, z.setback_m, z.allowed_uses,
       ST_Area(ST_Transform(ST_Intersection(z.geom, p.geom), {srid})) AS m2
FROM geo_parcel p JOIN geo_zoningdistrict z ON z.city_id = {city} AND z.geom && p.geom
 AND z.valid_from <= current_date AND (z.valid_to IS NULL OR z.valid_to > current_date)
WHERE p.city_id = {city} AND ST_Covers(p.geom, ST_SetSRID(ST_MakePoint(:lon / 1e7, :lat / 1e7), 4326))
  AND p.valid_from <= current_date AND (p.valid_to IS NULL OR p.valid_to > current_date);
"""


def main() -> None:
    """Measure and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", required=True)
    parser.add_argument("--pack", type=Path)
    parser.add_argument("--bigger-database", default="")
    parser.add_argument("--bigger-pack", type=Path)
    parser.add_argument("--seconds", type=int, default=int(SECONDS))
    options = parser.parse_args()
    url = _of_database(options.database)
    city = _City(url)
    rounds = _measure(url, city, options.seconds)
    growth = (
        _measure_growth(url, _of_database(options.bigger_database), options.seconds) if options.bigger_database else []
    )
    _write(city, rounds, growth)


class _City:
    """What the loads need of one generated city."""

    def __init__(self, url: str) -> None:
        with psycopg.connect(url) as connection:
            row = connection.execute(
                "SELECT id, bounds, crs -> 0 ->> 'srid' FROM geo_city ORDER BY id LIMIT 1"
            ).fetchone()
            self.id, (self.west, self.south, self.east, self.north), self.srid = row  # type: ignore[misc]
            self.parcels = connection.execute("SELECT count(*) FROM geo_parcel").fetchone()[0]  # type: ignore[index]
            step = max(self.parcels // POINTS, 1)
            self.points = connection.execute(_SAMPLE, {"step": step, "most": POINTS}).fetchall()

    def paths(self, more: str) -> list[str]:
        return [f"/api/v1/places?lon={lon:.7f}&lat={lat:.7f}&accuracy_m=0.1{more}" for lon, lat in self.points]

    def tipg_paths(self) -> list[str]:
        tables = ("public.geo_parcel", "public.geo_zoningdistrict")
        return [
            f"/collections/{table}/items?bbox={lon:.7f},{lat:.7f},{lon:.7f},{lat:.7f}&limit=10&f=geojson"
            for lon, lat in self.points for table in tables
        ]  # fmt: skip

    def raw(self) -> list[str]:
        points = ((round(lon * 1e7), round(lat * 1e7)) for lon, lat in self.points)
        return [_RAW.format(lon=lon, lat=lat, srid=self.srid, city=self.id) for lon, lat in points]


def _of_database(name: str) -> str:
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def _measure(url: str, city: _City, seconds: int) -> dict[str, list[Load]]:
    """In turn, each alone on its server, so that whatever else the machine does meets all alike."""
    found: dict[str, list[Load]] = {name: [] for name in ("raw SQL", "ours", "tipg", "full answer")}
    lean, full, peer = city.paths("&parts=parcel,zoning"), city.paths(""), city.tipg_paths()
    with our_server(url) as ours, tipg_server(url) as tipg:
        for base, paths in ((ours, lean), (ours, full), (tipg, peer)):
            load_http(base, paths, connections=CLIENTS, seconds=3)  # warm
        turns: dict[str, Callable[[], Load]] = {
            "raw SQL": lambda: load_pgbench(url, city.raw(), clients=CLIENTS, seconds=seconds),
            "ours": lambda: load_http(ours, lean, connections=CLIENTS, seconds=seconds),
            "tipg": lambda: load_http(tipg, peer, connections=CLIENTS, seconds=seconds),
            "full answer": lambda: load_http(ours, full, connections=8, seconds=seconds),
        }
        for _ in range(ROUNDS):
            for name, take in turns.items():
                with CpuWatch(url) as watch:
                    load = take()
                found[name].append(replace(load, cpu_ms=1000 * watch.cpu_s / max(load.requests, 1)))
                print(name, found[name][-1], flush=True)
    return found


def _measure_growth(url: str, bigger_url: str, seconds: int) -> list[tuple[Load, Load]]:
    cities = _City(url), _City(bigger_url)
    pairs = []
    with our_server(url, workers=1) as small, our_server(bigger_url, workers=1) as large:
        for base, city in zip((small, large), cities, strict=True):
            load_http(base, city.paths("&parts=parcel,zoning"), connections=1, seconds=3)
        for _ in range(ROUNDS):
            one, two = (
                load_http(base, city.paths("&parts=parcel,zoning"), connections=1, seconds=seconds)
                for base, city in zip((small, large), cities, strict=True)
            )
            pairs.append((one, two))
            print("growth", one.p95_ms, two.p95_ms, flush=True)
    return pairs


def _write(city: _City, found: dict[str, list[Load]], growth: list[tuple[Load, Load]]) -> None:
    rate = {name: statistics.median(load.per_s for load in loads) for name, loads in found.items()}
    cpu = {name: statistics.median(load.cpu_ms for load in loads) for name, loads in found.items()}
    p95 = {name: statistics.median(load.p95_ms for load in loads) for name, loads in found.items()}
    rate["tipg"], cpu["tipg"] = rate["tipg"] / 2, cpu["tipg"] * 2  # two requests are one look-up
    failures = sum(load.failures for loads in found.values() for load in loads)
    rows = [
        f"| parcel and zoning at a point, c={CLIENTS}: ours | {rate['ours']:.0f}/s, p95 {p95['ours']:.1f} ms"
        f" | {cpu['ours']:.2f} ms | | |",
        *(
            f"| {title} | {rate[name]:.0f}/s | {cpu[name]:.2f} ms | {rate['ours'] / rate[name]:.2f}x by rate,"
            f" {cpu[name] / cpu['ours']:.2f}x by CPU | {aim} |"
            for name, title, aim in (
                ("raw SQL", "the same by pgbench, prepared raw SQL", "at least 0.2x"),
                ("tipg", "the same by tipg, two requests, no shares", "at least 8x"),
            )
        ),
        f"| full answer, c=8 | {rate['full answer']:.0f}/s, p95 {p95['full answer']:.1f} ms | {cpu['full answer']:.2f} ms"
        " | | p95 at most 60 ms |",
    ]
    figures = _figures(rate, cpu, p95)
    if growth:
        ratio = statistics.median(two.p95_ms / one.p95_ms for one, two in growth)
        ones, twos = (statistics.median(pair[i].p95_ms for pair in growth) for i in (0, 1))
        rows.append(
            f"| p95 at twice the parcels, c=1 | {twos:.2f} against {ones:.2f} ms | | {ratio:.2f}x | at most 1.2x |"
        )
        measured = f"{ratio:.2f}x ({ones:.2f} and {twos:.2f} ms)"
        figures.append(Figure("growth of look-up p95 at 2M against 1M", measured, "1.2x", ratio <= 1.2))
    text = f"""# Look-up of a place (`python -m bench.place_lookup`)

{city.parcels:,} parcels, {POINTS:,} points in parcels all over it, medians of {ROUNDS} rounds taken in turn; {failures} failed
requests. {describe_machine()}. Servers, load and database share the cores.
CPU is what one look-up cost the server's processes and their database connections together: under other load it says more
than the rate.

| what | rate | CPU a look-up | ours against it | aim |
|---|---|---|---|---|
{chr(10).join(rows)}
"""
    write_table(RESULT, text, figures)


def _figures(rate: dict[str, float], cpu: dict[str, float], p95: dict[str, float]) -> list[Figure]:
    def against(name: str, work: str, aim: float) -> Figure:
        ratio, by_cpu = rate["ours"] / rate[name], cpu[name] / cpu["ours"]
        return Figure(f"{work}, c={CLIENTS}", f"{ratio:.2f}x by rate, {by_cpu:.2f}x by CPU", f"{aim:g}x", ratio >= aim)

    full = p95["full answer"]
    return [
        against("raw SQL", "place look-up, parcel and zoning, against pgbench with prepared raw SQL", 0.2),
        against("tipg", "the same against tipg, which needs two requests and gives no shares", 8),
        Figure("full answer, c=8", f"p95 {full:.1f} ms", "p95 60 ms", full <= 60),
    ]


if __name__ == "__main__":
    main()
