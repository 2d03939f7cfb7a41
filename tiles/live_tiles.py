"""Vector tiles of what changes by the minute (flags, cases, cameras), cut by PostGIS for signed-in staff. Never truncated:
a tile holds every record of its square.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class LiveLayer:
    """One layer; ``sql`` selects ``geom`` (EPSG:4326) and lean properties of everything on show."""

    name: str
    sql: str
    min_zoom: int
    max_zoom: int = 18

    @property
    def fields(self) -> dict[str, str]:
        """Its properties, for TileJSON."""
        return dict.fromkeys(_property_names(self), "")


LIVE_LAYERS: dict[str, LiveLayer] = {
    layer.name: layer
    for layer in (
        LiveLayer(
            "flags",
            "SELECT f.point AS geom, f.id::text AS id, f.verdict, f.use, f.state, f.rule_code, f.accuracy_m, f.priority,"
            " extract(epoch FROM date_trunc('day', CASE WHEN o.source = 'citizen' THEN g.captured_at ELSE f.seen_at END))::bigint"
            " AS seen_s FROM rules_flag f JOIN intake_observation o ON o.id = f.observation_id"
            " LEFT JOIN intake_geotag g ON g.observation_id = o.id"
            " WHERE f.point IS NOT NULL AND f.state NOT IN ('dismissed', 'expired')",
            10,
        ),
        LiveLayer(
            "cases",
            "SELECT point AS geom, code, use, state, closed_at IS NOT NULL AS is_closed,"
            " extract(epoch FROM date_trunc('day', opened_at))::bigint AS opened_s,"
            " coalesce(closed_at IS NULL AND due_at < now(), false) AS is_late FROM cases_case WHERE point IS NOT NULL",
            10,
        ),
        LiveLayer(
            "cameras",
            "SELECT point AS geom, name, title, is_generated AS generated FROM intake_camera WHERE is_active",
            12,
        ),
        LiveLayer(
            "camera_views",
            "SELECT DISTINCT ON (k.camera_id) k.view_footprint AS geom, c.name, k.is_generated AS generated"
            " FROM intake_cameracalibration k JOIN intake_camera c ON c.id = k.camera_id"
            " WHERE c.is_active AND k.valid_from <= now() AND k.view_footprint IS NOT NULL"
            " ORDER BY k.camera_id, k.valid_from DESC",
            13,
        ),
    )
}

_TILE = """
WITH square AS (SELECT ST_TileEnvelope(%(z)s, %(x)s, %(y)s) AS web, ST_Transform(ST_TileEnvelope(%(z)s, %(x)s, %(y)s,
    margin => 0.03), 4326) AS degrees),
shown AS (SELECT * FROM ({sql}) AS record WHERE record.geom && (SELECT degrees FROM square)),
drawn AS (SELECT ST_AsMVTGeom(ST_Transform(shown.geom, 3857), square.web, 4096, 128) AS tile_geom, shown.*
    FROM shown, square)
SELECT ST_AsMVT(drawn, %(name)s, 4096, 'tile_geom') FROM (SELECT {columns} FROM drawn) AS drawn
"""


def cut_tile(layer: LiveLayer, z: int, x: int, y: int) -> bytes:
    """One tile; empty bytes where nothing is."""
    columns = ", ".join(["tile_geom", *_property_names(layer)])
    with connection.cursor() as cursor:
        cursor.execute(_TILE.format(sql=layer.sql, columns=columns), {"z": z, "x": x, "y": y, "name": layer.name})
        return bytes(cursor.fetchone()[0])


def _property_names(layer: LiveLayer) -> list[str]:
    """Names of the selected columns but the geometry, asked of the database once a layer."""
    if layer.name not in _NAMES:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM ({layer.sql}) AS record LIMIT 0")  # noqa: S608  (our own constant)
            _NAMES[layer.name] = [column.name for column in cursor.description or [] if column.name != "geom"]
    return _NAMES[layer.name]


_NAMES: dict[str, list[str]] = {}
