"""A settled case's page says that the place came back: both ways, and only to cases that are public themselves."""

from django.db import migrations

CASE = """
CREATE OR REPLACE VIEW public_case WITH (security_barrier) AS
SELECT c.code, c.use, c.state, c.unit_code, c.opened_at::date AS opened_on, c.closed_at::date AS closed_on,
       CASE WHEN p.id IS NOT NULL THEN ST_SnapToGrid(c.point, 0.0001) END AS point,
       p.before_id, p.after_id, p.published_at,
       c.city_id, coalesce(u.name, '') AS office, coalesce(nullif(u.name_en, ''), u.name, '') AS office_en,
       coalesce(v.outcome, '') AS outcome, v.completed_at::date AS checked_on{more}
FROM cases_case c
JOIN tiles_publication p ON p.case_id = c.id AND p.withdrawn_at IS NULL AND p.approved_by <> ''
LEFT JOIN cases_unit u ON u.id = c.unit_id
LEFT JOIN LATERAL (
    SELECT i.outcome, i.completed_at FROM cases_inspection i
    WHERE i.case_id = c.id AND i.completed_at IS NOT NULL AND i.outcome NOT IN ('', 'undetermined', 'no_access')
    ORDER BY i.completed_at DESC LIMIT 1
) v ON true;
"""
RECURRENCE = """,
       c.recurrence_of_id IS NOT NULL AS is_recurrence,
       coalesce((SELECT e.code FROM cases_case e JOIN tiles_publication q
                 ON q.case_id = e.id AND q.withdrawn_at IS NULL AND q.approved_by <> ''
                 WHERE e.id = c.recurrence_of_id), '') AS came_back_from,
       coalesce((SELECT l.code FROM cases_case l JOIN tiles_publication q
                 ON q.case_id = l.id AND q.withdrawn_at IS NULL AND q.approved_by <> ''
                 WHERE l.recurrence_of_id = c.id ORDER BY l.opened_at LIMIT 1), '') AS came_back_as"""
TRIGGER = """
CREATE TRIGGER public_case_read_only INSTEAD OF INSERT OR UPDATE OR DELETE ON public_case
FOR EACH ROW EXECUTE FUNCTION refuse_public_write();
"""


class Migration(migrations.Migration):
    dependencies = [("tiles", "0006_saved_views"), ("cases", "0011_alert_notices")]
    operations = [
        migrations.RunSQL(
            CASE.format(more=RECURRENCE), "DROP VIEW public_case;" + CASE.format(more="") + TRIGGER
        )
    ]
