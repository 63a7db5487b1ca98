"""The documents a fresh knowledge base begins with."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from importlib import resources

from django.db import transaction

from sessions_builder.knowledge.ingest import store
from sessions_builder.models.knowledge import KnowledgeDocument

NAMESPACE = uuid.UUID("5e1f0c1a-7d0e-5b0c-9a53-0f6f3a1d2c44")
"""Ids of seeded documents are made from their file names, so that seeding twice finds them again."""


def seed_documents() -> int:
    """Add the documents that are not there yet; those staff have edited or archived stay as they are. Returns how many
    were added."""
    folder = resources.files(__package__) / "documents"
    files = {_id_of(file.name): file for file in folder.iterdir() if file.name.endswith(".md")}
    there = set(KnowledgeDocument.objects.filter(pk__in=files).values_list("pk", flat=True))
    missing = sorted((file.name, pk) for pk, file in files.items() if pk not in there)
    with transaction.atomic():
        for name, pk in missing:
            store(read_document(name, files[pk].read_text("utf-8"), pk))
    return len(missing)


def read_document(name: str, content: str, pk: uuid.UUID) -> KnowledgeDocument:
    """An unsaved document from a Markdown file with title, category, date and keywords between two lines of dashes."""
    _, head, body = content.split("---\n", 2)
    fields = dict(line.split(": ", 1) for line in head.strip().splitlines())
    day = date.fromisoformat(fields["date"])
    return KnowledgeDocument(
        pk=pk,
        title=fields["title"],
        category=fields["category"],
        body=body.strip(),
        keywords=[word.strip() for word in fields["keywords"].split(",")],
        source_filename=name,
        updated_at=datetime(day.year, day.month, day.day, tzinfo=UTC),
    )


def _id_of(name: str) -> uuid.UUID:
    return uuid.uuid5(NAMESPACE, name)
