"""People and groups on or off by name."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.models import Group, User

from featureflags.errors import InvalidFlag, ReasonRequired
from featureflags.models import FlagOverride, Source
from featureflags.services.changes import recorded_change


def set_override(
    key: str,
    *,
    enabled: bool,
    reason: str,
    source: Source,
    user: User | None = None,
    group: Group | None = None,
    expires_at: datetime | None = None,
    actor: User | None = None,
    expected_revision: int | None = None,
) -> FlagOverride:
    """Put one user or one group on or off; an override they already have is replaced. Returns the override.

    Raises `ReasonRequired` without a reason, `InvalidFlag` unless exactly one of user and group is given, and what
    `recorded_change` raises.
    """
    if (user is None) == (group is None):
        raise InvalidFlag("An override is for one user or one group.")
    if not reason.strip():
        raise ReasonRequired("Say why this override is needed.")
    with recorded_change(key, source=source, reason=reason, actor=actor, expected_revision=expected_revision) as flag:
        override, _ = FlagOverride.objects.update_or_create(
            flag=flag,
            user=user,
            group=group,
            defaults={"enabled": enabled, "reason": reason.strip()[:500], "expires_at": expires_at},
        )
    return override


def remove_overrides(
    key: str,
    *,
    override_ids: Collection[int],
    reason: str,
    source: Source,
    actor: User | None = None,
    expected_revision: int | None = None,
) -> None:
    """Take overrides of one flag away as one change; those that are gone already are no error.

    Raises what `recorded_change` raises.
    """
    with recorded_change(key, source=source, reason=reason, actor=actor, expected_revision=expected_revision) as flag:
        FlagOverride.objects.filter(flag=flag, pk__in=override_ids).delete()
