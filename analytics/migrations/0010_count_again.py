from django.db import migrations

COUNT_AGAIN = "UPDATE analytics_rollupstate SET watermark = NULL"


class Migration(migrations.Migration):
    """Count all days again: requests and pages opened have been measures of their own only since this version.

    Days whose events were cleared stay as they are; `frozen_before` knows them.
    """

    dependencies = [
        ("analytics", "0009_histograms_as_arrays"),
    ]

    operations = [migrations.RunSQL(COUNT_AGAIN, migrations.RunSQL.noop)]
