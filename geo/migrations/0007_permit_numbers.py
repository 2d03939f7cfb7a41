"""Permits by their plain number, so that they are found however it is written."""

import django.contrib.postgres.indexes
from django.db import migrations, models

from geo.permit_number import make_permit_plain


def write_plain_numbers(apps, editor):
    permits = apps.get_model("geo", "Permit").objects.using(editor.connection.alias)
    with editor.connection.cursor() as cursor:
        plain = [(make_permit_plain(number), row) for row, number in permits.values_list("id", "number")]
        cursor.executemany("UPDATE geo_permit SET number_plain = %s WHERE id = %s", plain)


class Migration(migrations.Migration):

    dependencies = [
        ('geo', '0006_register_files_and_details'),
    ]

    operations = [
        migrations.AddField(
            model_name='permit',
            name='number_plain',
            field=models.CharField(default='', help_text='as geo.permit_number compares it', max_length=160),
            preserve_default=False,
        ),
        migrations.RunPython(write_plain_numbers, migrations.RunPython.noop),
        migrations.RemoveIndex(
            model_name='permit',
            name='permit_by_spelling',
        ),
        migrations.AddIndex(
            model_name='permit',
            index=django.contrib.postgres.indexes.GinIndex(fields=['number_plain'], name='permit_by_spelling', opclasses=['gin_trgm_ops']),
        ),
    ]
