"""What the map's signs mean: the city pack's codes with names and fills, and each layer's sources with their dates.

A fill is never alone: many official classes share one, so the code is always written beside it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db.models import F

from errors import ConfigurationError
from geo.models import City, RegisterSource
from tiles.layers import REGISTER_LAYERS

OTHER_FILL = "#E7EBEB"  # a code that the legend does not name: drawn grey, its code still written
# Hatchings for the classes that share a fill, in the order of the legend; the first of them stays plain.
PATTERNS = ("plain", "diagonal", "dots", "back-diagonal", "horizontal", "cross", "vertical", "grid", "circles", "waves")


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One class of one plan: the first part of its code, its names, its fill."""

    plan_kind: str
    code: str
    name_vi: str
    name_en: str
    fill: str
    pattern: str = ""

    def name(self, language: str) -> str:
        """The name in the reader's language."""
        return self.name_en if language.startswith("en") and self.name_en else self.name_vi


def list_entries(city: City) -> tuple[LegendEntry, ...]:
    """The legend of the city's pack; empty when the pack has none."""
    path = Path(city.pack_path) / "legend.toml"
    if not path.is_file():
        return ()
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=16)
def _read(path: Path, _version: int) -> tuple[LegendEntry, ...]:
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get("entry", [])
        return tuple(
            LegendEntry(
                row["plan_kind"],
                row["code"],
                row["name"]["vi"],
                row["name"].get("en", ""),
                row["fill"],
                row.get("pattern", ""),
            )
            for row in rows
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as fault:
        raise ConfigurationError(
            "The legend cannot be read.",
            field=path.name,
            value=fault,
            cure="Write [[entry]] with plan_kind, code, name, fill.",
        ) from fault


def make_legend(city: City, *, language: str) -> dict[str, Any]:
    """The legend as JSON: classes per plan kind, and sources per layer with date, decision and the generated mark."""
    entries = list_entries(city)
    plans = {
        kind: describe_entries([entry for entry in entries if entry.plan_kind == kind], language)
        for kind in ("zoning", "land_use")
    }
    sources = list(RegisterSource.objects.filter(city=city).order_by(F("source_on").desc(nulls_last=True)))
    layers = {
        layer.name: [_tell(source, language) for source in sources if source.register == layer.register]
        for layer in REGISTER_LAYERS
    }
    return {"city": city.slug, "plans": plans, "layers": layers}


def describe_entries(entries: Sequence[LegendEntry], language: str) -> list[dict[str, Any]]:
    """Entries of one plan with their name in the reader's language, the codes that share their fill, and a hatching that
    tells those apart (the pack's own, else by their order)."""
    told = []
    for entry in entries:
        same = [other.code for other in entries if other.fill.upper() == entry.fill.upper()]
        pattern = entry.pattern or PATTERNS[same.index(entry.code) % len(PATTERNS)]
        shared = [code for code in same if code != entry.code]
        told.append(asdict(entry) | {"name": entry.name(language), "pattern": pattern, "shares_fill_with": shared})
    return told


def _tell(source: RegisterSource, language: str) -> dict[str, Any]:
    title = source.title_en if language.startswith("en") and source.title_en else source.title_vi
    return {
        "name": source.name, "title": title, "source_on": source.source_on, "decision": source.decision,
        "scale": source.scale, "licence": source.licence, "generated": source.is_generated,
    }  # fmt: skip
