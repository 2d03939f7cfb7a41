"""``index.html`` of a folder of screenshots: what was wrong first, then every view in a row, its pictures side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path

STYLE = """body{font:15px/1.4 system-ui;margin:24px} figure{margin:0} img{height:420px;border:1px solid #85939a}
.row{display:flex;gap:16px;align-items:start;overflow-x:auto;padding:8px 0 24px} li b{font-weight:600}"""


def write_index(folder: Path, taken: Iterable[str], faults: Mapping[str, list[str]]) -> Path:
    """The page; where it lies. ``taken`` are names as VIEW-WIDTH-LANGUAGE, each with a PNG of that name in the folder."""
    rows: dict[str, list[str]] = {}
    for name in taken:
        rows.setdefault(name.rsplit("-", 2)[0], []).append(name)
    wrong = "".join(f"<li><b>{escape(name)}</b>: {escape(said)}</li>" for name, all_ in faults.items() for said in all_)
    body = "".join(
        f"<h2>{escape(view)}</h2><div class=row>{''.join(_figure(name) for name in names)}</div>"
        for view, names in sorted(rows.items())
    )
    path = folder / "index.html"
    path.write_text(
        "<!doctype html><html lang=en><meta charset=utf-8><title>Screenshots</title>"
        f"<style>{STYLE}</style><h1>Screenshots</h1><p>{sum(map(len, rows.values()))} pictures.</p>"
        f"<ul>{wrong or '<li>No fault was found.</li>'}</ul>{body}</html>"
    )
    return path


def _figure(name: str) -> str:
    said = escape(name)
    picture = f'<a href="{said}.png"><img loading=lazy src="{said}.png" alt="{said}"></a>'
    return f"<figure>{picture}<figcaption>{said}</figcaption></figure>"
