"""The built-in knowledge base: documents, and the chunks of them that are searched."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.utils import timezone


class DocumentStatus(models.TextChoices):
    ACTIVE = "active", "Active"
    ARCHIVED = "archived", "Archived"


class KnowledgeDocument(models.Model):
    """Training material, kept as plain text or Markdown whatever the format of the file it came from."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=200)
    category = models.CharField(
        max_length=80, blank=True, help_text="A category's name or one of its aliases; empty when it belongs to none."
    )
    status = models.CharField(
        max_length=10,
        choices=DocumentStatus,
        default=DocumentStatus.ACTIVE,
        help_text="Archived documents are kept but never found.",
    )
    body = models.TextField(help_text="Plain text or Markdown.")
    keywords = ArrayField(
        models.CharField(max_length=60), default=list, blank=True, help_text="Search words, comma separated."
    )
    source_filename = models.CharField(max_length=200, blank=True, editable=False)
    checksum = models.CharField(
        max_length=64, blank=True, editable=False, help_text="SHA-256 of what the chunks were made from."
    )
    chunking = models.PositiveSmallIntegerField(
        default=0,
        db_default=0,
        editable=False,
        help_text="Version of the rules the chunks were cut by; 0 before the first.",
    )
    updated_at = models.DateTimeField(
        default=timezone.now, help_text="When the content was last true; older material counts for less."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["category", "title"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["status", "category"], name="knowledge_status_category")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def wire_id(self) -> str:
        """The id in the retrieval contract: 32 hex digits."""
        return self.id.hex


class KnowledgeChunk(models.Model):
    """About 200 words of a document, with what PostgreSQL needs to find them.

    `search` holds English stems; `search_exact` the words as written, for text and queries English stemming makes
    nothing of. Title and keywords are repeated in `heading`, so that every chunk is found by them.
    """

    document = models.ForeignKey(KnowledgeDocument, on_delete=models.CASCADE, related_name="chunks")
    ordinal = models.PositiveIntegerField(help_text="0, 1, 2 … in reading order.")
    heading = models.TextField(blank=True)
    text = models.TextField()
    search = models.GeneratedField(
        expression=SearchVector("heading", weight="A", config="english")
        + SearchVector("text", weight="B", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    search_exact = models.GeneratedField(
        expression=SearchVector("heading", weight="A", config="simple")
        + SearchVector("text", weight="B", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["document", "ordinal"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["document", "ordinal"], name="knowledgechunk_document_ordinal_unique"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            GinIndex(fields=["search"], name="knowledgechunk_search"),
            GinIndex(fields=["search_exact"], name="knowledgechunk_search_exact"),
        ]

    def __str__(self) -> str:
        return f"{self.document.title}, part {self.ordinal + 1}"
