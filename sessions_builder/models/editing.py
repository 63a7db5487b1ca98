"""What surrounds a session while it is edited: its versions, a person's rating, ideas kept for later."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from sessions_builder.models.session import TrainingSession


class VersionKind(models.TextChoices):
    """What made a version; only edits in quick succession share one."""

    CREATED = "created"
    CHOSEN = "chosen"
    EDITED = "edited"
    ADDED = "added"
    REMOVED = "removed"
    BALANCED = "balanced"
    IMPORTED = "imported"
    REWRITTEN = "rewritten"
    RESTORED = "restored"
    PUBLISHED = "published"


class SessionVersion(models.Model):
    """The content of a session from version `first_number` to `number`, as the last of these left it."""

    session = models.ForeignKey(TrainingSession, on_delete=models.CASCADE, related_name="versions")
    first_number = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=9, choices=VersionKind)
    content: Any = models.JSONField(help_text="Everything an author can change; camelCase.")
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["session", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["session", "number"], name="sessionversion_number_once"),
            models.CheckConstraint(
                condition=models.Q(first_number__lte=models.F("number")), name="sessionversion_first_not_after_last"
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"version {self.number}"


class SessionRating(models.Model):
    """How good somebody found a session once they had it in hands: 1 poor … 5 excellent."""

    session = models.ForeignKey(TrainingSession, on_delete=models.CASCADE, related_name="ratings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField()
    comment = models.TextField(max_length=1000, blank=True)
    rated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "user"], name="sessionrating_once_per_user"),
            models.CheckConstraint(condition=models.Q(score__range=(1, 5)), name="sessionrating_one_to_five"),
        ]

    def __str__(self) -> str:
        return f"{self.score} of 5"


class SavedIdea(models.Model):
    """A thought or a whole section an author keeps for another session, with the sources the section cites."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_ideas")
    title = models.CharField(max_length=200)
    note = models.TextField(max_length=2000, blank=True)
    section: Any = models.JSONField(null=True, blank=True)
    sources = models.JSONField(default=list, blank=True)
    generation_source = models.CharField(
        max_length=10, blank=True, default="", db_default="", help_text="Origin of what the section was taken from."
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["owner", "-created_at", "-id"], name="savedidea_owner_recent")]

    def __str__(self) -> str:
        return self.title
