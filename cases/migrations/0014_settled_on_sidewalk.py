from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0013_late_pieces")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("sidewalk_key", ""), _negated=True), fields=["sidewalk_key", "use", "closed_at"],
                name="settled_on_sidewalk",
            ),
        ),
    ]
