from django.db import migrations, models

# Statuses and side as they stood when this was written; when a reply was promised is reckoned by the next sweep.
REPLIED = """
UPDATE cases_caserequest AS joined SET replied_at = found.at
FROM (
    SELECT service_request_id, min(at) AS at
    FROM (
        SELECT service_request_id, at FROM intake_servicerequestevent
        WHERE to_status IN ('answered', 'refused', 'duplicate')
        UNION ALL
        SELECT service_request_id, at FROM intake_relaymessage WHERE side = 'office'
    ) AS replies
    GROUP BY service_request_id
) AS found
WHERE found.service_request_id = joined.service_request_id
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0014_settled_on_sidewalk"), ("intake", "0008_clip_places")]

    operations = [
        migrations.AddField(
            model_name="caserequest",
            name="reply_due_at",
            field=models.DateTimeField(
                help_text="until when its sender is promised a first reply; no officer is told, since it tells when it came",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="caserequest",
            name="replied_at",
            field=models.DateTimeField(help_text="when a person first replied", null=True),
        ),
        migrations.RunSQL(REPLIED, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="caserequest",
            index=models.Index(
                condition=models.Q(("replied_at", None)), fields=["case"], name="voices_without_reply"
            ),
        ),
    ]
