"""A training session: the outline an author chose, edits and publishes."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class SessionState(models.TextChoices):
    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"

    @property
    def accepts_choice(self) -> bool:
        """Whether choosing a variant may put its outline into a session in this state."""
        return self is SessionState.DRAFT


class TrainingSession(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="training_sessions")
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=9, choices=SessionState, default=SessionState.DRAFT)
    version = models.PositiveIntegerField(default=1, help_text="Every write carries it and bumps it.")
    generation = models.ForeignKey(
        "sessions_builder.Generation",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="training_sessions",
    )
    variant_number = models.PositiveSmallIntegerField(null=True, blank=True)
    generation_source = models.CharField(
        max_length=10, blank=True, help_text="rag, baseline, template or mixed; kept for labels."
    )
    origins = models.JSONField(
        null=True, blank=True, editable=False, help_text="Whose texts each section has had; null where all are of one."
    )
    starts_at = models.DateTimeField(null=True, blank=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    category = models.CharField(max_length=120)
    session_type = models.CharField(max_length=16)
    duration_minutes = models.PositiveSmallIntegerField()
    brief = models.JSONField(default=dict, blank=True)
    outline = models.JSONField()
    sources = models.JSONField(default=list, blank=True, help_text="Excerpts of the sources offered, kept for good.")
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(auto_now=True)
    published_at = models.DateTimeField(null=True, blank=True)
    first_published_at = models.DateTimeField(null=True, blank=True, help_text="Stays when it becomes a draft again.")

    class Meta:
        ordering = ["-updated_at", "-id"]
        indexes = [
            models.Index(fields=["owner", "-updated_at", "-id"], name="session_owner_recent"),
            # Counts of what became of the sessions of a period are read from the index alone.
            models.Index(fields=["created_at", "id"], include=["state", "generation", "category"], name="session_made"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["generation"],
                name="session_one_draft_per_generation",
                condition=models.Q(state="draft", generation__isnull=False),
            )
        ]

    def __str__(self) -> str:
        """Not the title: the admin shows this to people who may not read what an author wrote."""
        return f"{self.pk} ({self.state})"
