"""Many flags at random places of the generated city, straight into the tables: only for measuring maps and queries."""

from __future__ import annotations

from django.db import connection, transaction

from bench.city.layout import CityPlan
from bench.city.outlines import points_wkb

_MEDIA = """
INSERT INTO intake_mediafile (id, sha256, byte_size, kind, content_type, storage_name, received_at, derivation, derivation_detail)
SELECT gen_random_uuid(), repeat('0', 64), 1, 'photo', 'image/jpeg', 'bench/none.jpg', now(), '', '{}'
WHERE NOT EXISTS (SELECT 1 FROM intake_mediafile WHERE sha256 = repeat('0', 64))
"""
_SEEN = """
CREATE TEMP TABLE bench_seen ON COMMIT DROP AS
SELECT gen_random_uuid() AS observation_id, n, ST_SetSRID(place, 4326) AS point,
       now() - (n %% 300) * interval '1 day' AS at FROM unnest(%s::bytea[]) WITH ORDINALITY AS p (wkb, n),
       LATERAL (SELECT ST_GeomFromWKB(wkb) AS place) g
"""
_OBSERVATIONS = """
INSERT INTO intake_observation (id, source, media_id, category, received_at, is_duplicate_media)
SELECT s.observation_id, 'camera', m.id, 'trading', s.at, false FROM bench_seen s,
       (SELECT id FROM intake_mediafile WHERE sha256 = repeat('0', 64)) m
"""
_FLAGS = """
INSERT INTO rules_flag (id, city_id, observation_id, rule_code, use, verdict, reasons, missing, citation, facts, versions,
    priority, priority_reasons, point, accuracy_m, parcel_keys, sidewalk_key, unit_code, seen_at, created_at, state, version)
SELECT gen_random_uuid(), c.id, s.observation_id, 'sidewalk_encroachment',
       (ARRAY['trading', 'parking', 'material', 'construction'])[s.n %% 4 + 1],
       (ARRAY['flagged', 'flagged', 'undetermined'])[s.n %% 3 + 1], '[]', '[]', '{}', '{}', '{"bench": true}',
       s.n %% 100, '[]', s.point, 3.0, '[]', '', coalesce(u.code, ''), s.at, s.at,
       (ARRAY['new', 'in_review', 'confirmed'])[s.n %% 3 + 1], 1
FROM bench_seen s JOIN geo_city c ON c.slug = %s
LEFT JOIN LATERAL (SELECT code FROM geo_adminunit u WHERE u.city_id = c.id AND u.valid_to IS NULL
                   AND ST_Covers(u.geom, s.point) LIMIT 1) u ON true
"""


def add_flags(plan: CityPlan, count: int, slug: str) -> int:
    """Add flags until there are ``count``; how many were added."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM rules_flag")
        missing = count - cursor.fetchone()[0]
        if missing <= 0:
            return 0
        random = plan.random("flags")
        width, depth = plan.size_m
        places = random.uniform((0, 0), (width, depth), (count, 2))[-missing:]
        cursor.execute(_MEDIA.replace("%", "%%"), [])
        cursor.execute(_SEEN, [[bytes(wkb) for wkb in points_wkb(places, plan)]])
        cursor.execute(_OBSERVATIONS, [])
        cursor.execute(_FLAGS, [slug])
    return missing
