"""How the 95th percentile of parcel tiles grows from a city to one of twice its size, both asked in turn.

python -m bench.tile_growth --database NAME --pack FOLDER --bigger-database NAME --bigger-pack FOLDER
"""

from __future__ import annotations

from bench.city import database
from bench.http_load import Answers, ask, busy, median
from bench.machine import Figure, choose_length, describe_machine, write_table
from bench.servers import our_server
from bench.tiles import ZOOMS, build, build_once, folder_of, list_squares, prepare, read_arguments
from ops.folders import ROOT

RESULT = ROOT / "bench" / "results" / "tile_growth.md"
ROUNDS, SECONDS = choose_length(5, 2.0)
MOST_GROWTH = 1.2


def main() -> None:
    """Build what is not built, then ask both."""
    options = read_arguments(__doc__)
    if not options.bigger_database:
        raise SystemExit("The bigger city is missing: --bigger-database.")
    bigger_dir = folder_of(options.bigger_database)
    if not (bigger_dir / "tiles" / "parcels.pmtiles").exists():
        build(bigger_dir, database.use_database(options.bigger_database))
    prepare(options.database, options.var_dir)
    build_once(options.var_dir)
    folders = (options.var_dir, bigger_dir)
    small, large = (list_squares(folder / "tiles" / "parcels.pmtiles") for folder in folders)
    figures = []
    lines = [
        "# Growth of the parcel tiles (`python -m bench.tile_growth`)", "",
        "| zoom | p95 of the city | of twice its parcels | growth | aim | kB a tile | errors | load |",
        "|---|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    with our_server({"VAR_DIR": str(folders[0])}) as one, our_server({"VAR_DIR": str(folders[1])}) as two:
        for zoom in ZOOMS:
            asked = [[f"/tiles/parcels/{square}.pbf" for square in squares[zoom]] for squares in (small, large)]
            pairs = [_ask_both((one, two), asked, is_turned=number % 2 == 1) for number in range(ROUNDS + 1)][
                1:
            ]  # warm first
            before, after = median([pair[0] for pair in pairs]), median([pair[1] for pair in pairs])
            lines.append(
                f"| z{zoom} | {before.p95_ms:.1f} ms | {after.p95_ms:.1f} ms | {after.p95_ms / before.p95_ms:.2f}x | 1.2x"
                f" | {before.mean_bytes / 1000:.0f} and {after.mean_bytes / 1000:.0f} | {before.wrong + after.wrong} | {busy()} |"
            )
            growth = after.p95_ms / before.p95_ms
            measured = f"{growth:.2f}x ({before.p95_ms:.1f} and {after.p95_ms:.1f} ms)"
            figures.append(
                Figure(f"growth of tile p95 at 2M against 1M, z{zoom}", measured, "1.2x", growth <= MOST_GROWTH)
            )
            print(lines[-1], flush=True)
    lines += ["", f"Medians of {ROUNDS} rounds in turn, c=4. {describe_machine()}.", ""]
    write_table(RESULT, "\n".join(lines), figures)


def _ask_both(bases: tuple[str, str], paths: list[list[str]], *, is_turned: bool) -> tuple[Answers, Answers]:
    """One round of each city; who is asked first changes, for whatever comes second may meet a busier machine."""
    found: dict[int, Answers] = {}
    for index in (1, 0) if is_turned else (0, 1):
        found[index] = ask(bases[index], paths[index], seconds=SECONDS)
    return found[0], found[1]


if __name__ == "__main__":
    main()
