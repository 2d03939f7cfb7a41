"""What the frame of the application loads, read from the manifest of its build."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from errors import ConfigurationError
from web.built_app import list_chunks, read_build

CHUNKS = {
    "src/main.ts": {
        "file": "assets/main-1.js",
        "imports": ["_a.js"],
        "dynamicImports": ["late.svelte"],
        "css": ["m.css"],
    },
    "_a.js": {"file": "assets/a-1.js", "imports": ["_b.js"], "css": ["a.css", "m.css"]},
    "_b.js": {"file": "assets/b-1.js", "imports": ["_a.js"]},
    "late.svelte": {"file": "assets/late-1.js", "css": ["late.css"]},
    "src/words/vi/index.ts": {"file": "assets/vi-1.js"},
    "src/map/MapView.svelte": {"file": "assets/map-1.js", "imports": ["_a.js", "_lib.js"], "css": ["map.css", "a.css"]},
    "_lib.js": {"file": "assets/lib-1.js", "css": ["lib.css"]},
}


def test_the_frame_loads_the_entry_and_what_it_imports_at_once(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps(CHUNKS))
    build = read_build(manifest)
    assert build.script == "/static/app/assets/main-1.js"
    assert build.preloads == ("/static/app/assets/a-1.js", "/static/app/assets/b-1.js")
    assert build.map_scripts == ("/static/app/assets/map-1.js", "/static/app/assets/lib-1.js")
    assert build.map_styles == ("/static/app/map.css", "/static/app/lib.css")
    assert build.words == {"vi": "/static/app/assets/vi-1.js"}
    assert build.styles == ("/static/app/m.css", "/static/app/a.css")


def test_chunks_that_import_each_other_are_listed_once() -> None:
    assert list_chunks(CHUNKS, "src/main.ts") == ["src/main.ts", "_a.js", "_b.js"]


@pytest.mark.parametrize("text", ["", "{}", "[1"], ids=["empty", "no entry", "not JSON"])
def test_a_missing_or_broken_build_says_what_to_do(tmp_path: Path, text: str) -> None:
    manifest = tmp_path / "manifest.json"
    if text:
        manifest.write_text(text)
    with pytest.raises(ConfigurationError) as raised:
        read_build(manifest)
    assert "make setup" in raised.value.cure
