"""Training sessions are counted while they change, so that no look at the numbers has to count them all."""

from django.db import migrations, models

COUNT = """
CREATE FUNCTION sessions_builder_tally_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO sessions_builder_sessiontally (day, category, state, generated, n) VALUES
            ((OLD.created_at AT TIME ZONE 'UTC')::date, OLD.category, OLD.state, OLD.generation_id IS NOT NULL, -1);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO sessions_builder_sessiontally (day, category, state, generated, n) VALUES
            ((NEW.created_at AT TIME ZONE 'UTC')::date, NEW.category, NEW.state, NEW.generation_id IS NOT NULL, 1);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER sessions_builder_session_came_or_went AFTER INSERT OR DELETE ON sessions_builder_trainingsession
    FOR EACH ROW EXECUTE FUNCTION sessions_builder_tally_session();
CREATE TRIGGER sessions_builder_session_changed AFTER UPDATE ON sessions_builder_trainingsession
    FOR EACH ROW WHEN ((OLD.state, OLD.category, OLD.generation_id IS NULL, OLD.created_at)
        IS DISTINCT FROM (NEW.state, NEW.category, NEW.generation_id IS NULL, NEW.created_at))
    EXECUTE FUNCTION sessions_builder_tally_session();
"""
NO_LONGER = """
DROP TRIGGER sessions_builder_session_changed ON sessions_builder_trainingsession;
DROP TRIGGER sessions_builder_session_came_or_went ON sessions_builder_trainingsession;
DROP FUNCTION sessions_builder_tally_session();
"""
# A trigger waits for whoever is writing, and all others wait behind it: rather give up, and be run again.
NO_LONG_WAIT = "SET LOCAL lock_timeout = '3s'"
# In the transaction that made the triggers, which lets nobody write to the sessions until it ends: none is missed.
FILL = """
INSERT INTO sessions_builder_sessiontally (day, category, state, generated, n)
SELECT (created_at AT TIME ZONE 'UTC')::date, category, state, generation_id IS NOT NULL, count(*)
FROM sessions_builder_trainingsession GROUP BY 1, 2, 3, 4
"""


class Migration(migrations.Migration):
    dependencies = [("sessions_builder", "0012_first_published")]

    operations = [
        migrations.CreateModel(
            name="SessionTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(help_text="when the sessions were made")),
                ("category", models.CharField(max_length=120)),
                ("state", models.CharField(max_length=9)),
                ("generated", models.BooleanField(help_text="made from a generation")),
                ("n", models.IntegerField(help_text="negative where sessions left this state")),
            ],
        ),
        migrations.RunSQL(NO_LONG_WAIT, migrations.RunSQL.noop),
        migrations.RunSQL(COUNT, NO_LONGER),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
