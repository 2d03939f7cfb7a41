"""The base map's layers: from our own registers, or from a city's own ``.pmtiles`` in the Protomaps basemap schema. Pure.

Schema of the second: docs.protomaps.com/basemaps/layers (water, landuse, roads by ``kind``, buildings, places, boundaries).
"""

from __future__ import annotations

from typing import Any

from tiles.layers import BASE_ARCHIVE
from tiles.style_layers import Drawn, Layer, carriageway, fill, line, words
from tiles.themes import Theme

POLYGON = ["in", ["geometry-type"], ["literal", ["Polygon", "MultiPolygon"]]]
LINE = ["in", ["geometry-type"], ["literal", ["LineString", "MultiLineString"]]]


def own_areas(theme: Theme) -> list[Layer]:
    """Water, sidewalks, roads and buildings of the registers."""
    return [
        fill(_base("water-fill", "water", 10), theme.water, edge=theme.water_edge),
        fill(_base("roads-fill", "roads", 12, POLYGON), theme.road, edge=theme.road_edge),
        carriageway(_base("roads-edge", "roads", 14, LINE), theme.road_edge, extra_px=1.6 * theme.line),
        carriageway(_base("roads", "roads", 12, LINE), theme.road),
        fill(_base("sidewalks-fill", "sidewalks", 14), theme.walk),
        fill(_base("buildings-fill", "buildings", 15), theme.building, 0.55),
    ]


def own_lines(theme: Theme) -> list[Layer]:
    """Edges of buildings and boundaries of units."""
    return [
        line(_base("buildings", "buildings", 17), theme.building_edge, 0.6 * theme.line),
        line(_base("units", "units", 8), theme.unit, 1.6 * theme.line, dash=(5, 3)),
    ]


def own_words(theme: Theme) -> list[Layer]:
    """Names of streets, waters and units."""
    name: Any = ["coalesce", ["get", "name"], ""]
    units = Drawn("units-label", BASE_ARCHIVE, "units_label", "units", "base", min_zoom=9.5, max_zoom=16)
    streets = _base("roads-label", "roads", 14.5, LINE)
    return [
        words(_base("water-label", "water", 15), name, theme.water_label, theme.halo, 11 * theme.text),
        words(streets, name, theme.label, theme.halo, 12 * theme.text, along=True),
        words(units, ["get", "label"], theme.label, theme.halo, 13 * theme.text),
    ]


def _base(name: str, layer: str, min_zoom: float, chosen: Any = None) -> Drawn:
    return Drawn(name, BASE_ARCHIVE, layer, layer, "base", min_zoom=min_zoom, filter=chosen)


CITY_BASE = "city-base"


def city_areas(theme: Theme) -> list[Layer]:
    """Areas and streets of a city's own base map; our sidewalks and buildings still lie on it."""
    return [
        fill(_city("city-green", "landuse", kinds=("park", "nature_reserve", "wood", "grass")), theme.green, 0.6),
        fill(_city("city-water", "water", filter_=POLYGON), theme.water, edge=theme.water_edge),
        line(_city("city-river", "water", filter_=LINE), theme.water, 1.6),
        line(_city("city-minor", "roads", kinds=("minor_road", "path", "other")), theme.road_edge, 1.2 * theme.line),
        line(_city("city-major", "roads", kinds=("major_road", "highway")), theme.road, 5 * theme.line),
        fill(_city("city-buildings", "buildings", min_zoom=14), theme.building, 0.55),
        fill(_base("sidewalks-fill", "sidewalks", 14), theme.walk),
    ]


def city_words(theme: Theme) -> list[Layer]:
    """Names on a city's own base map; the units keep ours."""
    name: Any = ["coalesce", ["get", "name"], ""]
    return [
        words(
            _city("city-roads-label", "roads", min_zoom=14), name, theme.label, theme.halo, 12 * theme.text, along=True
        ),
        words(_city("city-water-label", "water", min_zoom=12), name, theme.water_label, theme.halo, 11 * theme.text),
        words(_city("city-places-label", "places"), name, theme.label, theme.halo, 13 * theme.text),
    ]


def _city(name: str, layer: str, *, kinds: tuple[str, ...] = (), filter_: Any = None, min_zoom: float = 0) -> Drawn:
    chosen = ["in", ["get", "kind"], ["literal", list(kinds)]] if kinds else filter_
    return Drawn(name, CITY_BASE, layer, layer, "base", min_zoom=min_zoom, filter=chosen)
