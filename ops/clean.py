"""``make clean``: stops the copy that runs from VAR_DIR, and removes what it made there and what the tools remember."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

from ops import background
from ops.folders import ROOT, Folders
from ops.words import say

OURS = (
    "database",
    "valkey",
    "media",
    "demo",
    "compiled_weights",
    "staticfiles",
    "cities",
    "tiles",
    "cache",
    "logs",
    "test",
)
FILES = ("keys.json", "database.json", "broker.json", "demo-users.json", "processes.json", "running.lock")
CACHES = (".pytest_cache", ".mypy_cache", ".ruff_cache", ".import_linter_cache", ".hypothesis")


def clean(folders: Folders) -> None:
    """Remove the private database, uploads, logs and caches. Other files in VAR_DIR are left alone."""
    background.down(folders)
    homes = [folders.var / name for name in OURS] + [Path("/tmp") / folders.mark]
    if folders.elsewhere_file.exists():
        homes.append(Path(json.loads(folders.elsewhere_file.read_text())["folder"]))
    _remove(homes)
    for path in (*(folders.var / name for name in FILES), folders.elsewhere_file):
        path.unlink(missing_ok=True)
    say(f"Removed the database, uploads and logs of {folders.var}")


def clean_caches() -> None:
    """Remove what linters, type checker and test runner remember in the clone."""
    _remove(ROOT / name for name in CACHES)


def _remove(homes: Iterable[Path]) -> None:
    for home in homes:
        if home.is_dir() and not home.is_symlink():
            shutil.rmtree(home)
