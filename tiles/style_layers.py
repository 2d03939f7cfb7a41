"""Layers of a MapLibre style as plain JSON: fills, lines and words over a source. Pure.

Every layer's metadata says its ``group`` (base, register, label, imagery) and the ``layer`` of the legend it belongs to, so that
a page can switch all of one layer together without knowing the ids.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Layer = dict[str, Any]
FONT = ("Be Vietnam Pro",)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a layer draws: its id, source, vector tile layer, the legend's layer, and from which zoom."""

    id: str
    source: str
    source_layer: str
    layer: str
    group: str = "register"
    min_zoom: float = 0
    max_zoom: float = 0
    filter: Any = None


def fill(drawn: Drawn, colour: Any, opacity: float = 1.0, *, edge: str = "") -> Layer:
    """An area."""
    paint = {"fill-color": colour, "fill-opacity": opacity, "fill-antialias": True}
    return _layer(drawn, "fill") | {"paint": paint | ({"fill-outline-color": edge} if edge else {})}


def line(drawn: Drawn, colour: str, width: float, *, dash: Sequence[float] = ()) -> Layer:
    """A line that grows with the zoom; ``width`` in pixels about z15."""
    grown = ["interpolate", ["linear"], ["zoom"], 12, round(width * 0.5, 2), 18, round(width * 1.6, 2)]
    paint: Layer = {"line-color": colour, "line-width": grown}
    return _layer(drawn, "line") | {"paint": paint | ({"line-dasharray": list(dash)} if dash else {})}


def carriageway(drawn: Drawn, colour: str, *, extra_px: float = 0) -> Layer:
    """Centre lines as wide as the carriageway really is: metres become pixels, doubling with each zoom.

    At z18 a metre is 1.7 px near the tropics. ``extra_px`` makes the casing under it.
    """
    width_m = ["coalesce", ["get", "width_m"], 7]
    near = ["+", ["*", width_m, 1.7], extra_px]
    nearest = ["+", ["*", width_m, 6.8], extra_px]
    widths = ["interpolate", ["exponential", 2], ["zoom"], 12, 1 + extra_px / 2, 18, near, 20, nearest]
    return _layer(drawn, "line") | {
        "layout": {"line-cap": "round", "line-join": "round"},
        "paint": {"line-color": colour, "line-width": widths},
    }


def words(drawn: Drawn, field: Any, colour: str, halo: str, size: float, *, along: bool = False) -> Layer:
    """Names or codes, drawn from the page's web font: the style has no glyph server."""
    layout: Layer = {"text-field": field, "text-font": list(FONT), "text-size": round(size, 1), "text-padding": 4}
    if along:
        layout |= {"symbol-placement": "line", "text-letter-spacing": 0.04}
    paint = {"text-color": colour, "text-halo-color": halo, "text-halo-width": 1.3}
    return _layer(drawn, "symbol") | {"layout": layout, "paint": paint}


def hidden(layer: Layer) -> Layer:
    """The same layer, switched off at first."""
    return layer | {"layout": {**layer.get("layout", {}), "visibility": "none"}}


def _layer(drawn: Drawn, kind: str) -> Layer:
    layer: Layer = {
        "id": drawn.id,
        "type": kind,
        "source": drawn.source,
        "source-layer": drawn.source_layer,
        "metadata": {"group": drawn.group, "layer": drawn.layer},
    }
    layer |= {"minzoom": drawn.min_zoom} if drawn.min_zoom else {}
    layer |= {"maxzoom": drawn.max_zoom} if drawn.max_zoom else {}
    return layer | ({"filter": drawn.filter} if drawn.filter is not None else {})
