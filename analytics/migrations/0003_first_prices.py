"""List prices of models people are likely to start with, US dollars per million tokens; staff keep them current."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import migrations

LAUNCH = date(2026, 3, 1)
PRICES = [
    ("gpt-5.4", Decimal("2.5"), Decimal("0.25"), Decimal("15")),
    ("gpt-5.4-mini", Decimal("0.75"), Decimal("0.075"), Decimal("4.5")),
    ("gpt-5-mini", Decimal("0.25"), Decimal("0.025"), Decimal("2")),
]


def add(apps: Any, schema_editor: Any) -> None:
    prices = apps.get_model("analytics", "ModelPrice").objects.using(schema_editor.connection.alias)
    for model, full, cached, output in PRICES:
        prices.get_or_create(
            model=model,
            valid_from=LAUNCH,
            defaults={"input_usd": full, "cached_usd": cached, "output_usd": output},
        )


def remove(apps: Any, schema_editor: Any) -> None:
    prices = apps.get_model("analytics", "ModelPrice").objects.using(schema_editor.connection.alias)
    prices.filter(model__in=[model for model, *_ in PRICES], valid_from=LAUNCH).delete()


class Migration(migrations.Migration):
    dependencies = [("analytics", "0002_grant_permissions")]

    operations = [migrations.RunPython(add, remove)]
