"""Address search on 500,000 addresses: milliseconds of ``/api/v1/search`` for what people really type, wrong or right.

The generated city's addresses are those of its parcels, made into an address register once. A sixth of the questions each: as
written, without accents, an alley (the last number left out), a slip in the street's name, with its ward, a parcel key.

    python -m bench.address_search --database NAME --pack FOLDER [--seconds 10]
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import psycopg

from bench.city import database
from bench.machine import Figure, choose_length, describe_machine, write_table
from bench.place_lookup import _of_database
from bench.serving import CpuWatch, Load, load_http, our_server
from ops.folders import ROOT

RESULT = ROOT / "bench" / "results" / "address_search.md"
ROUNDS, SECONDS = choose_length(3, 6)
QUESTIONS = 3000
_SOURCE = """
    INSERT INTO geo_registersource (city_id, register, name, title_vi, title_en, publisher, licence, url, decision, scale,
        source_on, valid_from, is_generated, description)
    SELECT city_id, 'address', 'bench-addresses', 'Địa chỉ (dữ liệu tạo ra)', 'Addresses (generated data)', 'bench.city',
        'CC0-1.0', '', '', '', source_on, valid_from, true, '{}'
    FROM geo_registersource WHERE register = 'parcel' ORDER BY id LIMIT 1 RETURNING id
"""
_READ = (
    "SELECT city_id, load_id, key, address, ST_AsHEXEWKB(ST_PointOnSurface(geom)) FROM geo_parcel"
    " WHERE address <> '' AND is_listed"
)
_COPY = (
    "COPY geo_address (city_id, source_id, load_id, key, valid_from, is_listed, row_sha256, house_number, house_number_plain,"
    " street, street_plain, former_unit, parcel_key, geom) FROM STDIN"
)


def main() -> None:
    """Measure and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", required=True)
    parser.add_argument("--pack", type=Path)
    parser.add_argument("--seconds", type=int, default=int(SECONDS))
    options = parser.parse_args()
    url = _of_database(options.database)
    os.environ["DATABASE_URL"] = url
    count, streets = _make_register(url)
    paths = _make_questions(url)
    found: dict[int, list[Load]] = {1: [], 4: []}
    with our_server(url) as base:
        load_http(base, paths, connections=2, seconds=4)
        for _ in range(ROUNDS):
            for connections, loads in found.items():
                with CpuWatch(url) as watch:
                    load = load_http(base, paths, connections=connections, seconds=options.seconds)
                loads.append(replace(load, cpu_ms=1000 * watch.cpu_s / max(load.requests, 1)))
                print(connections, loads[-1], flush=True)
    _write(count, streets, found)


def _make_register(url: str) -> tuple[int, int]:
    """How many addresses and streets there are; made of the parcels' addresses when there are none."""
    with psycopg.connect(url) as connection:
        count = connection.execute("SELECT count(*) FROM geo_address").fetchone()[0]  # type: ignore[index]
        if not count:
            _fill(connection)
            connection.commit()
            database.prepare()
            from geo.street_names import rebuild_street_names

            for (city,) in connection.execute("SELECT id FROM geo_city").fetchall():
                rebuild_street_names(city)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ANALYZE geo_address")
        connection.execute("ANALYZE geo_streetname")
        counts = "SELECT (SELECT count(*) FROM geo_address), (SELECT count(*) FROM geo_streetname)"
        return connection.execute(counts).fetchone()  # type: ignore[return-value]


def _fill(connection: psycopg.Connection) -> None:
    from geo.plain_text import make_plain, make_street_plain

    source = connection.execute(_SOURCE).fetchone()[0]  # type: ignore[index]
    rows = connection.execute(_READ).fetchall()
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for city, load, key, address, point in rows:
            house, _, units = address.partition(", ")
            number, _, street = house.partition(" ")
            copy.write_row((city, source, load, key, "2025-07-01", True, "x", number, make_plain(number), street,
                            make_street_plain(street), units, key, point))  # fmt: skip


def _make_questions(url: str) -> list[str]:
    from geo.plain_text import make_plain

    random.seed(27)
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT house_number, street, former_unit, parcel_key FROM geo_address WHERE id % 97 = 3 ORDER BY id LIMIT 20000"
        ).fetchall()
    questions = []
    for index, (number, street, unit, key) in enumerate(random.sample(rows, min(QUESTIONS, len(rows)))):
        alley = number.rpartition("/")[0] or number
        at = random.randrange(1, max(len(street) - 1, 2))
        typed = (
            f"{number} {street}", make_plain(f"{number} {street}"), f"{alley} {street}",
            f"{number} {street[:at]}{street[at + 1:]}",
            f"{number} {street}, {unit}", f"{key[:5]} {key[5:8]} {key[8:]}",
        )[index % 6]  # fmt: skip
        questions.append(f"/api/v1/search?q={quote(typed)}")
    return questions


def _write(count: int, streets: int, found: dict[int, list[Load]]) -> None:
    rows, figures = [], []
    for connections, loads in found.items():
        words = ("p50_ms", "p95_ms", "per_s", "cpu_ms")
        p50, p95, rate, cpu = (statistics.median(getattr(load, word) for load in loads) for word in words)
        figure = f"{rate:.0f}/s, median {p50:.1f} ms, p95 {p95:.1f} ms"
        work = f"address search on {count:,} addresses, c={connections}"
        figures.append(Figure(work, f"p95 {p95:.1f} ms", "p95 50 ms", p95 <= 50))
        rows.append(f"| c={connections} | {figure} | {cpu:.1f} ms | p95 at most 50 ms |")
    failures = sum(load.failures for loads in found.values() for load in loads)
    text = f"""# Address search (`python -m bench.address_search`)

{count:,} addresses on {streets:,} streets, {QUESTIONS:,} questions (as written, without accents, alley, slip, with
ward, key), medians of {ROUNDS} rounds; {failures} failed requests. {describe_machine()}.
Server, load and database share the cores.

| connections | figure | CPU a search | aim |
|---|---|---|---|
{chr(10).join(rows)}
"""
    write_table(RESULT, text, figures)


if __name__ == "__main__":
    main()
