"""The map's style for MapLibre: pale fills, codes written, no glyph or sprite server (text is drawn from the web font)."""

from __future__ import annotations

from typing import Any

from geo.models import City
from tiles.layers import REGISTER_LAYERS
from tiles.legend import OTHER_FILL, list_entries, make_legend

__all__ = ["make_legend", "make_style"]

LAND, ROAD, WALK, PARCEL, RED_LINE, LABEL, INK = (
    "#EFEEE9", "#FFFFFF", "#D8CBB2", "#B5B0A4", "#B8322A", "#4A4436", "#43525D",
)  # fmt: skip
FONT = ["Be Vietnam Pro"]
Layer = dict[str, Any]


def make_style(city: City, *, base: str) -> dict[str, Any]:
    """Base map and register layers of one city; live layers are added by the page for signed-in staff."""
    sources = {
        layer.name: {
            "type": "vector",
            "tiles": [f"{base.rstrip('/')}/tiles/{layer.name}/{{z}}/{{x}}/{{y}}.pbf"],
            "minzoom": layer.min_zoom,
            "maxzoom": layer.max_zoom,
        }
        for layer in REGISTER_LAYERS
    }
    return {
        "version": 8,
        "name": city.slug,
        "center": city.center,
        "zoom": city.default_zoom,
        "sources": sources,
        "layers": [{"id": "land", "type": "background", "paint": {"background-color": LAND}}, *_layers(city)],
    }


def _layers(city: City) -> list[Layer]:
    return [
        _fill("zoning", _by_class(city, "zoning"), 0.85),
        _hidden(_fill("land_use", _by_class(city, "land_use"), 0.85)),
        _line("zoning", "zoning-edge", "#9A8F78", 0.8),
        _hidden(_line("land_use", "land_use-edge", "#9A8F78", 0.8)),
        {**_fill("roads", ROAD, 1.0, min_zoom=12), "filter": ["==", ["geometry-type"], "Polygon"]},
        _roads(),
        _fill("sidewalks", WALK, 1.0, min_zoom=14),
        _line("buildings", "buildings", "#A39A86", 0.6, min_zoom=17),
        _line("parcels", "parcels", PARCEL, 0.8, min_zoom=15),
        _hidden(_line("overlays", "overlays", "#6A4C93", 1.4, dash=[4, 3])),
        _line("plan_lines", "plan_lines", RED_LINE, 1.3, dash=[6, 2, 1, 2], min_zoom=14),
        {**_fill("permits", "#0B5A60", 0.14, min_zoom=15), "filter": ["==", ["geometry-type"], "Polygon"]},
        _line("permits", "permits-edge", "#0B5A60", 1.4, min_zoom=15),
        _line("units", "units", INK, 1.6, dash=[5, 3]),
        _text("parcels", "parcels-label", ["concat", ["get", "sheet"], "/", ["get", "number"]], 10, 18),
        _text("zoning", "zoning-label", ["get", "code"], 12, 15),
        _hidden(_text("land_use", "land_use-label", ["get", "code"], 12, 15)),
        _text("roads", "roads-label", ["coalesce", ["get", "name"], ""], 12, 15, along=True),
        _text("units", "units-label", ["get", "name"], 13, 10, most=15),
    ]


def _by_class(city: City, plan_kind: str) -> Any:
    """Fill by the first part of the code; grey for what the legend does not name."""
    pairs = [word for e in list_entries(city) if e.plan_kind == plan_kind for word in (e.code, e.fill)]
    return ["match", ["get", "class"], *pairs, OTHER_FILL] if pairs else OTHER_FILL


def _fill(source: str, colour: Any, opacity: float, *, min_zoom: int = 0) -> Layer:
    paint = {"fill-color": colour, "fill-opacity": opacity, "fill-antialias": True}
    return _layer(source, source, "fill", min_zoom) | {"id": f"{source}-fill", "paint": paint}


def _line(
    source: str, name: str, colour: str, width: float, *, dash: list[float] | None = None, min_zoom: int = 0
) -> Layer:
    paint: Layer = {
        "line-color": colour,
        "line-width": ["interpolate", ["linear"], ["zoom"], 12, width * 0.5, 18, width * 1.6],
    }
    return _layer(source, name, "line", min_zoom) | {"paint": paint | ({"line-dasharray": dash} if dash else {})}


def _roads() -> Layer:
    """Centre lines drawn as wide as the carriageway really is (metres to pixels grow with the zoom)."""
    width_m = ["coalesce", ["get", "width_m"], 7]
    at_18 = ["*", width_m, 1.7]
    layer = _layer("roads", "roads", "line", 12)
    return layer | {
        "filter": ["==", ["geometry-type"], "LineString"],
        "layout": {"line-cap": "round", "line-join": "round"},
        "paint": {
            "line-color": ROAD,
            "line-width": ["interpolate", ["exponential", 2], ["zoom"], 12, 1, 18, at_18, 20, ["*", width_m, 6.8]],
        },
    }


def _text(
    source: str, name: str, field: Any, size: float, min_zoom: int, *, along: bool = False, most: int | None = None
) -> Layer:
    layout: Layer = {"text-field": field, "text-font": FONT, "text-size": size, "text-padding": 6}
    if along:
        layout |= {"symbol-placement": "line", "text-letter-spacing": 0.04}
    paint = {"text-color": LABEL, "text-halo-color": "rgba(255,255,255,.8)", "text-halo-width": 1.2}
    layer = _layer(source, name, "symbol", min_zoom) | {"layout": layout, "paint": paint}
    return layer | ({"maxzoom": most} if most else {})


def _layer(source: str, name: str, kind: str, min_zoom: int) -> Layer:
    return {"id": name, "type": kind, "source": source, "source-layer": source} | (
        {"minzoom": min_zoom} if min_zoom else {}
    )


def _hidden(layer: Layer) -> Layer:
    return layer | {"layout": {**layer.get("layout", {}), "visibility": "none"}}
