import uuid
from typing import Any

from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now


class Event(models.Model):
    """Something that happened. Append-only; the metadata is what was told, the columns are what is counted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    event_type = models.TextField()
    occurred_at = models.DateTimeField(db_default=Now())
    received_at = models.DateTimeField(db_default=Now())
    session_id = models.UUIDField(null=True)
    generation_id = models.UUIDField(null=True)
    user_id = models.BigIntegerField(null=True)
    subject = models.TextField(db_default="")
    metadata = models.JSONField(db_default={})
    schema_version = models.PositiveSmallIntegerField(db_default=1)
    is_demo = models.BooleanField(db_default=False)

    category = models.TextField(null=True)
    mode = models.TextField(null=True)
    arm = models.TextField(null=True)
    writer = models.TextField(null=True)
    reason = models.TextField(null=True, help_text="why the flag decided as it did")
    percentage = models.FloatField(null=True, help_text="rollout percentage at the decision")
    variant = models.PositiveSmallIntegerField(null=True)
    source = models.TextField(null=True)
    rag_weight = models.FloatField(null=True)
    rag_effective = models.BooleanField(null=True)
    rag_state = models.TextField(null=True)
    rag_available = models.BooleanField(null=True)
    rag_sources = models.PositiveIntegerField(null=True)
    rag_matched = models.PositiveIntegerField(null=True, help_text="sources of the brief's own category")
    similarity = models.FloatField(null=True)
    processing_ms = models.PositiveBigIntegerField(null=True)
    rag_query_ms = models.PositiveBigIntegerField(null=True)
    comparison_ms = models.PositiveBigIntegerField(null=True)
    active_ms = models.PositiveBigIntegerField(null=True)
    variants = models.PositiveSmallIntegerField(null=True, help_text="variants ready at the end")
    quality = models.FloatField(null=True)
    error_code = models.TextField(null=True)
    cancelled = models.BooleanField(null=True)

    class Meta:
        ordering = ["-occurred_at", "-id"]
        permissions = [("view_metrics", "Can read metrics"), ("export_data", "Can download exports")]
        indexes = [
            models.Index(fields=["-occurred_at", "-id"], name="event_newest"),
            models.Index(fields=["event_type", "-occurred_at", "-id"], name="event_newest_of_type"),
            models.Index(
                fields=["generation_id"], name="event_generation", condition=models.Q(generation_id__isnull=False)
            ),
            models.Index(
                fields=["session_id", "occurred_at"], name="event_session", condition=models.Q(session_id__isnull=False)
            ),
            models.Index(fields=["user_id"], name="event_user", condition=models.Q(user_id__isnull=False)),
            BrinIndex(fields=["received_at"], name="event_received", pages_per_range=16),
        ]

    def __str__(self) -> str:
        return f"{self.event_type} at {self.occurred_at:%Y-%m-%d %H:%M:%S}"

    @property
    def shown_metadata(self) -> dict[str, Any]:
        """What was told, without an author's own words: of the reason for a rejection only that one was given."""
        told: dict[str, Any] = self.metadata
        rejected = self.event_type == "ai_content_rejected" and isinstance(told.get("reason"), str)
        return told | {"reason": "given"} if rejected else told
