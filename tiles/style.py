"""The map's style for MapLibre: base map, registers, imagery. No glyph, sprite or tile server but ours.

The order, from below: land, base areas, planning fills, imagery (off at first), edges and lines, words. docs/map-style.md
lists the ids.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from geo.models import City
from tiles import base_style
from tiles.archive_files import find_city_base
from tiles.layers import BASE_ARCHIVE, BASE_LAYERS, REGISTER_LAYERS
from tiles.legend import OTHER_FILL, list_entries
from tiles.style_layers import Drawn, Layer, fill, hidden, line, words
from tiles.themes import Theme

_OWN = tuple(layer for layer in REGISTER_LAYERS if not layer.base)


@dataclass(frozen=True, slots=True)
class Look:
    """What the reader asked for: the theme, and the day of the registers (None: the newest build)."""

    theme: Theme
    on: date | None = None


def make_style(city: City, look: Look, *, base: str) -> dict[str, Any]:
    """The whole style of one city; live layers are added by the page for signed-in staff."""
    theme = look.theme
    own_base = find_city_base(city) is not None
    areas = base_style.city_areas(theme) if own_base else base_style.own_areas(theme)
    names = (
        [*base_style.own_words(theme)[-1:], *base_style.city_words(theme)] if own_base else base_style.own_words(theme)
    )
    layers = [
        {"id": "land", "type": "background", "paint": {"background-color": theme.land}, "metadata": {"group": "base"}},
        *_planning_fills(city, theme),
        *areas,
        *_edges(theme),
        *base_style.own_lines(theme),
        *_codes(theme),
        *names,
    ]
    return {
        "version": 8,
        "name": city.slug,
        "metadata": {"theme": theme.name, "on": look.on.isoformat() if look.on else None, "city": city.slug},
        "center": city.center,
        "zoom": city.default_zoom,
        "sources": _sources(city, look, base.rstrip("/"), own_base=own_base),
        "layers": layers,
    }


def _sources(city: City, look: Look, base: str, *, own_base: bool) -> dict[str, Any]:
    day = f"?on={look.on.isoformat()}" if look.on else ""
    spans = {layer.name: (layer.min_zoom, layer.max_zoom) for layer in _OWN}
    spans[BASE_ARCHIVE] = (min(layer.min_zoom for layer in BASE_LAYERS), max(layer.max_zoom for layer in BASE_LAYERS))
    sources = {
        name: _vector(f"{base}/tiles/{name}/{{z}}/{{x}}/{{y}}.pbf{day}", city, span) for name, span in spans.items()
    }
    if own_base:
        sources[base_style.CITY_BASE] = {"type": "vector", "url": f"{base}/tiles/city-{city.slug}.json"}
    return sources


def _vector(url: str, city: City, span: Sequence[int]) -> Mapping[str, Any]:
    return {"type": "vector", "tiles": [url], "minzoom": span[0], "maxzoom": span[1], "bounds": city.bounds}


def _planning_fills(city: City, theme: Theme) -> list[Layer]:
    return [
        fill(_register("zoning-fill", "zoning"), _by_class(city, "zoning"), theme.fill),
        hidden(fill(_register("land_use-fill", "land_use"), _by_class(city, "land_use"), theme.fill)),
    ]


def _edges(theme: Theme) -> list[Layer]:
    wide = theme.line
    permits = _register("permits-fill", "permits", 15, filter_=base_style.POLYGON)
    return [
        line(_register("zoning-edge", "zoning"), theme.zone_edge, 0.8 * wide),
        hidden(line(_register("land_use-edge", "land_use"), theme.zone_edge, 0.8 * wide)),
        line(_register("parcels", "parcels", 15), theme.parcel, 0.8 * wide),
        hidden(line(_register("overlays", "overlays"), theme.overlay, 1.4 * wide, dash=(4, 3))),
        line(_register("plan_lines", "plan_lines", 14), theme.red_line, 1.3 * wide, dash=(6, 2, 1, 2)),
        fill(permits, theme.permit, 0.14),
        line(_register("permits-edge", "permits", 15), theme.permit, 1.4 * wide),
    ]


def _codes(theme: Theme) -> list[Layer]:
    """The code of every district beside its fill: many official classes share one."""
    number: Any = ["concat", ["get", "sheet"], "/", ["get", "number"]]
    parcels = Drawn("parcels-label", "parcels", "parcels", "parcels", "label", min_zoom=17.5)
    named = {"zoning": 14.5, "land_use": 14.5, "overlays": 13.5}
    codes = {
        name: words(
            Drawn(f"{name}-label", name, f"{name}_label", name, "label", min_zoom=zoom),
            ["get", "label"], theme.label, theme.halo, 12 * theme.text,
        )
        for name, zoom in named.items()
    }  # fmt: skip
    return [
        words(parcels, number, theme.label, theme.halo, 10 * theme.text),
        codes["zoning"], hidden(codes["land_use"]), hidden(codes["overlays"]),
    ]  # fmt: skip


def _register(name: str, layer: str, min_zoom: float = 0, *, filter_: Any = None) -> Drawn:
    return Drawn(name, layer, layer, layer, min_zoom=min_zoom, filter=filter_)


def _by_class(city: City, plan_kind: str) -> Any:
    """Fill by the first part of the code; grey for what the legend does not name."""
    pairs = [word for e in list_entries(city) if e.plan_kind == plan_kind for word in (e.code, e.fill)]
    return ["match", ["get", "class"], *pairs, OTHER_FILL] if pairs else OTHER_FILL
