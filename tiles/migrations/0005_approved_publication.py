"""The gate again: nothing is public before a leader's yes; what a case page tells; figures per ward with few hidden."""

from django.db import migrations

GATE = """
CREATE OR REPLACE VIEW public_case WITH (security_barrier) AS
SELECT c.code, c.use, c.state, c.unit_code, c.opened_at::date AS opened_on, c.closed_at::date AS closed_on,
       CASE WHEN p.id IS NOT NULL THEN ST_SnapToGrid(c.point, 0.0001) END AS point,
       p.before_id, p.after_id, p.published_at,
       c.city_id, coalesce(u.name, '') AS office, coalesce(nullif(u.name_en, ''), u.name, '') AS office_en,
       coalesce(v.outcome, '') AS outcome, v.completed_at::date AS checked_on
FROM cases_case c
JOIN tiles_publication p ON p.case_id = c.id AND p.withdrawn_at IS NULL AND p.approved_by <> ''
LEFT JOIN cases_unit u ON u.id = c.unit_id
LEFT JOIN LATERAL (
    SELECT i.outcome, i.completed_at FROM cases_inspection i
    WHERE i.case_id = c.id AND i.completed_at IS NOT NULL AND i.outcome NOT IN ('', 'undetermined', 'no_access')
    ORDER BY i.completed_at DESC LIMIT 1
) v ON true;

CREATE VIEW public_ward_figure WITH (security_barrier) AS
SELECT city_id, unit_code, settled, followed,
       CASE WHEN followed >= 30 THEN came_back END AS came_back,
       CASE WHEN checked >= 30 THEN checked END AS checked,
       CASE WHEN checked >= 30 THEN checked_in_time END AS checked_in_time
FROM (
    SELECT c.city_id, c.unit_code, count(*) FILTER (WHERE c.closed_at IS NOT NULL) AS settled,
           count(*) FILTER (WHERE c.closed_at <= now() - interval '30 days') AS followed,
           count(*) FILTER (WHERE c.closed_at <= now() - interval '30 days'
                            AND EXISTS (SELECT FROM cases_case r WHERE r.recurrence_of_id = c.id)) AS came_back,
           count(k.id) FILTER (WHERE k.stopped_at IS NOT NULL OR k.due_at < now()) AS checked,
           count(k.id) FILTER (WHERE k.stopped_at <= k.due_at) AS checked_in_time
    FROM cases_case c LEFT JOIN cases_caseclock k ON k.case_id = c.id AND k.code = 'visit' AND k.number = 1 AND NOT k.is_paused
    WHERE c.opened_at >= now() - interval '365 days' AND c.unit_code <> ''
    GROUP BY c.city_id, c.unit_code
) counted WHERE settled >= 5;
"""
UNDO = """
DROP VIEW public_ward_figure;
DROP VIEW public_case;
CREATE VIEW public_case WITH (security_barrier) AS
SELECT c.code, c.use, c.state, c.unit_code, c.opened_at::date AS opened_on, c.closed_at::date AS closed_on,
       CASE WHEN p.id IS NOT NULL THEN ST_SnapToGrid(c.point, 0.0001) END AS point,
       p.before_id, p.after_id, p.published_at
FROM cases_case c JOIN tiles_publication p ON p.case_id = c.id AND p.withdrawn_at IS NULL;
CREATE TRIGGER public_case_read_only INSTEAD OF INSERT OR UPDATE OR DELETE ON public_case
FOR EACH ROW EXECUTE FUNCTION refuse_public_write();
"""


class Migration(migrations.Migration):
    dependencies = [("tiles", "0004_seen_day"), ("cases", "0007_holds")]
    operations = [migrations.RunSQL(GATE, UNDO)]
