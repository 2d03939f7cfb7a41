"""The one publication gate: views that nobody can write through, with exactly the columns the public may read."""

from django.db import migrations

VIEWS = """
CREATE VIEW public_case WITH (security_barrier) AS
SELECT c.code, c.use, c.state, c.unit_code, c.opened_at::date AS opened_on, c.closed_at::date AS closed_on,
       CASE WHEN p.id IS NOT NULL THEN ST_SnapToGrid(c.point, 0.0001) END AS point,
       p.before_id, p.after_id, p.published_at
FROM cases_case c JOIN tiles_publication p ON p.case_id = c.id AND p.withdrawn_at IS NULL;

CREATE VIEW public_unit_count WITH (security_barrier) AS
SELECT f.city_id, f.unit_code, count(*) FILTER (WHERE f.verdict <> 'compliant') AS awaiting_review
FROM rules_flag f WHERE f.state IN ('new', 'in_review') AND f.unit_code <> '' GROUP BY f.city_id, f.unit_code;

CREATE FUNCTION refuse_public_write() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'The publication gate cannot be written to: publish through tiles.actions.'; END $$;

CREATE TRIGGER public_case_read_only INSTEAD OF INSERT OR UPDATE OR DELETE ON public_case
FOR EACH ROW EXECUTE FUNCTION refuse_public_write();
"""
UNDO = """
DROP VIEW public_case; DROP VIEW public_unit_count; DROP FUNCTION refuse_public_write();
"""


class Migration(migrations.Migration):
    dependencies = [("tiles", "0001_initial"), ("cases", "0001_initial"), ("rules", "0001_initial")]
    operations = [migrations.RunSQL(VIEWS, UNDO)]
