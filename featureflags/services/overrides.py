"""People and groups on or off by name."""

from __future__ import annotations

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
) -> FlagOverride:
    """Put one user or one group on or off; an override they already have is replaced. Returns the override.

    Raises `ReasonRequired` without a reason and `InvalidFlag` unless exactly one of user and group is given.
    """
    if (user is None) == (group is None):
        raise InvalidFlag("An override is for one user or one group.")
    if not reason.strip():
        raise ReasonRequired("Say why this override is needed.")
    with recorded_change(key, source=source, reason=reason, actor=actor) as flag:
        override, _ = FlagOverride.objects.update_or_create(
            flag=flag,
            user=user,
            group=group,
            defaults={"enabled": enabled, "reason": reason.strip()[:500], "expires_at": expires_at},
        )
    return override


def remove_override(key: str, *, override_id: int, reason: str, source: Source, actor: User | None = None) -> None:
    """Take an override away; one that is gone already is no error."""
    with recorded_change(key, source=source, reason=reason, actor=actor) as flag:
        FlagOverride.objects.filter(flag=flag, pk=override_id).delete()
