"""The parcel tiles built anew after a load, the old ones asked for all along; seconds, and answers that were wrong meanwhile.

python -m bench.tile_rebuild --database viahe_bench_1000000 --pack FOLDER
"""

from __future__ import annotations

import random
import threading
import time
import urllib.request

from bench.http_load import busy
from bench.machine import Figure, describe_machine, write_table
from bench.servers import our_server
from bench.tiles import build, build_once, list_squares, prepare, read_arguments
from ops.folders import ROOT

RESULT = ROOT / "bench" / "results" / "tile_rebuild.md"
A_SECOND = 10
MOST_S = 90


def main() -> None:
    """Build once if nothing is built, then build again while others read."""
    options = read_arguments(__doc__)
    url = prepare(options.database, options.var_dir)
    path = build_once(options.var_dir)
    before = path.stat().st_mtime_ns
    with our_server({"VAR_DIR": str(options.var_dir)}) as address:
        asked = _Asker(address, list_squares(path)[16])
        began = time.perf_counter()
        cpu_s = build(options.var_dir, url)
        seconds = time.perf_counter() - began
        right, wrong = asked.stop()
    if path.stat().st_mtime_ns == before:
        raise SystemExit("The archive is the old one: nothing was measured.")
    text = f"""# Rebuild of the parcel tiles (`python -m bench.tile_rebuild`)

`manage.py build_tiles --layer parcels`, {_count():,} parcels, complete at z14 to z16.

| what | figure | aim |
|---|---|---|
| from the register to the switched archive | **{seconds:.0f} s**, load {busy()} at its end | 90 s |
| processor of the command and tippecanoe (the database's not counted) | {cpu_s:.0f} s | |
| the archive | {path.stat().st_size / 1e6:.0f} MB | |
| tiles asked for meanwhile, {A_SECOND} a second | {right} right, {wrong} wrong | none wrong |

{describe_machine()}. Database, build and server share the cores.
"""
    measured = f"{seconds:.0f} s; {right} tiles served meanwhile, {wrong} wrong"
    is_met = seconds <= MOST_S and wrong == 0
    write_table(RESULT, text, [Figure("rebuild of register tiles after a load of 1M", measured, "90 s", is_met)])


def _count() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM geo_parcel WHERE is_listed AND valid_to IS NULL")
        return int(cursor.fetchone()[0])


class _Asker(threading.Thread):
    """Asks for tiles until it is stopped."""

    def __init__(self, address: str, paths: list[str]) -> None:
        super().__init__(daemon=True)
        self._urls = [f"{address}/tiles/parcels/{path}.pbf" for path in paths]
        self._over, self.right, self.wrong = threading.Event(), 0, 0
        self.start()

    def run(self) -> None:
        while not self._over.wait(1 / A_SECOND):
            try:
                with urllib.request.urlopen(random.choice(self._urls), timeout=20) as answer:
                    self.right += answer.status == 200
            except OSError:
                self.wrong += 1

    def stop(self) -> tuple[int, int]:
        self._over.set()
        self.join()
        return self.right, self.wrong


if __name__ == "__main__":
    main()
