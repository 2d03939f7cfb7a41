"""Small changes to the little city's register files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Feature = dict[str, Any]


def edit(path: Path, change: Callable[[list[Feature]], list[Feature] | None]) -> Path:
    """Rewrite a GeoJSON file with changed features; a change in place may return None."""
    raw = json.loads(path.read_text())
    changed = change(raw["features"])
    raw["features"] = raw["features"] if changed is None else changed
    path.write_text(json.dumps(raw))
    return path
