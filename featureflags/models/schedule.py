"""A change that is made later by itself."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from featureflags.evaluation import FULL
from featureflags.models.flags import Flag


class ScheduledChange(models.Model):
    """Switch a flag or set its exposure at `apply_at`, once. What stays None stays as it is."""

    class State(models.TextChoices):
        PENDING = "pending", "Pending"
        APPLIED = "applied", "Applied"
        CANCELLED = "cancelled", "Cancelled"
        FAILED = "failed", "Failed"

    flag = models.ForeignKey(Flag, on_delete=models.CASCADE, related_name="scheduled_changes")
    apply_at = models.DateTimeField()
    enabled = models.BooleanField(null=True, blank=True)
    basis_points = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=500)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=20, choices=State, default=State.PENDING)
    outcome = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("apply_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(enabled__isnull=False) | Q(basis_points__isnull=False), name="scheduledchange_something"
            ),
            models.CheckConstraint(
                condition=Q(basis_points__isnull=True) | Q(basis_points__lte=FULL), name="scheduledchange_max_10000"
            ),
        )

    def __str__(self) -> str:
        return f"{self.flag} at {self.apply_at:%Y-%m-%d %H:%M} UTC"
