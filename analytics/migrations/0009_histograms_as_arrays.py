import django.contrib.postgres.fields
from django.db import migrations, models

FILL = """
UPDATE analytics_dailyrollup r SET bucket_keys = b.keys, bucket_counts = b.counts
FROM (
    SELECT id, array_agg(key::int ORDER BY key::int) AS keys, array_agg(value::bigint ORDER BY key::int) AS counts
    FROM analytics_dailyrollup CROSS JOIN LATERAL jsonb_each_text(buckets) GROUP BY id
) AS b WHERE b.id = r.id
"""
UNFILL = """
UPDATE analytics_dailyrollup r SET buckets = b.buckets
FROM (
    SELECT id, jsonb_object_agg(key, n) AS buckets
    FROM analytics_dailyrollup CROSS JOIN LATERAL unnest(bucket_keys, bucket_counts) AS u(key, n) GROUP BY id
) AS b WHERE b.id = r.id
"""


class Migration(migrations.Migration):
    """Histograms are added up at every look, and arrays unfold in half the time JSON takes.

    The column of before stays, unknown to the models: processes of the version before write it until they end.
    """

    dependencies = [
        ("analytics", "0008_selection_facts"),
    ]

    operations = [
        migrations.AddField(
            model_name="dailyrollup",
            name="bucket_keys",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.IntegerField(),
                help_text="buckets of the logarithmic histogram, in order",
                null=True,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="dailyrollup",
            name="bucket_counts",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), help_text="values in each of them", null=True, size=None
            ),
        ),
        migrations.RunSQL(FILL, UNFILL),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField(model_name="dailyrollup", name="buckets")]
        ),
    ]
