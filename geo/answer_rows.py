"""One statement that reads all registers about a point, some parcels or an area as of a day. Text only; values travel beside it.

Each column is one register's rows as JSON arrays, in the order that ``geo.answers`` reads. Measures are taken in the city's
system at the place, which the statement finds itself; where no city holds the place no row comes back.
"""

from __future__ import annotations

from dataclasses import dataclass

MOST_PARCELS = 60
NEAR_M = 40.0  # how far around the parcel or point lines, roads and sidewalks are told
LEAST_SHARE_M2 = 0.1  # smaller overlaps come from two drawings of one line

DATED = "r.city_id = city.id AND r.valid_from <= city.day AND (r.valid_to IS NULL OR r.valid_to > city.day)"
_HERE = "ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326)"

CITY = f"""
    here AS (SELECT {_HERE} AS point),
    city AS MATERIALIZED (
        SELECT c.id, c.slug, c.timezone, coalesce(%(on)s::date, (now() AT TIME ZONE c.timezone)::date) AS day, (
            SELECT (t ->> 'srid')::int FROM jsonb_array_elements(c.crs) WITH ORDINALITY e(t, n)
            WHERE %(lon)s BETWEEN coalesce((t -> 'bounds' ->> 0)::float, -180) AND coalesce((t -> 'bounds' ->> 2)::float, 180)
              AND %(lat)s BETWEEN coalesce((t -> 'bounds' ->> 1)::float, -90) AND coalesce((t -> 'bounds' ->> 3)::float, 90)
            ORDER BY n LIMIT 1) AS srid
        FROM geo_city c, here
        WHERE %(lon)s BETWEEN (c.bounds ->> 0)::float AND (c.bounds ->> 2)::float
          AND %(lat)s BETWEEN (c.bounds ->> 1)::float AND (c.bounds ->> 3)::float
          AND (c.geometry IS NULL OR EXISTS (
              SELECT 1 FROM geo_adminunit u WHERE u.city_id = c.id AND u.is_listed AND ST_Covers(u.geom, here.point)))
        ORDER BY c.id LIMIT 1
    )"""  # noqa: S608

PARCEL = f"""
    parcel AS MATERIALIZED (
        SELECT r.id, r.source_id, r.key, r.sheet, r.number, r.ward_code, r.stated_area_m2, r.measured_area_m2, r.use_code,
               r.address, r.valid_from, r.valid_to, r.geom, m.metric,
               ST_Distance(m.metric, subject.metric) AS distance_m, count(*) OVER () AS in_all
        FROM city, subject, geo_parcel r
        CROSS JOIN LATERAL (SELECT ST_Transform(r.geom, city.srid) AS metric OFFSET 0) m
        WHERE {DATED} AND {{meant}} ORDER BY distance_m, r.key LIMIT {MOST_PARCELS}
    )"""  # noqa: S608
# What the surroundings are counted from: the one parcel that holds the point (or was named), else the point or area itself.
_AROUND = """
    around AS MATERIALIZED (
        SELECT CASE WHEN p.geom IS NOT NULL THEN p.geom ELSE subject.geom END AS geom,
               CASE WHEN p.geom IS NOT NULL THEN p.metric ELSE subject.metric END AS metric,
               ST_Envelope(ST_Transform(ST_Expand(ST_Envelope(CASE WHEN p.geom IS NOT NULL THEN p.metric
                   ELSE subject.metric END), {near}), 4326)) AS box
        FROM subject LEFT JOIN (SELECT ST_Union(geom) AS geom, ST_Union(metric) AS metric FROM parcel WHERE {whole}) p ON true
    )"""


@dataclass(frozen=True, slots=True)
class SubjectSql:
    """One kind of subject: its table, which parcels it means, and when one parcel alone is meant."""

    table: str
    meant: str
    whole: str


SUBJECTS = {
    "point": SubjectSql(
        "subject AS MATERIALIZED (SELECT here.point AS geom, ST_Transform(here.point, city.srid) AS metric FROM here, city)",
        "r.geom && ST_Envelope(ST_Transform(ST_Expand(subject.metric, %(radius_m)s::float), 4326))"
        " AND ST_DWithin(m.metric, subject.metric, %(radius_m)s::float)",  # metres: the city's system
        # the one that holds the point, and so far from its edge that the point's error leaves no doubt (1.6 sigma of 2.45)
        "distance_m = 0 AND (in_all = 1"
        " OR ST_Distance(ST_Boundary(metric), (SELECT metric FROM subject)) >= 0.65 * %(radius_m)s)",
    ),
    "parcels": SubjectSql(
        "subject AS MATERIALIZED (SELECT here.point AS geom, ST_Transform(here.point, city.srid) AS metric FROM here, city)",
        "r.key = ANY(%(keys)s)",
        "true",
    ),
    "area": SubjectSql(
        "subject AS MATERIALIZED (SELECT g.geom, ST_Transform(g.geom, city.srid) AS metric FROM city,"
        " (SELECT ST_SetSRID(ST_GeomFromWKB(%(area)s), 4326) AS geom) g)",
        "r.geom && subject.geom AND ST_Intersects(r.geom, subject.geom) AND NOT ST_Touches(r.geom, subject.geom)",
        "false",
    ),
}

