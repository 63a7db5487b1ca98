"""What processes tell one another through the database: provider health and signs of life."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class ProviderState(models.Model):
    """Breaker and cooldown of one outside service (`rag`, `model`), shared by all processes."""

    name = models.CharField(max_length=40, primary_key=True)
    failures = models.PositiveIntegerField(default=0, help_text="Failures in a row.")
    open_until = models.DateTimeField(null=True, blank=True, help_text="No calls before this time.")
    cooldown_until = models.DateTimeField(
        null=True, blank=True, help_text="The service asked everyone to wait until then."
    )
    reason = models.CharField(max_length=40, blank=True)
    updated_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name


class ProcessHeartbeat(models.Model):
    """Last sign of life of a web, worker or tick process. One that ended in order says so, one that vanished cannot."""

    name = models.CharField(max_length=120, primary_key=True, help_text="kind:host:pid")
    kind = models.CharField(max_length=16)
    seen_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)
    details = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "-seen_at"], name="heartbeat_kind_recent")]

    def __str__(self) -> str:
        return self.name
