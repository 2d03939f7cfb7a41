"""Parcel tiles of the generated city at z14 to z16, complete, against tipg.

    python -m bench.tiles --database viahe_bench_1000000 --pack FOLDER

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
from pathlib import Path

from bench.city import database
from bench.http_load import Answers, alternate, ask, busy
from bench.machine import Figure, choose_length, describe_machine, write_table
from bench.servers import our_server, peer_server
from ops.folders import ROOT

RESULT = ROOT / "bench" / "results" / "tiles.md"
ZOOMS = {14: 100, 15: 80, 16: 30}  # and the ratio aimed at
ROUNDS, SECONDS = choose_length(5, 4.0)
MOST_TILES = 400
MOST_P95_MS = 10.0


def main() -> None:
    """Build where nothing is built, check, measure, write."""
    options = read_arguments(__doc__)
    lines = ["# Parcel tiles (`python -m bench.tiles`)", ""]
    url = prepare(options.database, options.var_dir)
    path = build_once(options.var_dir)
    lines += [_count_complete(path), ""]
    squares = list_squares(path)
    figures = _compare(url, options.var_dir, squares, lines)
    lines += ["", f"tipg was asked for every parcel and the same properties. {describe_machine()}.", ""]
    write_table(RESULT, "\n".join(lines), figures)


def read_arguments(about: str | None) -> argparse.Namespace:
    """The cities, and where their tiles are kept between runs."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", required=True)
    parser.add_argument("--pack", type=Path)
    parser.add_argument("--bigger-database")
    parser.add_argument("--bigger-pack", type=Path)
    parser.add_argument("--var-dir", type=Path, help="where the tiles of this city are kept")
    options = parser.parse_args()
    options.var_dir = options.var_dir or folder_of(options.database)
    return options


def folder_of(database_name: str) -> Path:
    """Where the tiles of a generated city are kept between runs."""
    return Path(os.environ.get("VAR_DIR", "var")).resolve() / "bench" / "tiles" / database_name


def prepare(name: str, var_dir: Path) -> str:
    """Django on the city's database, with the tiles' own folder; the database's address."""
    os.environ["VAR_DIR"] = str(var_dir)
    url = database.use_database(name)
    database.prepare()
    return url


def build_once(var_dir: Path) -> Path:
    """The archive of the parcels, built unless it was."""
    path = var_dir / "tiles" / "parcels.pmtiles"
    if not path.exists():
        build(var_dir, os.environ["DATABASE_URL"])
    return path


def build(var_dir: Path, url: str) -> float:
    """Build the parcels with the product's command; the seconds of processor that it and its children took."""
    before = os.times()
    argv = [sys.executable, str(ROOT / "manage.py"), "build_tiles", "--layer", "parcels"]
    env = os.environ | {"VAR_DIR": str(var_dir), "DATABASE_URL": url}
    subprocess.run(argv, cwd=ROOT, env=env, check=True, capture_output=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def _count_complete(path: Path) -> str:
    """Keys that GDAL reads at each zoom against the register: nothing may be missing."""
    import pyogrio.raw
    from django.db import connection

    counts = []
    for zoom in ZOOMS:
        _, _, _, read = pyogrio.raw.read(path, layer="parcels", columns=["key"], read_geometry=False, ZOOM_LEVEL=zoom)
        counts.append(f"{len(set(read[0])):,} at z{zoom}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM geo_parcel WHERE is_listed AND valid_to IS NULL")
        register = int(cursor.fetchone()[0])
    return f"GDAL's PMTiles driver reads {', '.join(counts)} parcels; the register has {register:,}."


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


def _compare(url: str, var_dir: Path, squares: dict[int, list[str]], lines: list[str]) -> list[Figure]:
    figures = []
    settings = tipg_settings(url, "geo_parcel")
    lines += [
        "| zoom | ours, tiles/s | p50 | p95 | tipg, tiles/s | p95 | ratio | aim | kB a tile | errors | load |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    with our_server({"VAR_DIR": str(var_dir)}) as ours, peer_server("tipg.main:app", settings, "/healthz") as peer:
        for zoom, aim in ZOOMS.items():
            mine = [f"/tiles/parcels/{square}.pbf" for square in squares[zoom]]
            theirs = [
                f"/collections/public.geo_parcel/tiles/WebMercatorQuad/{square}?properties=key,sheet,number"
                for square in squares[zoom]
            ]
            we, they = alternate(
                lambda paths=mine: ask(ours, paths, seconds=SECONDS),  # type: ignore[misc]
                lambda paths=theirs: ask(peer, paths, seconds=2 * SECONDS),  # type: ignore[misc]
                ROUNDS,
            )
            refuse_wrong(they, "tipg")
            lines.append(_row(zoom, we, they, aim))
            figures.append(_figure(zoom, we, they, aim))
            print(lines[-1], flush=True)
    return figures


def _figure(zoom: int, we: Answers, they: Answers, aim: int) -> Figure:
    ratio = we.a_second / they.a_second
    measured = f"{ratio:.0f}x ({we.a_second:,.0f} and {they.a_second:.1f} tiles/s), p95 {we.p95_ms:.1f} ms"
    work = f"parcel tiles z{zoom}, 1M parcels, complete, against tipg, c=4"
    return Figure(work, measured, f"{aim}x, p95 10 ms", ratio >= aim and we.p95_ms <= MOST_P95_MS)


def _row(zoom: int, we: Answers, they: Answers, aim: int) -> str:
    ratio = we.a_second / they.a_second
    return (
        f"| z{zoom} | {we.a_second:,.0f} | {we.p50_ms:.1f} ms | {we.p95_ms:.1f} ms | {they.a_second:.1f} | {they.p95_ms:,.0f} ms"
        f" | {ratio:.0f}x | {aim}x | {we.mean_bytes / 1000:.0f} | {we.wrong} / {they.wrong} | {busy()} |"
    )


if __name__ == "__main__":
    main()
