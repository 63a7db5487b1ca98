from django.db import models


class EvidenceReport(models.Model):
    """The evidence over one range, as computed: it reads every choice and user, so not at each look."""

    key = models.TextField(primary_key=True)
    computed_at = models.DateTimeField()
    report = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["computed_at"], name="evidence_age")]

    def __str__(self) -> str:
        return self.key
