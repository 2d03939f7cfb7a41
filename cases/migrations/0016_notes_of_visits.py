from django.db import migrations

# The note of a form was kept in the form alone; the visit's own stayed empty.
NOTED = """
UPDATE cases_inspection AS visit SET note = form.content ->> 'note'
FROM cases_inspectionsubmission AS form
WHERE form.inspection_id = visit.id AND form.state IN ('applied', 'adopted') AND visit.note = ''
  AND coalesce(form.content ->> 'note', '') <> ''
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0015_first_reply")]

    operations = [migrations.RunSQL(NOTED, migrations.RunSQL.noop)]
