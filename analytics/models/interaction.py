import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Now


class Purpose(models.TextChoices):
    OUTLINE = "outline", "variant outline"
    LEGACY = "legacy", "standard outline"
    REPAIR = "repair", "repair of a malformed answer"
    SECTION = "section", "one section again"
    DIVERSITY = "diversity", "again, to differ from another"


class Outcome(models.TextChoices):
    OK = "ok", "ok"
    FAILED = "failed", "failed"
    CANCELLED = "cancelled", "cancelled"


class AIInteraction(models.Model):
    """One call to the model. `prompt` and `response` are emptied after `PROMPT_RETENTION_DAYS`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    created_at = models.DateTimeField(db_default=Now())
    purpose = models.TextField(choices=Purpose.choices, db_default=Purpose.OUTLINE)
    generation_id = models.UUIDField(null=True, blank=True)
    variant = models.PositiveSmallIntegerField(null=True, blank=True)
    user_id = models.BigIntegerField(null=True, blank=True)
    subject = models.TextField(db_default="", blank=True)
    model = models.TextField(db_default="")
    prompt_version = models.TextField(db_default="", blank=True)
    tokens_in = models.PositiveIntegerField(db_default=0, help_text="all input tokens, the cached ones included")
    tokens_out = models.PositiveIntegerField(db_default=0, help_text="all output tokens, the reasoning ones included")
    tokens_cached = models.PositiveIntegerField(db_default=0)
    tokens_reasoning = models.PositiveIntegerField(db_default=0)
    cost_usd = models.DecimalField(
        "cost in US dollars", max_digits=14, decimal_places=8, null=True, blank=True, help_text="empty: no price known"
    )
    latency_ms = models.PositiveIntegerField("latency in ms", db_default=0)
    attempts = models.PositiveSmallIntegerField(db_default=1)
    outcome = models.TextField(choices=Outcome.choices, db_default=Outcome.OK)
    error_code = models.TextField(null=True, blank=True)
    category = models.TextField(db_default="", blank=True)
    prompt = models.TextField(null=True, blank=True)
    response = models.TextField(null=True, blank=True)
    feedback = models.TextField(null=True, blank=True)
    is_demo = models.BooleanField(db_default=False)

    class Meta:
        verbose_name = "AI interaction"
        verbose_name_plural = "AI interactions"
        ordering = ["-created_at", "-id"]
        permissions = [("view_prompt", "Can read prompts and answers of AI interactions")]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="interaction_newest"),
            models.Index(
                fields=["generation_id"], name="interaction_generation", condition=models.Q(generation_id__isnull=False)
            ),
            models.Index(
                fields=["created_at"],
                name="interaction_with_text",
                condition=models.Q(prompt__isnull=False) | models.Q(response__isnull=False),
            ),
            models.Index(fields=["user_id"], name="interaction_user", condition=models.Q(user_id__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}, {self.model}, {self.created_at:%Y-%m-%d %H:%M:%S}"
