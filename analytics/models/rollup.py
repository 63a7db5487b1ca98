from django.contrib.postgres.fields import ArrayField
from django.db import models

ALL_CATEGORIES = "*"


class DailyRollup(models.Model):
    """One measure of one UTC day in one combination of dimensions. The category "*" stands for all of them together."""

    day = models.DateField()
    measure = models.TextField()
    detail = models.TextField()
    category = models.TextField()
    mode = models.TextField()
    arm = models.TextField()
    variant = models.SmallIntegerField(help_text="-1: none")
    demo = models.BooleanField()
    n = models.BigIntegerField()
    total = models.FloatField()
    total_squares = models.FloatField()
    bucket_keys = ArrayField(
        models.IntegerField(), null=True, help_text="buckets of the logarithmic histogram, in order"
    )
    bucket_counts = ArrayField(models.BigIntegerField(), null=True, help_text="values in each of them")

    class Meta:
        indexes = [models.Index(fields=["category", "demo", "day"], name="rollup_period")]

    def __str__(self) -> str:
        return f"{self.measure} on {self.day}"


class RollupState(models.Model):
    """How far the rollups have come: one row."""

    watermark = models.DateTimeField(null=True, help_text="everything received before it is counted")
    refreshed_at = models.DateTimeField(null=True)
    frozen_before = models.DateField(null=True, help_text="days whose events were cleared; they are not built again")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_rollup_state")]

    def __str__(self) -> str:
        return f"rolled up to {self.watermark}"
