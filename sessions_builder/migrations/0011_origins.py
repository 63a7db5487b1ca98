"""An idea remembers who wrote its section; one kept before does not know."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sessions_builder", "0010_operators_see_sessions")]

    operations = [
        migrations.AddField(
            model_name="savedidea",
            name="generation_source",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Origin of what the section was taken from.",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="trainingsession",
            name="generation_source",
            field=models.CharField(
                blank=True, help_text="rag, baseline, template or mixed; kept for labels.", max_length=10
            ),
        ),
    ]
