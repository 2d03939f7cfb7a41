"""The demonstration ward in metres: its outline and real streets out of ``data/``, and the way back to degrees.

All parts of the recipe work in VN-2000 / TM-3 105°45' metres, east before north, as the pack's first system defines it.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import LineString, MultiPolygon, Polygon, mapping, shape
from shapely.geometry.base import BaseGeometry

from geo.crs import CitySystem, parse_system

PACK = Path(__file__).parents[1]
WARD = "27139"
DEGREE_DIGITS = 8  # about 1 mm
METRE_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Ground:
    """The ward's outline (the largest part of it) and the real centre lines near it, in metres."""

    system: CitySystem
    ward: Polygon
    real_streets: tuple[LineString, ...]


def read_ground() -> Ground:
    """The ward and its real streets, from the committed files."""
    raw = tomllib.loads((PACK / "pack.toml").read_text(encoding="utf-8"))
    system = parse_system(raw["crs"][0])
    wards = json.loads((PACK / "data" / "wards_2025.geojson").read_text(encoding="utf-8"))["features"]
    outline = next(shape(f["geometry"]) for f in wards if f["properties"]["code"] == WARD)
    ward = max(polygons_of(to_metres(outline, system)), key=lambda part: part.area)
    roads = json.loads((PACK / "data" / "osm" / "roads_d1_d3.geojson").read_text(encoding="utf-8"))["features"]
    lines = [to_metres(shape(f["geometry"]), system) for f in roads]
    return Ground(system, ward, tuple(line for line in lines if line.distance(ward) < 60))


def to_metres(geometry: BaseGeometry, system: CitySystem) -> Any:
    """Degrees to the ward's metres."""
    return shapely.transform(geometry, system.to_metric_array)


def to_degrees(geometry: BaseGeometry, system: CitySystem) -> Any:
    """The ward's metres to degrees, EPSG:4326."""
    return shapely.transform(geometry, system.to_lonlat_array)


def polygons_of(geometry: BaseGeometry, least_m2: float = 0.0) -> list[Polygon]:
    """The polygons of any geometry that are larger than ``least_m2``; lines and points fall away."""
    parts = getattr(geometry, "geoms", [geometry])
    found: list[Polygon] = []
    for part in parts:
        if isinstance(part, Polygon):
            if part.area > least_m2:
                found.append(part)
        elif hasattr(part, "geoms"):
            found.extend(polygons_of(part, least_m2))
    return found


def lines_of(geometry: BaseGeometry, least_m: float = 0.0) -> list[LineString]:
    """The lines of any geometry that are longer than ``least_m``."""
    parts = getattr(geometry, "geoms", [geometry])
    return [part for part in parts if isinstance(part, LineString) and part.length > least_m]


def write_features(
    path: Path, rows: Iterable[tuple[BaseGeometry, dict[str, object]]], system: CitySystem | None
) -> int:
    """Write one layer as GeoJSON, in degrees when ``system`` is given, else in metres as they are; how many rows."""
    digits = METRE_DIGITS if system is None else DEGREE_DIGITS
    lines = []
    for geometry, properties in rows:
        placed = geometry if system is None else _placed(geometry, system)
        feature = {
            "type": "Feature",
            "properties": properties | {"is_generated": True},
            "geometry": _rounded(mapping(placed), digits),
        }
        lines.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    title = "dữ liệu minh hoạ / generated data"
    head = json.dumps({"type": "FeatureCollection", "name": path.stem, "title": title}, ensure_ascii=False)[:-1]
    path.write_text(head + ',"features":[\n' + ",\n".join(lines) + "\n]}\n", encoding="utf-8")
    return len(lines)


def _placed(geometry: BaseGeometry, system: CitySystem) -> BaseGeometry:
    """In degrees, without the spikes thinner than 1 cm that cutting leaves and rounding would make crossings of."""
    clean = shapely.set_precision(geometry, 0.01)
    degrees = shapely.transform(to_degrees(clean, system), lambda xy: xy.round(DEGREE_DIGITS))
    if degrees.is_valid or not polygons_of(clean):
        return degrees
    return MultiPolygon(polygons_of(shapely.make_valid(degrees)))


def _rounded(geometry: dict[str, Any], digits: int) -> dict[str, Any]:
    return {"type": geometry["type"], "coordinates": _round_all(geometry["coordinates"], digits)}


def _round_all(value: Any, digits: int) -> Any:
    if isinstance(value, float | int):
        return round(value, digits)
    return [_round_all(inner, digits) for inner in value]
