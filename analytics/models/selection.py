import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Now


class Selection(models.Model):
    """An author's choice of a variant, and what was on the table when it was made.

    `shown` lists every card: `{"number", "position", "weight", "state", "ragEffective", "label", "quality"}`.
    Only the newest choice before publishing is `counted`, one for a generation.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    selected_at = models.DateTimeField(db_default=Now())
    generation_id = models.UUIDField()
    session_id = models.UUIDField(null=True)
    user_id = models.BigIntegerField(null=True)
    subject = models.TextField(db_default="")
    mode = models.TextField(db_default="")
    variant = models.PositiveSmallIntegerField()
    label = models.TextField(db_default="")
    position = models.PositiveSmallIntegerField(null=True)
    rag_weight = models.FloatField(db_default=0.0)
    rag_effective = models.BooleanField(db_default=False)
    source = models.TextField(db_default="")
    shown = models.JSONField(db_default=[])
    variants_shown = models.PositiveSmallIntegerField(db_default=0)
    rag_shown = models.PositiveSmallIntegerField(db_default=0)
    weights_shown = ArrayField(
        models.FloatField(), db_default=[], help_text="weights of the cards that could be chosen and cite a source"
    )
    quality_gap = models.FloatField(
        null=True, help_text="mean quality of the cards with material minus that of the 0.0 one, same brief"
    )
    comparison_ms = models.PositiveBigIntegerField(null=True)
    category = models.TextField(db_default="")
    counted = models.BooleanField(db_default=True)
    eligible = models.BooleanField(
        db_default=False, help_text="multi-variant, a working RAG variant and the 0.0 one shown, not offline"
    )
    is_demo = models.BooleanField(db_default=False)

    class Meta:
        ordering = ["-selected_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["generation_id"], name="one_counted_selection", condition=models.Q(counted=True)
            )
        ]
        indexes = [
            models.Index(fields=["-selected_at", "-id"], name="selection_newest"),
            models.Index(fields=["generation_id"], name="selection_generation"),
            models.Index(fields=["user_id"], name="selection_user", condition=models.Q(user_id__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"variant {self.variant} at {self.selected_at:%Y-%m-%d %H:%M:%S}"
