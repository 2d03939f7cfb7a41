"""Places of flags and cases on the web map's own grid, stored, so that a live tile transforms nothing.

The columns are PostGIS's own (generated from ``point``); the records of rules and cases do not know them.
"""

from django.db import migrations

COLUMNS = """
ALTER TABLE rules_flag ADD COLUMN web_point geometry(Point, 3857) GENERATED ALWAYS AS (ST_Transform(point, 3857)) STORED;
CREATE INDEX rules_flag_web_point ON rules_flag USING gist (web_point) WHERE state NOT IN ('dismissed', 'expired');
ALTER TABLE cases_case ADD COLUMN web_point geometry(Point, 3857) GENERATED ALWAYS AS (ST_Transform(point, 3857)) STORED;
CREATE INDEX cases_case_web_point ON cases_case USING gist (web_point);
"""
UNDO = """
ALTER TABLE rules_flag DROP COLUMN web_point;
ALTER TABLE cases_case DROP COLUMN web_point;
"""


class Migration(migrations.Migration):
    dependencies = [("tiles", "0002_publication_gate"), ("cases", "0001_initial"), ("rules", "0001_initial")]
    operations = [migrations.RunSQL(COLUMNS, UNDO)]
