from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sessions_builder", "0014_same_queue_columns"),
    ]

    operations = [
        migrations.AddField(
            model_name="processheartbeat",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
