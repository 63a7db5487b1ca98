"""A ramp keeps why it was planned."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("featureflags", "0004_grant_permissions")]
    operations = [
        migrations.AddField(
            model_name="rampplan",
            name="reason",
            field=models.CharField(blank=True, db_default="", max_length=500),
        ),
    ]
