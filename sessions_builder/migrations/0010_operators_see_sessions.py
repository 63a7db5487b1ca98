"""Operators see how sessions and proposals stand."""

from typing import Any

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

SEEN = ("view_trainingsession", "view_sectionproposal")


def grant(apps: Any, schema_editor: Any) -> None:
    using = schema_editor.connection.alias
    # Permissions are normally made after all migrations have run: too late for this one.
    create_permissions(installed.get_app_config("sessions_builder"), apps=apps, using=using, verbosity=0)
    operators, _ = apps.get_model("auth", "Group").objects.using(using).get_or_create(name="operator")
    operators.permissions.add(*_permissions(apps, using))


def withdraw(apps: Any, schema_editor: Any) -> None:
    using = schema_editor.connection.alias
    for operators in apps.get_model("auth", "Group").objects.using(using).filter(name="operator"):
        operators.permissions.remove(*_permissions(apps, using))


def _permissions(apps: Any, using: str) -> Any:
    permissions = apps.get_model("auth", "Permission").objects.using(using)
    return permissions.filter(content_type__app_label="sessions_builder", codename__in=SEEN)


class Migration(migrations.Migration):
    dependencies = [("sessions_builder", "0009_trace_parent")]

    operations = [migrations.RunPython(grant, withdraw)]
