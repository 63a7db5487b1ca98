"""Fills the built-in knowledge base with its first documents."""

from typing import Any

from django.core.management.base import BaseCommand

from sessions_builder.knowledge.seeds import seed_documents


class Command(BaseCommand):
    help = "Add the built-in knowledge base's first documents where they are missing; edited ones stay as they are."

    def handle(self, *args: Any, **options: Any) -> None:
        added = seed_documents()
        self.stdout.write(f"Knowledge base: {added} documents added." if added else "Knowledge base: complete.")
