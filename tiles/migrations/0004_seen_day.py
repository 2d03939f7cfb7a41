"""The day a flag's picture was taken, kept beside the flag when it is stored, so that a live tile joins nothing.

A camera's day is the flag's; a citizen's is the picture's own, or unknown: the moment of sending is not shown.
"""

from django.db import migrations

COLUMN = """
ALTER TABLE rules_flag ADD COLUMN seen_day date;

CREATE FUNCTION flag_seen_day(observation uuid, seen timestamptz) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN o.source = 'citizen' THEN g.captured_at ELSE seen END::date
    FROM intake_observation o LEFT JOIN intake_geotag g ON g.observation_id = o.id WHERE o.id = observation
$$;
CREATE FUNCTION keep_flag_seen_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.seen_day := flag_seen_day(NEW.observation_id, NEW.seen_at); RETURN NEW; END $$;
CREATE TRIGGER flag_seen_day BEFORE INSERT ON rules_flag FOR EACH ROW EXECUTE FUNCTION keep_flag_seen_day();

UPDATE rules_flag SET seen_day = flag_seen_day(observation_id, seen_at);
"""
UNDO = """
DROP TRIGGER flag_seen_day ON rules_flag;
DROP FUNCTION keep_flag_seen_day();
DROP FUNCTION flag_seen_day(uuid, timestamptz);
ALTER TABLE rules_flag DROP COLUMN seen_day;
"""


class Migration(migrations.Migration):
    dependencies = [("tiles", "0003_web_points"), ("intake", "0001_initial")]
    operations = [migrations.RunSQL(COLUMN, UNDO)]
