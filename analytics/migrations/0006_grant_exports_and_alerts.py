"""Staff see what was exported and what is wrong."""

from typing import Any

from django.db import migrations

from analytics.migrations._grants import STAFF_GROUPS, grant, withdraw

GRANTS = {
    "view_export": ("analyst", "operator"),
    "view_alert": ("product", "operator"),
    "change_alert": ("operator",),
    "view_dailyrollup": STAFF_GROUPS,
}


def give(apps: Any, schema_editor: Any) -> None:
    grant(apps, schema_editor.connection.alias, GRANTS)


def take(apps: Any, schema_editor: Any) -> None:
    withdraw(apps, schema_editor.connection.alias, tuple(GRANTS))


class Migration(migrations.Migration):
    dependencies = [("analytics", "0005_exports_and_alerts")]

    operations = [migrations.RunPython(give, take)]
