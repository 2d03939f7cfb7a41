"""Parcel tiles of the generated city at z14 to z16, complete, against tipg; the rebuild after a load; growth to the bigger city.

    python -m bench.tiles --database viahe_bench_1000000 --pack FOLDER [--bigger-database NAME --bigger-pack FOLDER]

tipg is told to return every parcel of a tile (its default cuts at 10,000) and the same properties. Tiles are asked in a fixed
random order by four connections; ours and tipg in turn, medians of the rounds.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any

from bench.city import database
from bench.http_load import Answers, alternate, ask, busy, median
from bench.machine import describe_machine
from bench.servers import our_server, peer_server
from ops.folders import ROOT

RESULT = ROOT / "bench" / "results" / "tiles.md"
ZOOMS = {14: 100, 15: 80, 16: 30}  # and the ratio aimed at
SECONDS, ROUNDS, MOST_TILES = 5.0, 3, 400


def main() -> None:
    """Build, check, measure, write."""
    options = _read_arguments()
    lines = [
        "# Parcel tiles (`python -m bench.tiles`)",
        "",
        f"{describe_machine()}. tipg asked for every parcel and the same properties.",
        "",
    ]
    url = _prepare(options.database, options.var_dir)
    rebuilt, parcels = _rebuild(options, lines)
    squares = list_squares(options.var_dir / "tiles" / "parcels.pmtiles")
    figures = _compare(url, options.var_dir, squares, lines)
    if options.bigger_database:
        _grow(options, figures, lines)
    lines += ["", f"Rebuild: {rebuilt}; {parcels:,} parcels.", ""]
    RESULT.write_text("\n".join(lines))
    print("\n".join(lines))


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", required=True)
    parser.add_argument("--pack", type=Path)
    parser.add_argument("--bigger-database")
    parser.add_argument("--bigger-pack", type=Path)
    parser.add_argument(
        "--var-dir", type=Path, default=Path(os.environ.get("VAR_DIR", "var")).resolve() / "bench" / "tiles"
    )
    parser.add_argument("--keep-built", action="store_true", help="do not build again what is built (no figure for it)")
    return parser.parse_args()


def _prepare(name: str, var_dir: Path) -> str:
    os.environ["VAR_DIR"] = str(var_dir)
    url = database.use_database(name)
    database.prepare()
    return url


def _rebuild(options: argparse.Namespace, lines: list[str]) -> tuple[str, int]:
    """Build twice: the second time, old tiles are asked for all along. Seconds, and how many answers were wrong meanwhile."""
    path = options.var_dir / "tiles" / "parcels.pmtiles"
    if not path.exists():
        _build(options.var_dir)
    told = "not measured (--keep-built)"
    if not options.keep_built:
        with our_server({"VAR_DIR": str(options.var_dir)}) as address:
            asked = _Asker(address, list_squares(path)[16])
            seconds, cpu_s = _build(options.var_dir)
            right, wrong = asked.stop()
        told = f"{seconds:.0f} s (aim 90), {cpu_s:.0f} s of processor, load {busy()}"
        told += f"; {right} tiles served meanwhile, {wrong} wrong"
    return told, _count_complete(path, lines)


class _Asker(threading.Thread):
    """Asks for tiles until it is stopped, ten a second."""

    def __init__(self, address: str, paths: list[str]) -> None:
        super().__init__(daemon=True)
        self._urls = [f"{address}/tiles/parcels/{path}.pbf" for path in paths]
        self._over, self.right, self.wrong = threading.Event(), 0, 0
        self.start()

    def run(self) -> None:
        while not self._over.wait(0.1):
            try:
                with urllib.request.urlopen(random.choice(self._urls), timeout=20) as answer:
                    self.right += answer.status == 200
            except OSError:
                self.wrong += 1

    def stop(self) -> tuple[int, int]:
        self._over.set()
        self.join()
        return self.right, self.wrong


def _build(var_dir: Path) -> tuple[float, float]:
    """Wall and processor seconds of a build of the parcels (the database's own not counted)."""
    before, began = os.times(), time.perf_counter()
    argv = [sys.executable, str(ROOT / "manage.py"), "build_tiles", "--layer", "parcels"]
    subprocess.run(argv, cwd=ROOT, env=os.environ | {"VAR_DIR": str(var_dir)}, check=True, capture_output=True)
    after = os.times()
    cpu_s = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - began, cpu_s


def _count_complete(path: Path, lines: list[str]) -> int:
    """Keys that GDAL reads at z16 against the register: nothing may be missing."""
    import pyogrio.raw
    from django.db import connection

    _, _, _, columns = pyogrio.raw.read(path, layer="parcels", columns=["key"], read_geometry=False, ZOOM_LEVEL=16)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM geo_parcel WHERE is_listed AND valid_to IS NULL")
        register = int(cursor.fetchone()[0])
    drawn = len(set(columns[0]))
    lines += [f"GDAL's PMTiles driver reads {drawn:,} parcels at z16; the register has {register:,}.", ""]
    return register


def list_squares(path: Path) -> dict[int, list[str]]:
    """``z/x/y`` of the archive's tiles by zoom, in a fixed random order."""
    from pmtiles.reader import MmapSource, all_tiles

    found: dict[int, list[str]] = {}
    with path.open("rb") as file:
        for (z, x, y), _ in all_tiles(MmapSource(file)):
            found.setdefault(z, []).append(f"{z}/{x}/{y}")
    for squares in found.values():
        random.Random(7).shuffle(squares)
    return {zoom: squares[:MOST_TILES] for zoom, squares in found.items()}


def refuse_wrong(they: Answers, name: str) -> None:
    """A peer that answers with errors was not measured."""
    if they.wrong:
        raise SystemExit(f"{name} answered {they.wrong} times with an error: no comparison.")


def tipg_settings(url: str, table: str) -> dict[str, str]:
    """tipg over one table, whole: its default cuts a tile at 10,000 records."""
    return {
        "DATABASE_URL": url,
        "TIPG_DB_TABLES": json.dumps([f"public.{table}"]),
        "TIPG_DB_EXCLUDE_FUNCTION_SCHEMAS": json.dumps(["public"]),
        "TIPG_MAX_FEATURES_PER_TILE": "1000000",
        "TIPG_DB_SPATIAL_EXTENT": "false",
        "TIPG_DB_DATETIME_EXTENT": "false",
        "TIPG_CATALOG_TTL": "3600",
    }


def _compare(url: str, var_dir: Path, squares: dict[int, list[str]], lines: list[str]) -> dict[int, Answers]:
    settings = tipg_settings(url, "geo_parcel")
    lines += [
        "| zoom | ours, tiles/s | p50 | p95 | tipg, tiles/s | p95 | ratio | aim | kB a tile | errors | load |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    figures: dict[int, Answers] = {}
    with our_server({"VAR_DIR": str(var_dir)}) as ours, peer_server("tipg.main:app", settings, "/healthz") as peer:
        for zoom, aim in ZOOMS.items():
            mine = [f"/tiles/parcels/{square}.pbf" for square in squares[zoom]]
            theirs = [
                f"/collections/public.geo_parcel/tiles/WebMercatorQuad/{square}?properties=key,sheet,number,measured_area_m2"
                for square in squares[zoom]
            ]
            we, they = alternate(
                lambda paths=mine: ask(ours, paths, seconds=SECONDS),  # type: ignore[misc]
                lambda paths=theirs: ask(peer, paths, seconds=2 * SECONDS),  # type: ignore[misc]
                ROUNDS,
            )
            refuse_wrong(they, "tipg")
            figures[zoom] = we
            lines.append(_row(zoom, we, they, aim))
            print(lines[-1], flush=True)
    return figures


def _row(zoom: int, we: Answers, they: Answers, aim: int) -> str:
    ratio = we.a_second / they.a_second
    return (
        f"| z{zoom} | {we.a_second:,.0f} | {we.p50_ms:.1f} ms | {we.p95_ms:.1f} ms | {they.a_second:.1f} | {they.p95_ms:,.0f} ms"
        f" | {ratio:.0f}x | {aim}x | {we.mean_bytes / 1000:.0f} | {we.wrong} / {they.wrong} | {busy()} |"
    )


def _grow(options: argparse.Namespace, figures: dict[int, Answers], lines: list[str]) -> None:
    """The same zooms of a city twice as large: p95 against p95, both measured here in turn."""
    bigger_dir = options.var_dir.with_name(f"{options.var_dir.name}-bigger")
    argv = [sys.executable, "-c", _BUILD_OTHER, options.bigger_database, str(bigger_dir)]
    if not (bigger_dir / "tiles" / "parcels.pmtiles").exists():
        subprocess.run(argv, cwd=ROOT, env=os.environ | {"VAR_DIR": str(bigger_dir)}, check=True)
    small, large = (list_squares(folder / "tiles" / "parcels.pmtiles") for folder in (options.var_dir, bigger_dir))
    with our_server({"VAR_DIR": str(options.var_dir)}) as one, our_server({"VAR_DIR": str(bigger_dir)}) as two:
        for zoom in figures:
            pairs: list[tuple[Any, Any]] = [
                (ask(one, [f"/tiles/parcels/{s}.pbf" for s in small[zoom]], seconds=SECONDS),
                 ask(two, [f"/tiles/parcels/{s}.pbf" for s in large[zoom]], seconds=SECONDS))
                for _ in range(ROUNDS)
            ]  # fmt: skip
            before, after = median([a for a, _ in pairs]), median([b for _, b in pairs])
            growth = after.p95_ms / before.p95_ms
            told = f"p95 {before.p95_ms:.1f} -> {after.p95_ms:.1f} ms, {growth:.2f}x (aim 1.2x)"
            lines.append(f"\nGrowth to the bigger city, z{zoom}: {told}.")


_BUILD_OTHER = """
import sys
from bench.city import database
database.use_database(sys.argv[1]); database.prepare()
from datetime import date
from tiles.layers import find_layer
from tiles.register_tiles import build_layers
build_layers([find_layer("parcels")], date.today())
"""


if __name__ == "__main__":
    main()