_FOUND_PARCELS = """
    (SELECT coalesce(json_agg(json_build_array(p.source_id, p.key, p.sheet, p.number, p.ward_code, p.stated_area_m2,
        p.measured_area_m2, p.use_code, p.address, p.valid_from, p.valid_to, p.distance_m, ST_AsGeoJSON(p.geom, 7),
        CASE WHEN p.in_all > 1 THEN encode(ST_AsBinary(ST_Translate(p.metric, -ST_X(ST_Centroid(s.metric)),
             -ST_Y(ST_Centroid(s.metric)))), 'hex') END) ORDER BY p.distance_m, p.key), '[]')
     FROM parcel p, subject s) AS parcels,
    (SELECT coalesce(max(in_all), 0) FROM parcel) AS in_all"""
# Shares of each parcel in each district. The district is cut to the parcel's box first: it may be a thousand times larger.
_PARCEL_ZONES = """
    (SELECT coalesce(json_agg(json_build_array(p.key, r.source_id, r.plan_kind, r.plan, r.code, r.name, r.status, r.decision,
        r.scale, r.decision_on, r.max_storeys, r.max_density_pct, r.max_floor_area_ratio, r.setback_m, r.allowed_uses,
        ST_Area(ST_Transform(ST_Intersection(ST_ClipByBox2D(r.geom, p.geom), p.geom), city.srid))) ORDER BY r.id), '[]')
     FROM parcel p, city, geo_zoningdistrict r WHERE {dated} AND r.geom && p.geom) AS parcel_zones"""
_SUBJECT_ZONES = """
    (SELECT coalesce(json_agg(json_build_array('', r.source_id, r.plan_kind, r.plan, r.code, r.name, r.status, r.decision,
        r.scale, r.decision_on, r.max_storeys, r.max_density_pct, r.max_floor_area_ratio, r.setback_m, r.allowed_uses,
        CASE WHEN ST_Dimension(s.geom) = 2
        THEN ST_Area(ST_Transform(ST_Intersection(ST_ClipByBox2D(r.geom, s.geom), s.geom), city.srid)) ELSE 0 END)
        ORDER BY r.id), '[]')
     FROM subject s, city, geo_zoningdistrict r WHERE {dated} AND ST_Intersects(r.geom, s.geom)) AS zones"""
_SOURCES = """
    (SELECT coalesce(json_agg(json_build_array(r.id, r.register, r.name, r.title_vi, r.title_en, r.source_on, r.decision,
        r.scale, r.licence, r.is_generated, {dated} AND r.register <> 'admin_unit' AND r.coverage IS NOT NULL
        AND ST_Covers(r.coverage, here.point), coalesce(r.description -> 'columns', '[]') ? 'allowed_uses') ORDER BY r.id), '[]')
     FROM city, here, geo_registersource r WHERE r.city_id = city.id) AS sources"""
_UNITS = """
    (SELECT coalesce(json_agg(json_build_array(r.source_id, r.code, r.name, r.level, (
        SELECT coalesce(json_object_agg(s.old_code, s.old_name ORDER BY s.old_name), '{{}}') FROM geo_adminunitsuccession s
        WHERE s.city_id = r.city_id AND s.new_code = r.code AND s.is_listed AND s.valid_from <= city.day
        )) ORDER BY r.level, r.code), '[]')
     FROM city, here, geo_adminunit r WHERE {dated} AND ST_Covers(r.geom, here.point)) AS units"""
_OVERLAYS = """
    (SELECT coalesce(json_agg(json_build_array(r.source_id, r.name, r.kind, r.decision) ORDER BY r.name), '[]')
     FROM city, around a, geo_overlaydistrict r WHERE {dated} AND ST_Intersects(r.geom, a.geom)) AS overlays"""
# Lines that cross a parcel come with both outlines in metres: which side counts is decided in geo.plan_line_sides.
_LINES = """
    (SELECT coalesce(json_agg(json_build_array(l.source_id, l.kind, l.name, l.width_m, l.distance_m, l.inside_m2, l.crossing,
        l.metric) ORDER BY l.distance_m, l.name), '[]')
     FROM (SELECT r.source_id, r.kind, r.name, r.width_m, ST_Distance(m.metric, a.metric) AS distance_m,
                  CASE WHEN ST_Dimension(r.geom) = 2 AND ST_Dimension(a.geom) = 2
                       THEN ST_Area(ST_Intersection(m.metric, a.metric)) END AS inside_m2,
                  c.crossing, CASE WHEN c.crossing THEN encode(ST_AsBinary(m.metric), 'hex') END AS metric
           FROM city, around a, geo_planline r
           CROSS JOIN LATERAL (SELECT ST_Transform(ST_ClipByBox2D(r.geom, a.box), city.srid) AS metric OFFSET 0) m
           CROSS JOIN LATERAL (SELECT ST_Dimension(r.geom) = 1 AND ST_Dimension(a.geom) = 2
                               AND ST_Crosses(m.metric, a.metric) AS crossing OFFSET 0) c
           WHERE {dated} AND r.geom && a.box AND NOT ST_IsEmpty(m.metric)) l WHERE l.distance_m <= {near}) AS lines,
    (SELECT CASE WHEN ST_Dimension(a.geom) = 2 THEN encode(ST_AsBinary(a.metric), 'hex') END FROM around a) AS outline"""
