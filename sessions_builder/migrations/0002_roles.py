"""Authors work on their own generations and sessions; operators keep an eye on the queue and on tokens."""

from typing import Any

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

ALL = ("add", "change", "delete", "view")
GRANTS = {
    "author": (
        *(f"{verb}_generation" for verb in ALL),
        *(f"{verb}_trainingsession" for verb in ALL),
    ),
    "product": (
        *(f"{verb}_{model}" for model in ("category", "audience", "tone") for verb in ALL),
        *(f"{verb}_{model}" for model in ("knowledgedocument", "knowledgechunk") for verb in ALL),
        *(f"{verb}_variantprofile" for verb in ("change", "view")),
    ),
    "analyst": (),
    "operator": (
        "view_generation",
        "view_processheartbeat",
        "view_providerstate",
        "view_apitoken",
        "change_apitoken",
    ),
}


def grant(apps: Any, schema_editor: Any) -> None:
    using = schema_editor.connection.alias
    # Permissions are normally made after all migrations have run: too late for this one.
    create_permissions(installed.get_app_config("sessions_builder"), apps=apps, using=using, verbosity=0)
    permissions = apps.get_model("auth", "Permission").objects.using(using)
    for name, codenames in GRANTS.items():
        group, _ = apps.get_model("auth", "Group").objects.using(using).get_or_create(name=name)
        for codename in codenames:
            group.permissions.add(permissions.get(content_type__app_label="sessions_builder", codename=codename))


def withdraw(apps: Any, schema_editor: Any) -> None:
    using = schema_editor.connection.alias
    permissions = apps.get_model("auth", "Permission").objects.using(using)
    for name, codenames in GRANTS.items():
        group = apps.get_model("auth", "Group").objects.using(using).get(name=name)
        group.permissions.remove(
            *permissions.filter(content_type__app_label="sessions_builder", codename__in=codenames)
        )


class Migration(migrations.Migration):
    dependencies = [
        ("sessions_builder", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(grant, withdraw)]
