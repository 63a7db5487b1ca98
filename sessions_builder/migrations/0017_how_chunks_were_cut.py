"""A document knows by which rules its chunks were cut; those of before are shown as cut by earlier ones."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sessions_builder", "0016_origins_of_sections")]

    operations = [
        migrations.AddField(
            model_name="knowledgedocument",
            name="chunking",
            field=models.PositiveSmallIntegerField(
                db_default=0,
                default=0,
                editable=False,
                help_text="Version of the rules the chunks were cut by; 0 before the first.",
            ),
        ),
    ]
