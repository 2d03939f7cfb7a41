"""The pictures that a city's pack brings (``imagery.toml``), taken in when the pack is loaded; twice changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from errors import ConfigurationError
from geo.models import City
from geo.pack import Pack
from geo.recipes import locate_file
from tiles.imagery import Given, take_in_imagery

_WORDS = frozenset(
    ("name", "file", "gcps", "title", "kind", "taken_on", "source", "licence", "decision", "is_generated", "staff_only",
     "crs", "bands", "nodata", "resolution_m")
)  # fmt: skip


def load_imagery(city: City, pack: Pack) -> dict[str, int]:
    """Take in every picture of the pack; how many it has. ConfigurationError names what its table lacks."""
    rows = pack.read_table("imagery.toml").get("imagery", [])
    for row in rows:
        take_in_imagery(city, _describe(pack, row))
    return {"imagery": len(rows)}


def _describe(pack: Pack, row: Mapping[str, Any]) -> Given:
    unknown, missing = set(row) - _WORDS, {"name", "file", "title", "kind", "source"} - set(row)
    if unknown or missing:
        raise ConfigurationError(
            "An [[imagery]] table is not right.", field="imagery.toml", value=", ".join(sorted(unknown | missing)),
            cure="It needs name, file, title, kind, source; cities/README.md lists the rest.",
        )  # fmt: skip
    return Given(
        file=_locate(pack, row["file"]),
        name=str(row["name"]),
        title=str(row["title"]),
        kind=str(row["kind"]),
        taken_on=row.get("taken_on") if isinstance(row.get("taken_on"), date) else None,
        source=str(row["source"]),
        licence=str(row.get("licence", "")),
        decision=str(row.get("decision", "")),
        is_generated=bool(row.get("is_generated", False)),
        staff_only=bool(row.get("staff_only", False)),
        points_file=_locate(pack, row["gcps"]) if row.get("gcps") else None,
        crs=str(row.get("crs", "")),
        bands=tuple(row.get("bands", ())),
        nodata=row.get("nodata"),
        resolution_m=float(row.get("resolution_m", 0.0)),
    )


def _locate(pack: Pack, file: str) -> Path:
    return locate_file(pack, file, Path(settings.ENV.storage.var_dir))
