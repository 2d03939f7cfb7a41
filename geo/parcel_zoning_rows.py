"""Parcels and plans at a point, asked for by themselves: one statement, one row for each parcel and district. Text only.

A place without a parcel has rows without a key; where no city holds the point no row comes back. Sources come as id,
row version and whether they cover the point on the day; ``geo.source_shelf`` knows what they say.
"""

from __future__ import annotations

from geo.answer_rows import CITY, DATED, PARCEL, SUBJECTS

_POINT = SUBJECTS["point"]
STATEMENT = f"""
WITH {CITY}, {_POINT.table}, {PARCEL.format(meant=_POINT.meant)}, source AS MATERIALIZED (
    SELECT ARRAY(SELECT unnest(ARRAY[r.id, r.xmin::text::bigint, (ST_Intersects(r.coverage, here.point) AND {DATED})::int])
                 FROM here, city, geo_registersource r
                 WHERE r.city_id = city.id AND r.register IN ('parcel', 'zoning') ORDER BY r.id) AS told)
SELECT city.slug, city.timezone, city.day, source.told,
       p.source_id, p.key, p.sheet, p.number, p.ward_code, p.stated_area_m2, p.measured_area_m2, p.use_code, p.address,
       p.valid_from, p.valid_to, p.distance_m, p.in_all, ST_AsGeoJSON(p.geom, 7),
       CASE WHEN p.in_all > 1 THEN ST_AsBinary(ST_Translate(p.metric, -ST_X(subject.metric), -ST_Y(subject.metric))) END,
       r.id, ST_Intersects(r.geom, subject.geom), r.source_id, r.plan_kind, r.plan, r.code, r.name, r.status, r.decision,
       r.scale, r.decision_on, r.max_storeys, r.max_density_pct, r.max_floor_area_ratio, r.setback_m, r.allowed_uses::text,
       ST_Area(ST_Transform(ST_Intersection(ST_ClipByBox2D(r.geom, p.geom), p.geom), city.srid))
FROM city CROSS JOIN subject CROSS JOIN source LEFT JOIN parcel p ON true LEFT JOIN geo_zoningdistrict r
  ON {DATED} AND r.geom && ST_Envelope(ST_Collect(subject.geom, p.geom))
ORDER BY p.distance_m, p.key, p.id, r.id
"""  # noqa: S608  (every piece is a constant of this module and of geo.answer_rows)
PARCEL_AT, DISTRICT_AT = 4, 19  # where the columns of the parcel and of the district begin
