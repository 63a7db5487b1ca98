"""Fills in the reference data of a new installation."""

import tomllib
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Any

from django.core.management.base import BaseCommand
from django.db import models, transaction

from sessions_builder.models.reference import Audience, Category, Tone, VariantProfile


class Command(BaseCommand):
    help = "Add the first categories, audiences, tones and variant profiles; nothing that exists is overwritten."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        data = tomllib.loads((resources.files(__package__) / "reference.toml").read_text("utf-8"))
        # A list that staff have made their own stays theirs: an entry they renamed or removed does not come back.
        added = sum(
            add_all(model, data[key])
            for model, key in ((Category, "categories"), (Audience, "audiences"), (Tone, "tones"))
            if not model._default_manager.exists()
        )
        numbers = set(VariantProfile.objects.values_list("number", flat=True))
        profiles = [entry for entry in data["profiles"] if entry["number"] not in numbers]
        VariantProfile.objects.bulk_create(VariantProfile(**entry) for entry in profiles)
        added += len(profiles)
        self.stdout.write(f"Reference data: {added} entries added." if added else "Reference data: complete.")


def add_all(model: type[models.Model], entries: Iterable[Mapping[str, Any]]) -> int:
    """Create the entries in their order, ten positions apart so that others fit between; returns how many."""
    made = [model(**entry, position=10 * place) for place, entry in enumerate(entries, start=1)]
    return len(model._default_manager.bulk_create(made))
