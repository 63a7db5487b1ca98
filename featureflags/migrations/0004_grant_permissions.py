"""Product staff change flags; operators look at them and switch them off."""

from typing import Any

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

WRITE = ("add", "change", "delete", "view")
GRANTS = {
    "product": (
        "view_flag",
        "add_flag",
        "change_flag",
        "kill_flag",
        "evaluate_for_others",
        "view_flagchange",
        *(f"{verb}_{model}" for model in ("flagoverride", "rampplan", "scheduledchange") for verb in WRITE),
        *(f"{verb}_{model}" for model in ("rampstep", "guardrail") for verb in WRITE),
    ),
    "operator": (
        "view_flag",
        "kill_flag",
        "evaluate_for_others",
        "view_flagchange",
        *(f"view_{model}" for model in ("flagoverride", "rampplan", "rampstep", "guardrail", "scheduledchange")),
    ),
}


def grant(apps: Any, schema_editor: Any) -> None:
    using = schema_editor.connection.alias
    # Permissions are normally made after all migrations have run: too late for this one.
    create_permissions(installed.get_app_config("featureflags"), apps=apps, using=using, verbosity=0)
    permissions = apps.get_model("auth", "Permission").objects.using(using)
    for name, codenames in GRANTS.items():
        group, _ = apps.get_model("auth", "Group").objects.using(using).get_or_create(name=name)
        for codename in codenames:
            group.permissions.add(permissions.get(content_type__app_label="featureflags", codename=codename))


def withdraw(apps: Any, schema_editor: Any) -> None:
    using = schema_editor.connection.alias
    permissions = apps.get_model("auth", "Permission").objects.using(using)
    for name, codenames in GRANTS.items():
        group = apps.get_model("auth", "Group").objects.using(using).get(name=name)
        group.permissions.remove(*permissions.filter(content_type__app_label="featureflags", codename__in=codenames))


class Migration(migrations.Migration):
    dependencies = [
        ("featureflags", "0003_seed_flags"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(grant, withdraw)]