_ROADS = """
    (SELECT coalesce(json_agg(json_build_array(l.source_id, l.name, l.road_class, l.width_m, l.is_line, l.distance_m,
        l.metric) ORDER BY l.distance_m, l.name), '[]')
     FROM (SELECT r.source_id, r.name, r.road_class, r.width_m, ST_Dimension(r.geom) = 1 AS is_line,
                  ST_Distance(m.metric, a.metric) AS distance_m, encode(ST_AsBinary(m.metric), 'hex') AS metric
           FROM city, around a, geo_roadsegment r
           CROSS JOIN LATERAL (SELECT ST_Transform(ST_ClipByBox2D(r.geom, a.box), city.srid) AS metric OFFSET 0) m
           WHERE {dated} AND r.geom && a.box AND NOT ST_IsEmpty(m.metric)
           ORDER BY distance_m LIMIT 12) l WHERE l.distance_m <= {near}) AS roads"""
_WALKS = """
    (SELECT coalesce(json_agg(json_build_array(l.source_id, l.key, l.street, l.width_m, l.allowed_uses, l.distance_m,
        ST_AsGeoJSON(l.geom, 7)) ORDER BY l.distance_m, l.key), '[]')
     FROM (SELECT r.source_id, r.key, r.street, r.width_m, r.allowed_uses, r.geom,
                  ST_Distance(ST_Transform(r.geom, city.srid), a.metric) AS distance_m
           FROM city, around a, geo_sidewalksegment r WHERE {dated} AND r.geom && a.box
           ORDER BY distance_m LIMIT 12) l WHERE l.distance_m <= 20) AS walks"""
_PERMITS = """
    (SELECT coalesce(json_agg(json_build_array(l.source_id, l.number, l.kind, l.status, l.issued_on, l.expires_on,
        l.parcel_keys, l.storeys, l.floor_area_m2, l.conditions, l.distance_m, l.current) ORDER BY l.distance_m, l.number), '[]')
     FROM (SELECT r.source_id, r.number, r.kind, r.status, r.issued_on, r.expires_on, r.parcel_keys, r.storeys,
                  r.floor_area_m2, r.conditions, CASE WHEN r.parcel_keys ?| k.keys THEN 0
                  ELSE ST_Distance(ST_Transform(r.geom, city.srid), a.metric) END AS distance_m,
                  ARRAY(SELECT s.new_key FROM geo_parcelsuccession s WHERE s.city_id = city.id AND s.is_listed
                        AND s.new_key = ANY(k.keys) AND r.parcel_keys ? s.old_key) AS current
           FROM city, around a, geo_permit r, (
               SELECT coalesce(array_agg(n.key), '{{}}') AS keys FROM (
                   SELECT p.key::text FROM parcel p WHERE {whole}
                   UNION SELECT s.old_key::text FROM parcel p JOIN geo_parcelsuccession s ON s.new_key = p.key
                   WHERE s.city_id = (SELECT id FROM city) AND s.is_listed AND {whole}) n (key)) k
           WHERE {dated} AND (r.geom && a.box OR r.parcel_keys ?| k.keys)) l
     WHERE l.distance_m <= 30) AS permits"""

_PARTS = (
    _FOUND_PARCELS, _PARCEL_ZONES, _SUBJECT_ZONES, _SOURCES, _UNITS, _OVERLAYS, _LINES, _ROADS, _WALKS, _PERMITS,
)  # fmt: skip


def _compose(subject: SubjectSql) -> str:
    """The statement for one kind of subject; every piece is a constant of this module."""
    inner = {"dated": DATED, "whole": subject.whole, "near": NEAR_M}
    tables = [CITY, subject.table, PARCEL.format(meant=subject.meant), _AROUND.format(**inner)]
    columns = ",".join(part.format(**inner) for part in _PARTS)
    return f"WITH {','.join(tables)} SELECT city.slug, city.timezone, city.day, {columns} FROM city"  # noqa: S608


FIRST_DAY = (
    "SELECT min(s.valid_from) FROM geo_registersource s JOIN geo_city c ON c.id = s.city_id"
    " WHERE c.slug = %(city)s AND s.coverage IS NOT NULL"
    " AND ST_Covers(s.coverage, ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326))"
)
FULL = {name: _compose(subject) for name, subject in SUBJECTS.items()}
