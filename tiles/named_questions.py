"""Questions planners ask again and again, each with its few blanks. The SQL texts are constants, values travel beside them.

Each text selects its columns, and last the outline as ``geom`` (EPSG:4326). ``%(area)s`` is the drawn area or none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from geo.query_layers import PropertyKind

_N, _D, _X = PropertyKind.NUMBER, PropertyKind.DAY, PropertyKind.TEXT


@dataclass(frozen=True, slots=True)
class Blank:
    """One blank of a question; without ``default`` it must be filled in."""

    kind: PropertyKind
    default: object = None


@dataclass(frozen=True, slots=True)
class NamedQuestion:
    """A question with its blanks and columns. ``needs`` names what must be on record, or the answer is "no data"."""

    name: str
    blanks: Mapping[str, Blank]
    columns: tuple[tuple[str, PropertyKind], ...]
    sql: str
    needs: str
    is_public: bool = True


_DATED = "r.city_id = %(city)s AND r.valid_from <= %(on)s AND (r.valid_to IS NULL OR r.valid_to > %(on)s)"
_IN_AREA = "(%(area)s::bytea IS NULL OR ST_Intersects({geom}, ST_SetSRID(ST_GeomFromWKB(%(area)s), 4326)))"
# The corridor is half the width to both sides of the road's centre line (of a road drawn as a surface: of its edge).
_CORRIDOR = f"""
    WITH corridor AS MATERIALIZED (
        SELECT ST_Union(CASE WHEN ST_Dimension(r.geom) = 1
                        THEN ST_Buffer(ST_Transform(r.geom, %(srid)s), %(width_m)s::float / 2, 'endcap=flat')
                        ELSE ST_Transform(r.geom, %(srid)s) END) AS metric
        FROM geo_roadsegment r WHERE {_DATED} AND r.name = ANY(%(streets)s)
    ), reach AS (SELECT ST_Transform(metric, 4326) AS geom FROM corridor)
    SELECT r.key, r.sheet, r.number, r.address, r.use_code, r.measured_area_m2,
           ST_Area(ST_Intersection(ST_Transform(r.geom, %(srid)s), corridor.metric)) AS inside_m2, permit.last_on, r.geom
    FROM geo_parcel r CROSS JOIN corridor CROSS JOIN reach
    CROSS JOIN LATERAL (
        SELECT max(p.issued_on) AS last_on FROM geo_permit p WHERE p.city_id = r.city_id AND p.parcel_keys ? r.key::text
           AND p.valid_from <= %(on)s AND (p.valid_to IS NULL OR p.valid_to > %(on)s)) permit
    WHERE {_DATED} AND r.geom && reach.geom AND ST_Intersects(r.geom, reach.geom) AND NOT ST_Touches(r.geom, reach.geom)
      AND ST_Area(ST_Intersection(ST_Transform(r.geom, %(srid)s), corridor.metric)) >= 0.5
      AND (permit.last_on IS NULL OR permit.last_on < %(since)s) AND {_IN_AREA.format(geom="r.geom")}
    ORDER BY inside_m2 DESC, r.key"""  # noqa: S608
_SHARES = f"""
    SELECT unit.name, r.plan, r.code, max(r.name) AS zone_name, sum(cut.m2) AS m2, 100 * sum(cut.m2) / unit.m2 AS pct,
           ST_Union(cut.geom) AS geom
    FROM (
        SELECT r.name, o.geom, ST_Area(ST_Transform(o.geom, %(srid)s)) AS m2 FROM geo_adminunit r
        CROSS JOIN LATERAL (SELECT CASE WHEN %(area)s::bytea IS NULL THEN r.geom
            ELSE ST_Intersection(r.geom, ST_SetSRID(ST_GeomFromWKB(%(area)s), 4326)) END AS geom) o
        WHERE {_DATED} AND r.geom IS NOT NULL AND {_IN_AREA.format(geom="r.geom")}
          AND (%(unit)s = '' OR r.name = %(unit)s)
    ) unit
    JOIN geo_zoningdistrict r ON r.geom && unit.geom AND {_DATED} AND r.plan_kind = %(plan_kind)s
    CROSS JOIN LATERAL (SELECT ST_CollectionExtract(ST_Intersection(r.geom, unit.geom), 3) AS geom) piece
    CROSS JOIN LATERAL (SELECT piece.geom, ST_Area(ST_Transform(piece.geom, %(srid)s)) AS m2) cut
    WHERE NOT ST_IsEmpty(cut.geom)
    GROUP BY unit.name, unit.m2, r.plan, r.code HAVING sum(cut.m2) >= 1 ORDER BY unit.name, r.plan, m2 DESC"""  # noqa: S608
_NEAR_PLACES = f"""
    WITH place AS MATERIALIZED (
        SELECT r.name, ST_Transform(r.geom, %(srid)s) AS metric, r.geom FROM geo_namedplace r WHERE {_DATED} AND r.kind = %(kind)s
        UNION ALL
        SELECT coalesce(nullif(r.address, ''), r.key), ST_Transform(r.geom, %(srid)s), r.geom FROM geo_parcel r
        WHERE {_DATED} AND r.use_code = ANY(%(use_codes)s)
    )
    SELECT f.id::text, f.verdict, f.use, f.state, f.seen_at::date, near.name, near.distance_m, f.accuracy_m, f.point AS geom
    FROM rules_flag f CROSS JOIN LATERAL (
        SELECT place.name, ST_Distance(place.metric, ST_Transform(f.point, %(srid)s)) AS distance_m FROM place
        WHERE ST_DWithin(place.metric, ST_Transform(f.point, %(srid)s), %(distance_m)s::float)
        ORDER BY distance_m LIMIT 1) near
    WHERE f.city_id = %(city)s AND f.point IS NOT NULL AND f.state NOT IN ('dismissed', 'expired')
      AND {_IN_AREA.format(geom="f.point")}
    ORDER BY near.distance_m, f.id"""  # noqa: S608

QUESTIONS: dict[str, NamedQuestion] = {
    question.name: question
    for question in (
        NamedQuestion(
            "corridor_without_permit",
            {"street": Blank(_X), "width_m": Blank(_N, 20.0), "since": Blank(_D)},
            (("key", _X), ("sheet", _X), ("number", _X), ("address", _X), ("use_code", _X), ("measured_area_m2", _N),
             ("inside_m2", _N), ("last_permit_on", _D)),
            _CORRIDOR,
            "SELECT EXISTS (SELECT 1 FROM geo_permit WHERE city_id = %(city)s)"
            " AND EXISTS (SELECT 1 FROM geo_roadsegment WHERE city_id = %(city)s AND name = ANY(%(streets)s))",
        ),
        NamedQuestion(
            "zone_shares_by_ward",
            {"plan_kind": Blank(_X, "zoning"), "unit": Blank(_X, "")},
            (("unit", _X), ("plan", _X), ("code", _X), ("name", _X), ("area_m2", _N), ("share_pct", _N)),
            _SHARES,
            "SELECT EXISTS (SELECT 1 FROM geo_zoningdistrict WHERE city_id = %(city)s AND plan_kind = %(plan_kind)s)",
        ),
        NamedQuestion(
            "flags_near_places",
            {"kind": Blank(_X, "school"), "distance_m": Blank(_N, 20.0)},
            (("id", _X), ("verdict", _X), ("use", _X), ("state", _X), ("seen_on", _D), ("place", _X), ("distance_m", _N),
             ("accuracy_m", _N)),
            _NEAR_PLACES,
            "SELECT EXISTS (SELECT 1 FROM geo_namedplace WHERE city_id = %(city)s AND kind = %(kind)s)"
            " OR EXISTS (SELECT 1 FROM geo_parcel WHERE city_id = %(city)s AND use_code = ANY(%(use_codes)s))",
            is_public=False,
        ),
    )
}  # fmt: skip
