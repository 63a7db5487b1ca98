"""A flag and the people who are on or off by name."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.utils import timezone

from featureflags.evaluation import FULL


def new_salt() -> str:
    """Return a fresh random salt (32 hex digits). A salt is made once: changing it would reshuffle everybody."""
    return secrets.token_hex(16)


class Kind(models.TextChoices):
    ROLLOUT = "rollout", "Rollout"
    KILL_SWITCH = "kill_switch", "Kill switch"
    OPS = "ops", "Operations"
    EXPERIMENT = "experiment", "Experiment"


class Flag(models.Model):
    """A switch with an exposure. Written only by `featureflags.services`, which keeps the audit and the versions."""

    key = models.SlugField(max_length=100, unique=True)
    name = models.CharField(max_length=150)
    description = models.TextField(blank=True)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.ROLLOUT)
    enabled = models.BooleanField(default=False)
    basis_points = models.PositiveSmallIntegerField(default=0)
    salt = models.CharField(max_length=64, default=new_salt, editable=False)
    owner = models.CharField(max_length=150, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("key",)
        permissions = (
            ("kill_flag", "Can switch a flag off in an emergency"),
            ("evaluate_for_others", "Can evaluate flags for any subject"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(basis_points__gte=0) & Q(basis_points__lte=FULL), name="flag_basis_points_0_10000"
            ),
        )

    def __str__(self) -> str:
        return self.key

    @property
    def percentage(self) -> float:
        """The stored exposure in percent, 0.00-100.00."""
        return self.basis_points / 100


class FlagOverride(models.Model):
    """One user or one group, on or off, for a stated reason and perhaps until a date."""

    flag = models.ForeignKey(Flag, on_delete=models.CASCADE, related_name="overrides")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="flag_overrides"
    )
    # Protected: a group that vanished would change decisions without an audited change.
    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, blank=True, related_name="flag_overrides")
    enabled = models.BooleanField(default=True)
    reason = models.CharField(max_length=500)
    expires_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("flag", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(user__isnull=False, group__isnull=True) | Q(user__isnull=True, group__isnull=False),
                name="flagoverride_user_or_group",
                violation_error_message="Choose one user or one group.",
            ),
            models.UniqueConstraint(fields=("flag", "user"), name="flagoverride_one_per_user"),
            models.UniqueConstraint(fields=("flag", "group"), name="flagoverride_one_per_group"),
        )

    def __str__(self) -> str:
        return f"{self.flag}: {self.target} {'on' if self.enabled else 'off'}"

    @property
    def target(self) -> str:
        """Who it is for, in words: `user anna` or `group product`."""
        return f"user {self.user}" if self.user_id is not None else f"group {self.group}"

    @property
    def expired(self) -> bool:
        """Whether its time is over, so that it decides nothing any more."""
        return self.expires_at is not None and self.expires_at <= timezone.now()
