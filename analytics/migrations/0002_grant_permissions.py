"""Who may read what: prompts are granted to nobody."""

from typing import Any

from django.db import migrations

from analytics.migrations._grants import STAFF_GROUPS, grant, withdraw

GRANTS = {
    "view_metrics": STAFF_GROUPS,
    "export_data": STAFF_GROUPS,
    "view_event": STAFF_GROUPS,
    "view_aiinteraction": STAFF_GROUPS,
    "view_selection": STAFF_GROUPS,
    "view_modelprice": STAFF_GROUPS,
    "add_modelprice": ("product", "operator"),
    "change_modelprice": ("product", "operator"),
}


def give(apps: Any, schema_editor: Any) -> None:
    grant(apps, schema_editor.connection.alias, GRANTS)


def take(apps: Any, schema_editor: Any) -> None:
    withdraw(apps, schema_editor.connection.alias, tuple(GRANTS))


class Migration(migrations.Migration):
    dependencies = [
        ("analytics", "0001_events_and_interactions"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(give, take)]
