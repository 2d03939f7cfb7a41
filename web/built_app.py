"""The files of the built application (``web/static/app/manifest.json``, written by Vite): what the frame must load."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from errors import ConfigurationError

ENTRY = "src/main.ts"
MAP = "src/map/MapView.svelte"
WORDS = "src/words/{}/index.ts"
MANIFEST = Path(__file__).parent / "static" / "app" / "manifest.json"
WORKER = MANIFEST.with_name("sw.js")
URL = "/static/app/"
LANGUAGES = ("vi", "en")
MAP_WORKER = "node_modules/maplibre-gl/src/source/worker.ts"


@dataclass(frozen=True, slots=True)
class Build:
    """Addresses of the entry script, of the scripts it imports at once, and of its styles; of the map view's scripts and
    styles, and of each language's words, without which nothing is drawn."""

    script: str
    preloads: tuple[str, ...]
    styles: tuple[str, ...]
    map_scripts: tuple[str, ...] = ()
    map_styles: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)


def read_build(manifest: Path = MANIFEST) -> Build:
    """The present build; read again when the file changed. ConfigurationError when there is none."""
    try:
        return _read(manifest, manifest.stat().st_mtime_ns)
    except (OSError, ValueError, KeyError) as fault:
        raise ConfigurationError(
            "The application is not built.", field=manifest.name, value=fault, cure="Run: make setup"
        ) from fault


def open_worker(script: Path = WORKER) -> BinaryIO:
    """The service worker's script, open for reading. ConfigurationError when there is no build."""
    try:
        return script.open("rb")
    except OSError as fault:
        raise ConfigurationError(
            "The application is not built.", field=script.name, value=fault, cure="Run: make setup"
        ) from fault


@lru_cache(maxsize=2)
def _read(manifest: Path, _version: int) -> Build:
    chunks: dict[str, dict[str, Any]] = json.loads(manifest.read_text())
    names = list_chunks(chunks, ENTRY)
    styles = [style for name in names for style in chunks[name].get("css", ())]
    script, *preloads = (URL + chunks[name]["file"] for name in names)
    of_map = [name for entry in (MAP, MAP_WORKER) if entry in chunks for name in list_chunks(chunks, entry)]
    of_map = [name for name in dict.fromkeys(of_map) if name not in names]
    early = tuple(URL + chunks[name]["file"] for name in of_map)
    of_map_styles = dict.fromkeys(URL + style for name in of_map for style in chunks[name].get("css", ()))
    words = {
        language: URL + chunks[name]["file"] for language in LANGUAGES if (name := WORDS.format(language)) in chunks
    }
    styles = [URL + style for style in dict.fromkeys(styles)]
    late = tuple(style for style in of_map_styles if style not in styles)
    return Build(script, tuple(preloads), tuple(styles), early, late, words)


def list_chunks(chunks: dict[str, dict[str, Any]], entry: str) -> list[str]:
    """The entry and everything it imports at once, each name once, the entry first."""
    found = [entry]
    for name in found:
        found += [other for other in chunks[name].get("imports", ()) if other not in found]
    return found
