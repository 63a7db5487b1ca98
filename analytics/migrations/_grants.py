"""Give permissions of this app to the role groups; each migration that adds models says who may do what."""

from typing import Any

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions

STAFF_GROUPS = ("analyst", "product", "operator")


def grant(apps: Any, using: str, grants: dict[str, tuple[str, ...]]) -> None:
    """Give each codename of `grants` to its groups, creating groups that do not exist yet."""
    # Permissions are normally made after all migrations have run: too late for this one.
    create_permissions(installed.get_app_config("analytics"), apps=apps, using=using, verbosity=0)
    group_model = apps.get_model("auth", "Group")
    permission_model = apps.get_model("auth", "Permission")
    for codename, groups in grants.items():
        permission = permission_model.objects.using(using).get(content_type__app_label="analytics", codename=codename)
        for name in groups:
            group, _ = group_model.objects.using(using).get_or_create(name=name)
            group.permissions.add(permission)


def withdraw(apps: Any, using: str, codenames: tuple[str, ...]) -> None:
    """Take the codenames from every group again."""
    permission_model = apps.get_model("auth", "Permission")
    group_model = apps.get_model("auth", "Group")
    found = permission_model.objects.using(using).filter(content_type__app_label="analytics", codename__in=codenames)
    for group in group_model.objects.using(using).filter(permissions__in=found).distinct():
        group.permissions.remove(*found)
