"""Live tiles of 200,000 flags, cut to a leader's roles with session and rights read each time, against tipg without any of that.

    python -m bench.live_tiles --database viahe_bench_1000000 --pack FOLDER

Both give the same properties. Where ours are clusters (more flags than a tile shows), tipg is told to return every flag.
"""

from __future__ import annotations

import argparse
import os
from datetime import date
from pathlib import Path

from bench.city import database
from bench.http_load import alternate, ask, busy
from bench.machine import Figure, choose_length, describe_machine, write_table
from bench.servers import our_server, peer_server
from bench.tiles import MOST_TILES, refuse_wrong, tipg_settings
from ops.folders import ROOT

RESULT = ROOT / "bench" / "results" / "live_tiles.md"
ZOOMS = (12, 13, 14, 15, 16)
ROUNDS, SECONDS = choose_length(3, 3.0)
LEAST_RATIO = 1.5
PROPERTIES = "verdict,use,state,rule_code,accuracy_m,priority,seen_at"


def main() -> None:
    """Measure and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", required=True)
    parser.add_argument("--pack", type=Path)
    options = parser.parse_args()
    url = database.use_database(options.database)
    database.prepare()
    headers = {"Cookie": f"sessionid={_sign_in()}"}
    settings = tipg_settings(url, "rules_flag")
    ratios: list[float] = []
    lines = [
        "# Live tiles (`python -m bench.live_tiles`)", "", f"{describe_machine()}. 200,000 flags.", "",
        "| zoom | flags a tile | ours, tiles/s | p95 | drawn as | tipg, tiles/s | p95 | ratio (aim 1.5x) | errors | load |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    with (
        our_server({"VAR_DIR": os.environ.get("VAR_DIR", "var")}) as ours,
        peer_server("tipg.main:app", settings, "/healthz") as peer,
    ):
        for zoom in ZOOMS:
            squares, flags = _list_squares(zoom)
            mine = [f"/tiles/flags/{square}.pbf" for square in squares]
            theirs = [
                f"/collections/public.rules_flag/tiles/WebMercatorQuad/{square}?properties={PROPERTIES}&geom-column=point"
                for square in squares
            ]
            we, they = alternate(
                lambda paths=mine: ask(ours, paths, seconds=SECONDS, headers=headers),  # type: ignore[misc]
                lambda paths=theirs: ask(peer, paths, seconds=SECONDS),  # type: ignore[misc]
                ROUNDS,
            )
            refuse_wrong(they, "tipg")
            ratios.append(we.a_second / they.a_second)
            drawn = "clusters" if _is_clustered(zoom, flags) else "points"
            lines.append(
                f"| z{zoom} | {flags:,.0f} | {we.a_second:.1f} | {we.p95_ms:.0f} ms | {drawn} | {they.a_second:.1f}"
                f" | {they.p95_ms:.0f} ms | {we.a_second / they.a_second:.1f}x | {we.wrong} / {they.wrong} | {busy()} |"
            )
            print(lines[-1], flush=True)
    measured = ", ".join(f"{ratio:.1f}x at z{zoom}" for zoom, ratio in zip(ZOOMS, ratios, strict=True))
    figure = Figure("live tiles, 200k flags, against tipg", measured, "1.5x", min(ratios) >= LEAST_RATIO)
    write_table(RESULT, "\n".join([*lines, ""]), [figure])


def _sign_in() -> str:
    """A session of a leader of the whole city."""
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.test import Client

    from cases.models import RoleAssignment
    from geo.models import City

    user, _ = get_user_model().objects.get_or_create(username="bench-leader")
    for city in City.objects.all():
        RoleAssignment.objects.get_or_create(
            user=user, unit=None, city=city, role="leader", valid_from=date(2024, 1, 1)
        )
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _list_squares(zoom: int) -> tuple[list[str], float]:
    """Tiles that hold flags, in a fixed order, and how many flags one holds in the middle."""
    from django.db import connection

    sql = """
        WITH placed AS (SELECT floor((ST_X(web_point) + 20037508.342789244) / size) AS x,
                               floor((20037508.342789244 - ST_Y(web_point)) / size) AS y
                        FROM rules_flag, (SELECT 40075016.685578488 / 2 ^ %s AS size) s WHERE web_point IS NOT NULL)
        SELECT * FROM (SELECT x::bigint AS x, y::bigint AS y, count(*) FROM placed GROUP BY 1, 2) AS counted
        ORDER BY md5(x::text || y::text) LIMIT %s
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [zoom, MOST_TILES])
        rows = cursor.fetchall()
    counts = sorted(count for *_, count in rows)
    return [f"{zoom}/{x}/{y}" for x, y, _ in rows], counts[len(counts) // 2]


def _is_clustered(zoom: int, flags: float) -> bool:
    from tiles.live_layers import LIVE_LAYERS
    from tiles.live_tiles import limit_of

    return flags > limit_of(LIVE_LAYERS["flags"], zoom)


if __name__ == "__main__":
    main()
