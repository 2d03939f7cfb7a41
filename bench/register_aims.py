"""The table of aims in ``bench/RESULTS.md``: the rows that were measured anew take the place of those of the same file."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

BEGIN, END = "<!-- aims of the registers: written by make bench-registers -->", "<!-- end of the aims -->"
_HEAD = ("| work | measured | aim | | told in |", "|---|---|---|---|---|")


def read_figures(path: Path) -> dict[str, list[str]]:
    """Rows of the table by the name of the file that tells them, from the lines that ``bench.machine`` wrote."""
    rows: dict[str, list[str]] = {}
    for line in path.read_text().splitlines():
        name, work, measured, aim, is_met = json.loads(line)
        rows.setdefault(name, []).append(
            f"| {work} | {measured} | {aim} | {'met' if is_met else '**missed**'} | `{name}` |"
        )
    return rows


def renew(text: str, rows: dict[str, list[str]], order: Iterable[str]) -> str:
    """The text of RESULTS.md with these rows in its table, files in this order. ValueError: it has no such table."""
    before, begin, rest = text.partition(BEGIN)
    table, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"bench/RESULTS.md has no table between {BEGIN} and {END}.")
    kept: dict[str, list[str]] = {}
    for line in table.splitlines():
        if line.startswith("| ") and line not in _HEAD:
            kept.setdefault(line.split("`")[-2], []).append(line)
    merged = kept | rows
    lines = [line for name in order for line in merged.get(name, [])]
    return f"{before}{begin}\n" + "\n".join((*_HEAD, *lines)) + f"\n{end}{after}"
