"""TileJSON 3.0 (github.com/mapbox/tilejson-spec) of archives, of layers that have none yet, and of live layers."""

from __future__ import annotations

from typing import Any

from geo.models import City
from tiles.archive import Archive
from tiles.layers import BASE_LAYERS, RegisterLayer, find_layer
from tiles.live_layers import LiveLayer

Json = dict[str, Any]


def describe_archive(name: str, archive: Archive, url: str) -> Json:
    """From the archive's own header and metadata: its bounds, zooms and fields."""
    header = archive.header
    corners = ("min_lon_e7", "min_lat_e7", "max_lon_e7", "max_lat_e7")
    bounds = [header[corner] / 1e7 for corner in corners]
    body = _describe(name, url, header["min_zoom"], header["max_zoom"], archive.metadata.get("vector_layers", []))
    center = [(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2, header["min_zoom"]]
    return body | {"bounds": bounds, "center": center, "attribution": archive.metadata.get("attribution", "")}


def describe_register(name: str, _archive: None, url: str) -> Json:
    """A layer that has no records (on that day, or not yet): its zooms and fields are known all the same."""
    found = find_layer(name)
    layers = (found,) if found else BASE_LAYERS
    return _describe(
        name, url, min(one.min_zoom for one in layers), max(one.max_zoom for one in layers), [*map(_fields, layers)]
    )


def describe_live(layer: LiveLayer, url: str) -> Json:
    """A live layer; it reaches as far as the cities do."""
    corners = [city.bounds for city in City.objects.only("bounds")]
    body = _describe(layer.name, url, layer.min_zoom, layer.max_zoom, _live_fields(layer))
    if not corners:
        return body
    west, south, east, north = zip(*corners, strict=True)
    return body | {"bounds": [min(west), min(south), max(east), max(north)]}


def _live_fields(layer: LiveLayer) -> list[Json]:
    alone = {"id": layer.name, "fields": dict.fromkeys(layer.columns, "")}
    together = {"id": f"{layer.name}_cluster", "fields": dict.fromkeys(("count", *layer.cluster), "Number")}
    return [alone, together] if layer.cluster else [alone]


def _fields(layer: RegisterLayer) -> Json:
    return {"id": layer.name, "fields": {name: "" for name, _ in layer.select}, "minzoom": layer.min_zoom}


def _describe(name: str, url: str, first: int, last: int, layers: list[Json]) -> Json:
    return {
        "tilejson": "3.0.0", "name": name, "tiles": [url], "scheme": "xyz", "minzoom": first, "maxzoom": last,
        "vector_layers": layers,
    }  # fmt: skip
