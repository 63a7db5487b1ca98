"""The flags a new installation starts with, each with the first row of its audit."""

from typing import Any

from django.db import migrations
from django.utils import timezone

FLAGS = (
    (
        "variant_generation_v2",
        "Multi-variant generation",
        "Four outlines in parallel instead of one standard outline.",
        "rollout",
        False,
        0,
    ),
    (
        "rag_integration",
        "RAG integration",
        "Retrieve training material. Off: every variant is written without it and no call goes out.",
        "kill_switch",
        True,
        10_000,
    ),
    (
        "variant_selection_logging",
        "Variant selection logging",
        "Store which variant an author picks.",
        "ops",
        True,
        10_000,
    ),
    ("offline_composer", "Offline composer", "Offer drafts composed without a model.", "ops", True, 10_000),
)


def seed(apps: Any, schema_editor: Any) -> None:
    flag_model = apps.get_model("featureflags", "Flag")
    for version, (key, name, description, kind, enabled, points) in enumerate(FLAGS, start=1):
        flag = flag_model.objects.create(
            key=key, name=name, description=description, kind=kind, enabled=enabled, basis_points=points, revision=1
        )
        after = {
            "name": name,
            "description": description,
            "kind": kind,
            "enabled": enabled,
            "percentage": points / 100,
            "owner": "",
            "expiresOn": None,
            "overrides": {},
            "ramp": None,
            "scheduled": [],
        }
        apps.get_model("featureflags", "FlagChange").objects.create(
            flag=flag,
            revision=1,
            version=version,
            source="command",
            before={},
            after=after,
            reason="Added with the installation.",
        )
    version_model = apps.get_model("featureflags", "FlagVersion")
    version_model.objects.create(id=1, version=len(FLAGS), changed_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("featureflags", "0002_guard_audit_and_membership")]

    # Going back further removes the tables themselves; the audit in them is never deleted row by row.
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
