import uuid

from django.db import models
from django.db.models.functions import Now


class ExportState(models.TextChoices):
    RUNNING = "running", "running"
    FINISHED = "finished", "finished"
    ABANDONED = "abandoned", "abandoned by the client"
    BROKEN = "broken", "broken"


class Export(models.Model):
    """Who downloaded what: written before the first byte, completed after the last."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)
    user_id = models.BigIntegerField(null=True)
    username = models.TextField(db_default="")
    dataset = models.TextField()
    format = models.TextField()
    event_type = models.TextField(db_default="")
    period_start = models.DateTimeField(null=True)
    period_end = models.DateTimeField(null=True)
    demo = models.BooleanField(db_default=False, help_text="demonstration data instead of real data")
    columns = models.JSONField()
    raw = models.BooleanField(db_default=False, help_text="without the formula guard")
    prompts = models.BooleanField(db_default=False, help_text="with prompts and answers")
    state = models.TextField(choices=ExportState.choices, db_default=ExportState.RUNNING)
    rows = models.BigIntegerField(db_default=0)
    size = models.BigIntegerField("uncompressed bytes", db_default=0)
    sha256 = models.TextField("SHA-256 of the uncompressed bytes", db_default="")

    class Meta:
        ordering = ["-started_at"]
        indexes = [models.Index(fields=["-started_at"], name="export_newest")]

    def __str__(self) -> str:
        return f"{self.dataset} as {self.format} by {self.username or 'somebody forgotten'}"
