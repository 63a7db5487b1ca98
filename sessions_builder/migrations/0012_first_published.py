"""A session remembers when it was first published, whatever becomes of its versions."""

from django.db import migrations, models

FILL = """
UPDATE sessions_builder_trainingsession s SET first_published_at = coalesce(v.first, s.published_at)
  FROM (SELECT s.id, min(v.created_at) AS first
          FROM sessions_builder_trainingsession s
          LEFT JOIN sessions_builder_sessionversion v ON v.session_id = s.id AND v.kind = 'published'
         WHERE s.published_at IS NOT NULL OR v.id IS NOT NULL
         GROUP BY s.id) v
 WHERE v.id = s.id AND s.first_published_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("sessions_builder", "0011_origins")]

    operations = [
        migrations.AddField(
            model_name="trainingsession",
            name="first_published_at",
            field=models.DateTimeField(blank=True, help_text="Stays when it becomes a draft again.", null=True),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
