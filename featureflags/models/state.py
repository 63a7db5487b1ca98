"""Bookkeeping: the global version, what the environment said last, and which process runs which version."""

from __future__ import annotations

import uuid

from django.db import models


class FlagVersion(models.Model):
    """The one row every process compares. `token` tells apart a version that was rolled back and then reused."""

    SINGLETON = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=SINGLETON, editable=False)
    version = models.PositiveBigIntegerField(default=0)
    token = models.UUIDField(default=uuid.uuid4)
    changed_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="flagversion_one_row"),)

    def __str__(self) -> str:
        return f"version {self.version}"


class AppliedEnvironment(models.Model):
    """The value of an environment variable that was last applied to a flag, so that it is applied once per value."""

    variable = models.CharField(max_length=100, primary_key=True)
    value = models.CharField(max_length=100)
    applied_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.variable}={self.value}"


class ProcessVersion(models.Model):
    """The version one process decides with.

    `lag_ms` is how long after the version was made this process still answered from an older one (0: never did).
    """

    process = models.UUIDField(primary_key=True)
    label = models.CharField(max_length=200)
    version = models.PositiveBigIntegerField()
    lag_ms = models.PositiveIntegerField(default=0)
    adopted_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ("label",)
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.label} on version {self.version}"
