"""Raster tiles of 256 px from a cloud-optimised GeoTIFF of 10,000 x 10,000 px against titiler, as WebP and JPEG.

    python -m bench.raster_tiles --database viahe_bench_1000000 --pack FOLDER

The picture is drawn by a recipe and taken in by the product. titiler reads the very same file (it lies on the web map's
grid), and for comparison the picture as it was given (a cloud-optimised GeoTIFF in metres of VN-2000), which it bends for
each tile.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
from datetime import date
from pathlib import Path
from urllib.parse import quote

import numpy as np

from bench.city import database
from bench.city.layout import MIDDLE_M, PROJ4
from bench.http_load import Answers, alternate, ask, busy
from bench.machine import Figure, choose_length, describe_machine, write_table
from bench.servers import our_server, peer_server
from bench.tiles import folder_of, refuse_wrong
from ops.folders import ROOT

RESULT = ROOT / "bench" / "results" / "raster_tiles.md"
SIDE, PIXEL_M = 10_000, 0.25
ROUNDS, SECONDS = choose_length(3, 3.0)
MOST_TILES = 300
LEAST_RATIO = 3
NAME = "bench-picture"
APP = """
from fastapi import FastAPI
from titiler.core.factory import TilerFactory
app = FastAPI()
app.include_router(TilerFactory().router)
"""


def main() -> None:
    """Draw, take in, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", required=True)
    parser.add_argument("--pack", type=Path)
    parser.add_argument("--var-dir", type=Path, help="where the picture is kept")
    options = parser.parse_args()
    options.var_dir = options.var_dir or folder_of(options.database)
    options.var_dir.mkdir(parents=True, exist_ok=True)
    os.environ["VAR_DIR"] = str(options.var_dir)
    database.use_database(options.database)
    database.prepare()
    given = options.var_dir / "bench-picture-given.tif"
    if not given.exists():
        _draw(given)
    from tiles.imagery import locate

    record = _take_in(given)
    lines = [
        "# Raster tiles (`python -m bench.raster_tiles`)", "", f"{describe_machine()}. {SIDE:,} x {SIDE:,} px, 256 px tiles.", "",
        "| form | zooms | ours, tiles/s | p95 | titiler reads | titiler, tiles/s | p95 | ratio (aim 3x) | kB | errors | load |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    squares, ratios = _list_squares(record), {}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "bench_titiler.py").write_text(APP)
        settings = {"PYTHONPATH": folder, "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR", "GDAL_CACHEMAX": "200"}
        with (
            our_server({"VAR_DIR": str(options.var_dir)}) as ours,
            peer_server("bench_titiler:app", settings, "/") as peer,
        ):
            for form, ending in (("webp", "webp"), ("jpeg", "jpg")):
                for words, file in (("the same file", locate(record)), ("the file as given", given)):
                    we, they = _compare(ours, peer, squares, ending, form, file)
                    refuse_wrong(they, "titiler")
                    lines.append(_row(form, record, words, we, they))
                    ratios[f"{form}, {words}"] = we.a_second / they.a_second
                    print(lines[-1], flush=True)
    lines += [
        "",
        "WebP of quality 75 and JPEG of 85 from both; ours encodes WebP with less effort (method 0, libwebp's own is 4).",
    ]
    measured = "; ".join(f"{ratio:.1f}x ({words})" for words, ratio in ratios.items())
    figure = Figure("raster tile 256 px against titiler", measured, "3x", min(ratios.values()) >= LEAST_RATIO)
    write_table(RESULT, "\n".join([*lines, ""]), [figure])


def _draw(path: Path) -> None:
    """Soft patches with grain, about as hard to compress as a photograph; a cloud-optimised GeoTIFF as a supplier would give."""
    import rasterio
    from rasterio.shutil import copy

    rng = np.random.default_rng(3)
    coarse = rng.integers(40, 215, (3, SIDE // 40 + 2, SIDE // 40 + 2), dtype=np.uint8)
    plain = path.with_suffix(".plain.tif")
    where = rasterio.Affine(PIXEL_M, 0, MIDDLE_M[0] - SIDE * PIXEL_M / 2, 0, -PIXEL_M, MIDDLE_M[1] + SIDE * PIXEL_M / 2)
    profile = {"driver": "GTiff", "width": SIDE, "height": SIDE, "count": 3, "dtype": "uint8", "tiled": True}
    with rasterio.open(plain, "w", **profile, crs=PROJ4, transform=where, photometric="RGB") as file:
        for top in range(0, SIDE, 400):
            rows = slice(top // 40, top // 40 + 10)
            band = np.repeat(np.repeat(coarse[:, rows, : SIDE // 40], 40, axis=1), 40, axis=2).astype(np.int16)
            band += rng.integers(-10, 11, band.shape, dtype=np.int16)
            file.write(np.clip(band, 0, 255).astype(np.uint8), window=((top, top + 400), (0, SIDE)))
    copy(plain, path, driver="COG", COMPRESS="JPEG", QUALITY="88", BLOCKSIZE="256", NUM_THREADS="ALL_CPUS")
    plain.unlink()


def _take_in(given: Path):  # type: ignore[no-untyped-def]
    from geo.models import City
    from tiles.imagery import Given, take_in_imagery

    city = City.objects.get()
    said = Given(given, NAME, "bench", "aerial", date(2026, 1, 1), "bench/raster_tiles.py", is_generated=True)
    return take_in_imagery(city, said)


def _list_squares(record) -> list[str]:  # type: ignore[no-untyped-def]
    """Tiles wholly inside the picture at its last five zooms, in a fixed random order."""
    from math import asinh, pi, radians, tan

    west, south, east, north = record.coverage.extent
    found = []
    for zoom in range(record.style["max_zoom"] - 4, record.style["max_zoom"] + 1):
        first, last = int((west + 180) / 360 * 2**zoom) + 1, int((east + 180) / 360 * 2**zoom)
        top, bottom = (int((1 - asinh(tan(radians(lat))) / pi) / 2 * 2**zoom) for lat in (north, south))
        inside = [f"{zoom}/{x}/{y}" for x in range(first, last) for y in range(top + 1, bottom)]
        random.Random(zoom).shuffle(inside)
        found += inside[: MOST_TILES // 5]
    random.Random(5).shuffle(found)
    return found


def _compare(ours: str, peer: str, squares: list[str], ending: str, form: str, file: Path) -> tuple[Answers, Answers]:
    mine = [f"/imagery/{NAME}/{square}.{ending}" for square in squares]
    theirs = [f"/tiles/WebMercatorQuad/{square}.{form}?url={quote(str(file))}" for square in squares]
    return alternate(
        lambda: ask(ours, mine, seconds=SECONDS, headers={"Accept-Encoding": "identity"}),
        lambda: ask(peer, theirs, seconds=SECONDS, headers={"Accept-Encoding": "identity"}),
        ROUNDS,
    )


def _row(form: str, record, words: str, we: Answers, they: Answers) -> str:  # type: ignore[no-untyped-def]
    sizes = f"{we.mean_bytes / 1000:.1f} and {they.mean_bytes / 1000:.1f}"
    zooms = f"{record.style['max_zoom'] - 4}-{record.style['max_zoom']}"
    return (
        f"| {form} | {zooms} | {we.a_second:.0f} | {we.p95_ms:.1f} ms | {words} | {they.a_second:.0f} | {they.p95_ms:.0f} ms"
        f" | {we.a_second / they.a_second:.1f}x | {sizes} | {we.wrong} / {they.wrong} | {busy()} |"
    )


if __name__ == "__main__":
    main()
