"""Sessions that are there already begin their history with what they are now."""

from django.db import migrations

FILL = """
INSERT INTO sessions_builder_sessionversion (session_id, first_number, number, name, kind, content)
SELECT s.id, s.version, s.version, '', 'created', jsonb_build_object(
           'title', s.title,
           'startsAt', CASE WHEN s.starts_at IS NOT NULL
                       THEN to_char(s.starts_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') END,
           'timeZone', s.time_zone, 'category', s.category, 'sessionType', s.session_type,
           'durationMinutes', s.duration_minutes, 'brief', s.brief, 'outline', s.outline, 'sources', s.sources)
  FROM sessions_builder_trainingsession s
 WHERE NOT EXISTS (SELECT FROM sessions_builder_sessionversion v WHERE v.session_id = s.id)
"""


class Migration(migrations.Migration):
    dependencies = [("sessions_builder", "0004_session_versions_ratings_ideas")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
