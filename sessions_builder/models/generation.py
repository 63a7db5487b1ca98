"""A generation is one run for a brief; its row is the queue entry, the lease and the result at once."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from sessions_builder.models.queued import Queued


class GenerationState(models.TextChoices):
    QUEUED = "queued"
    RETRIEVING = "retrieving"
    GENERATING = "generating"
    SUCCEEDED = "succeeded"
    PARTIAL = "partial"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNFINISHED: Sequence[str] = (GenerationState.QUEUED, GenerationState.RETRIEVING, GenerationState.GENERATING)
TERMINAL: Sequence[str] = (
    GenerationState.SUCCEEDED,
    GenerationState.PARTIAL,
    GenerationState.FAILED,
    GenerationState.CANCELLED,
)


class GenerationMode(models.TextChoices):
    MULTI_VARIANT = "multi_variant"
    LEGACY = "legacy"
    LEGACY_FALLBACK = "legacy_fallback"


class WriterKind(models.TextChoices):
    MODEL = "model"
    OFFLINE = "offline"


class Generation(Queued):
    """Written only by `services` at creation and by `persistence` afterwards."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="generations")
    parent = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="children")
    state = models.CharField(max_length=16, choices=GenerationState, default=GenerationState.QUEUED)
    mode = models.CharField(max_length=16, choices=GenerationMode)
    writer = models.CharField(max_length=8, choices=WriterKind)
    brief = models.JSONField(help_text="The request as validated, camelCase, with defaults filled in.")
    snapshot = models.JSONField(help_text="The pipeline's brief and the variant profiles, resolved at submission.")
    decision = models.JSONField(help_text="The flag decision this generation was created with.")
    card_order = ArrayField(models.PositiveSmallIntegerField(), help_text="Variant numbers in the order shown.")
    version = models.PositiveIntegerField(default=1, help_text="Counts visible changes; the ETag.")
    run = models.PositiveSmallIntegerField(default=1, help_text="1 for the first run, one more for each retry.")

    cancel_requested = models.BooleanField(default=False)

    progress = models.JSONField(default=list, blank=True, help_text="Stage events in the order they happened.")
    retrieval = models.JSONField(null=True, blank=True, help_text="The one retrieval round shared by all variants.")
    rag_state = models.CharField(max_length=20, null=True, blank=True)
    diversity = models.JSONField(
        null=True, blank=True, help_text="How far apart its outlines are, and which were written a second time."
    )
    processing_ms = models.PositiveIntegerField(
        null=True, blank=True, help_text="From the POST (or the retry) to the end."
    )
    run_started_at = models.DateTimeField(db_default=Now(), help_text="The POST or the last retry.")

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["owner", "-created_at", "-id"], name="generation_owner_recent"),
            models.Index(fields=["created_at", "id"], name="generation_made"),
            models.Index(
                fields=["available_at"],
                name="generation_queued",
                condition=models.Q(state="queued"),
            ),
            models.Index(
                fields=["lease_until"],
                name="generation_leased",
                condition=models.Q(state__in=["retrieving", "generating"]),
            ),
            models.Index(
                fields=["owner"],
                name="generation_unfinished",
                condition=models.Q(state__in=["queued", "retrieving", "generating"]),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=[*UNFINISHED]) | models.Q(finished_at__isnull=False),
                name="generation_ended_has_time",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["retrieving", "generating"]) | models.Q(lease_token__isnull=True),
                name="generation_lease_only_while_running",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} ({self.state})"

    @property
    def is_terminal(self) -> bool:
        return self.state in TERMINAL

    @property
    def decision_reason(self) -> str:
        return str(self.decision.get("reason", ""))


class VariantState(models.TextChoices):
    READY = "ready"
    FAILED = "failed"


class Variant(models.Model):
    """One stored outline of a generation, or the reason there is none. Number 0 is the Standard Outline."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    generation = models.ForeignKey(Generation, on_delete=models.CASCADE, related_name="variants")
    number = models.PositiveSmallIntegerField()
    run = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=VariantState)
    label = models.CharField(max_length=80)
    description = models.TextField(blank=True)
    arc = models.CharField(max_length=40)
    rag_weight = models.DecimalField(max_digits=2, decimal_places=1)
    generation_source = models.CharField(max_length=10)
    rag_effective = models.BooleanField()
    rag_sources_used = models.PositiveSmallIntegerField()
    outline: Any = models.JSONField(null=True, blank=True)
    notes = models.JSONField(
        default=list, blank=True, help_text="What was changed while shaping, e.g. stripped citations."
    )
    quality = models.JSONField(null=True, blank=True, help_text="Score, parts and version; null until scored.")
    grounding = models.JSONField(
        null=True, blank=True, help_text="Grounding score and realised reliance; null without sources."
    )
    processing_ms = models.PositiveIntegerField()
    model = models.CharField(max_length=120, blank=True)
    error_code = models.CharField(max_length=32, null=True, blank=True)
    rewritten = models.BooleanField(
        db_default=False, help_text="Written a second time, because it nearly repeated another version."
    )
    rejected_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["generation", "number"]
        constraints = [
            models.UniqueConstraint(fields=["generation", "number"], name="variant_once_per_generation"),
            models.CheckConstraint(condition=models.Q(number__lte=4), name="variant_number_0_to_4"),
            models.CheckConstraint(
                condition=models.Q(state="ready", outline__isnull=False)
                | models.Q(state="failed", outline__isnull=True),
                name="variant_ready_has_outline",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.state})"


class IdempotencyKey(models.Model):
    """Remembers which generation an `Idempotency-Key` of a user made, and a digest of the body it came with."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    body_digest = models.CharField(max_length=64)
    generation = models.ForeignKey(Generation, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotency_key_once_per_user")]

    def __str__(self) -> str:
        return self.key


class SourcePreview(models.Model):
    """What was found for a brief before it was submitted, kept for some hours so that its author can tick from it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    retrieval = models.JSONField(help_text="The retrieval round, without ticks and notes.")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["owner", "-created_at"], name="preview_owner_recent")]

    def __str__(self) -> str:
        return str(self.pk)
