"""What was changed, by whom and why: rows are added and never touched again."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models

from featureflags.models.flags import Flag


class Source(models.TextChoices):
    ADMIN = "admin", "Admin"
    API = "api", "API"
    COMMAND = "command", "Command"
    SCHEDULE = "schedule", "Schedule"
    RAMP = "ramp", "Ramp"
    GUARDRAIL = "guardrail", "Guardrail"
    ENVIRONMENT = "environment", "Environment"


class AppendOnly(TypeError):
    """The audit of the flags cannot be edited or deleted."""


class AppendOnlyQuerySet(models.QuerySet["FlagChange"]):
    """A queryset that can read and add, nothing else; a database trigger refuses what goes around it."""

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly(AppendOnly.__doc__)

    update = delete = bulk_update = update_or_create = aupdate = adelete = abulk_update = aupdate_or_create = _refuse
    _raw_delete = _update = _refuse


class FlagChange(models.Model):
    """One change of one flag: its revision, both states, and who did it for what reason.

    `actor_id` and `actor_name` are copies and no foreign key: the row outlives the account and is never rewritten.
    """

    flag = models.ForeignKey(Flag, on_delete=models.PROTECT, related_name="changes")
    revision = models.PositiveIntegerField()
    version = models.PositiveBigIntegerField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=150, blank=True)
    source = models.CharField(max_length=20, choices=Source)
    before = models.JSONField()
    after = models.JSONField()
    reason = models.CharField(max_length=500, blank=True)
    evidence = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ("-version",)
        default_permissions = ("view",)
        constraints = (models.UniqueConstraint(fields=("flag", "revision"), name="flagchange_one_per_revision"),)
        indexes = (models.Index(fields=("created_at",), name="flagchange_created_at"),)

    def __str__(self) -> str:
        return f"{self.flag} revision {self.revision}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row; a row that is already stored raises `AppendOnly`."""
        if not self._state.adding:
            raise AppendOnly(AppendOnly.__doc__)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Raise `AppendOnly`."""
        raise AppendOnly(AppendOnly.__doc__)

    @property
    def who(self) -> str:
        """The person, or the automatic source, that made the change."""
        return self.actor_name or self.get_source_display()
