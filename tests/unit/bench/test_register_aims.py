"""The table of aims in the results: what is measured anew replaces the rows of its own file alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.machine import Figure, write_table
from bench.register_aims import BEGIN, END, read_figures, renew
from bench.registers import FILES, RESULTS

TEXT = f"# Before\n{BEGIN}\n{END}\nAfter.\n"


def test_rows_go_into_the_table_in_the_order_of_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = tmp_path / "figures"
    monkeypatch.setenv("BENCH_FIGURES", str(told))
    write_table(
        tmp_path / "tiles.md", "x", [Figure("tiles", "700x", "100x", True), Figure("p95", "20 ms", "10 ms", False)]
    )
    write_table(tmp_path / "load.md", "x", [Figure("load", "60 s", "180 s", True)])
    text = renew(TEXT, read_figures(told), ("load.md", "tiles.md"))
    lines = text.splitlines()
    assert (lines[0], lines[-1]) == ("# Before", "After.")
    assert lines[4:7] == [
        "| load | 60 s | 180 s | met | `load.md` |",
        "| tiles | 700x | 100x | met | `tiles.md` |",
        "| p95 | 20 ms | 10 ms | **missed** | `tiles.md` |",
    ]
    later = renew(text, {"tiles.md": ["| tiles | 1x | 100x | **missed** | `tiles.md` |"]}, ("load.md", "tiles.md"))
    assert later.splitlines()[4:6] == [lines[4], "| tiles | 1x | 100x | **missed** | `tiles.md` |"]
    assert later.splitlines()[6] == END


def test_a_text_without_the_table_is_refused() -> None:
    with pytest.raises(ValueError, match="no table"):
        renew("# Nothing", {}, ())


def test_the_results_hold_the_table_and_every_row_has_its_file() -> None:
    assert renew(RESULTS.read_text(), {}, FILES).count(BEGIN) == 1
    assert len(set(FILES)) == len(FILES)
