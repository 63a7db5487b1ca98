"""A session remembers who wrote which of its sections; one from before is of one piece until it is changed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sessions_builder", "0015_ended_processes")]

    operations = [
        migrations.AddField(
            model_name="trainingsession",
            name="origins",
            field=models.JSONField(
                blank=True,
                editable=False,
                help_text="Whose texts each section has had; null where all are of one.",
                null=True,
            ),
        ),
    ]
