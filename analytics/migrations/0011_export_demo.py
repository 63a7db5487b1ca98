from django.db import migrations, models


class Migration(migrations.Migration):
    """Whether an export was of demonstration data."""

    dependencies = [
        ("analytics", "0010_count_again"),
    ]

    operations = [
        migrations.AddField(
            model_name="export",
            name="demo",
            field=models.BooleanField(db_default=False, help_text="demonstration data instead of real data"),
        ),
    ]
