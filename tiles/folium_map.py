"""A standalone HTML map of one unit and period, for staff: opens with no network. The one door to folium.

folium points at CDNs for its scripts; here they are taken out and Leaflet itself is written into the file. Pictures and
reporters are not in it: flags and cases by place, kind and state only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import folium
from django.conf import settings
from django.contrib.gis.geos import MultiPolygon
from django.db import connection
from django.utils.translation import gettext as _

from errors import ConfigurationError, InputError, NotFound
from geo.models import AdminUnit

LEAFLET = ("leaflet/leaflet.js", "leaflet/leaflet.css")
_COLOURS = {"flagged": "#A5231C", "undetermined": "#6E4A00", "compliant": "#1C6438", "case": "#14212B"}
_OUTSIDE = re.compile(r"<script[^>]*src=\"https?://[^>]*></script>|<link[^>]*href=\"https?://[^>]*/?>")


@dataclass(frozen=True, slots=True)
class MapContent:
    """What the map shows, as GeoJSON feature lists."""

    name: str
    outline: MultiPolygon
    roads: list[dict[str, Any]]
    sidewalks: list[dict[str, Any]]
    flags: list[dict[str, Any]]
    cases: list[dict[str, Any]]


def write_map(unit_code: str, first: date, last: date, target: Path) -> dict[str, int]:
    """Write the map of a unit's flags and cases from ``first`` to ``last`` (both included); what it holds."""
    if last < first:
        raise InputError("The period ends before it begins.", field="to", value=last, cure="Swap --from and --to.")
    content = _gather(unit_code, first, last)
    html = _render(content, first, last)
    target.write_text(html, encoding="utf-8")
    return {"flags": len(content.flags), "cases": len(content.cases), "bytes": len(html.encode())}


def _gather(unit_code: str, first: date, last: date) -> MapContent:
    unit = AdminUnit.objects.filter(code=unit_code, is_listed=True, geom__isnull=False).first()
    if unit is None or unit.geom is None:
        raise NotFound("No unit with this code is loaded.", field="unit", value=unit_code, cure="See the units layer.")
    inside = [unit.geom.ewkt]
    period = [unit_code, first, last]
    return MapContent(
        name=unit.name,
        outline=unit.geom,
        roads=_features("SELECT geom, name FROM geo_roadsegment WHERE is_listed AND geom && %s::geometry", inside),
        sidewalks=_features(
            "SELECT geom, street FROM geo_sidewalksegment WHERE is_listed AND geom && %s::geometry", inside
        ),
        flags=_features(
            "SELECT point, verdict, use, state, to_char(seen_at, 'YYYY-MM-DD HH24:MI') AS seen, accuracy_m FROM rules_flag"
            " WHERE point IS NOT NULL AND unit_code = %s AND seen_at::date BETWEEN %s AND %s ORDER BY seen_at",
            period,
        ),
        cases=_features(
            "SELECT point, code, use, state, to_char(opened_at, 'YYYY-MM-DD') AS opened FROM cases_case"
            " WHERE point IS NOT NULL AND unit_code = %s AND opened_at::date BETWEEN %s AND %s ORDER BY opened_at",
            period,
        ),
    )


def _features(sql: str, parameters: list[Any]) -> list[dict[str, Any]]:
    """Rows as GeoJSON features; the first column is the geometry."""
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("SELECT geom", "SELECT ST_AsGeoJSON(geom, 7)", 1)
                       .replace("SELECT point", "SELECT ST_AsGeoJSON(point, 7)", 1), parameters)  # fmt: skip
        names = [column.name for column in cursor.description or []][1:]
        return [
            {"type": "Feature", "geometry": json.loads(geometry), "properties": dict(zip(names, values, strict=True))}
            for geometry, *values in cursor.fetchall()
        ]


def _render(content: MapContent, first: date, last: date) -> str:
    west, south, east, north = content.outline.extent
    sheet = folium.Map(tiles=None, control_scale=True, prefer_canvas=True)
    sheet.fit_bounds([[south, west], [north, east]])
    unit_outline = {"type": "Feature", "geometry": json.loads(content.outline.json), "properties": {}}
    _add_shapes(sheet, content.name, [unit_outline], {"color": "#43525D", "weight": 2, "fill": False})
    _add_shapes(sheet, _("Roads"), content.roads, {"color": "#D2D9DA", "weight": 2})
    _add_shapes(sheet, _("Sidewalks"), content.sidewalks, {"color": "#D8CBB2", "weight": 1, "fillOpacity": 0.6})
    _add_points(sheet, _("Flags (the machine's, unconfirmed)"), content.flags)
    _add_points(sheet, _("Cases"), content.cases)
    folium.LayerControl(collapsed=False).add_to(sheet)
    title = f"{content.name} · {first:%d/%m/%Y} - {last:%d/%m/%Y}"
    return _make_standalone(sheet.get_root().render(), title)


def _add_shapes(sheet: folium.Map, name: str, features: Iterable[dict[str, Any]], style: Mapping[str, Any]) -> None:
    group = folium.FeatureGroup(name=name)
    collection = {"type": "FeatureCollection", "features": list(features)}
    if collection["features"]:
        folium.GeoJson(collection, style_function=lambda _feature: dict(style)).add_to(group)
    group.add_to(sheet)


def _add_points(sheet: folium.Map, name: str, features: Iterable[dict[str, Any]]) -> None:
    group = folium.FeatureGroup(name=name)
    for feature in features:
        lon, lat = feature["geometry"]["coordinates"]
        words = {key: value for key, value in feature["properties"].items() if value is not None}
        folium.CircleMarker(
            [lat, lon],
            radius=6,
            color=_COLOURS.get(words.get("verdict", "case"), _COLOURS["case"]),
            fill=True,
            popup=folium.Popup(folium.Html("<br>".join(f"{k}: {v}" for k, v in words.items())), max_width=320),
        ).add_to(group)
    group.add_to(sheet)


def _make_standalone(html: str, title: str) -> str:
    """Take out what would be fetched, write Leaflet in, and refuse to hand out a file that still asks for the network."""
    script, style = (_read_vendor(name) for name in LEAFLET)
    head = f"<title>{title}</title><style>{style}\nhtml,body{{height:100%;margin:0}}</style><script>{script}</script>"
    alone = _OUTSIDE.sub("", html).replace("<head>", f"<head>{head}", 1)
    left = re.search(r"(?:src|href)=[\"']https?://(?!leafletjs\.com)[^\"']*", alone)
    if left:
        raise ConfigurationError(
            "The map would ask the network.", field="html", value=left.group(0), cure="Report this."
        )
    return alone


def _read_vendor(name: str) -> str:
    path = settings.BASE_DIR / "web" / "static" / "vendor" / name
    if not path.exists():
        raise ConfigurationError("Leaflet is missing.", field="file", value=path.name, cure="Run `make setup`.")
    return path.read_text(encoding="utf-8")
