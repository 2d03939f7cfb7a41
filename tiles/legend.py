"""What the map's signs mean: the city pack's codes with names and fills, and each layer's sources with their dates.

A fill is never alone: many official classes share one, so the code is always written beside it.
"""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db.models import F

from errors import ConfigurationError
from geo.facts import Register
from geo.models import City, RegisterSource

OTHER_FILL = "#E7EBEB"  # a code that the legend does not name: drawn grey, its code still written
LAYER_REGISTERS = {
    "units": Register.ADMIN_UNIT, "parcels": Register.PARCEL, "zoning": Register.ZONING, "land_use": Register.ZONING,
    "overlays": Register.OVERLAY, "plan_lines": Register.PLAN_LINE, "roads": Register.ROAD,
    "sidewalks": Register.SIDEWALK, "permits": Register.PERMIT, "buildings": Register.BUILDING,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One class of one plan: the first part of its code, its names, its fill."""

    plan_kind: str
    code: str
    name_vi: str
    name_en: str
    fill: str

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
            LegendEntry(row["plan_kind"], row["code"], row["name"]["vi"], row["name"].get("en", ""), row["fill"])
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
    entries = [asdict(entry) | {"name": entry.name(language)} for entry in list_entries(city)]
    plans = {kind: [e for e in entries if e["plan_kind"] == kind] for kind in ("zoning", "land_use")}
    sources = list(RegisterSource.objects.filter(city=city).order_by(F("source_on").desc(nulls_last=True)))
    layers = {
        layer: [_tell(source, language) for source in sources if source.register == register.value]
        for layer, register in LAYER_REGISTERS.items()
    }
    return {"city": city.slug, "plans": plans, "layers": layers}


def _tell(source: RegisterSource, language: str) -> dict[str, Any]:
    title = source.title_en if language.startswith("en") and source.title_en else source.title_vi
    return {
        "name": source.name, "title": title, "source_on": source.source_on, "decision": source.decision,
        "scale": source.scale, "licence": source.licence, "generated": source.is_generated,
    }  # fmt: skip
