"""Taking one change back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User

from featureflags.errors import InvalidFlag
from featureflags.evaluation import basis_points_of
from featureflags.history import Difference, differences
from featureflags.models import Flag, FlagChange, FlagOverride, Source
from featureflags.services.changes import recorded_change

NOT_REVIVED = ("ramp", "nextRamp", "scheduled")


@dataclass(frozen=True, slots=True)
class Exposure:
    """Whether a flag is on, for how many, and the overrides that change with it, by target; None: it goes."""

    enabled: bool
    basis_points: int
    overrides: dict[str, dict[str, Any] | None]


def revert_change(
    change: FlagChange,
    *,
    source: Source,
    reason: str = "",
    actor: User | None = None,
    expected_revision: int | None = None,
) -> Flag:
    """Set what `change` touched back to what it was before; what later changes touched elsewhere stays.

    Ramps and schedules are not revived. Raises `InvalidFlag` where that leaves nothing, and what `recorded_change`
    raises.
    """
    if not change.before:
        raise InvalidFlag("The first revision of a flag has nothing to go back to.")
    if not can_revert(change):
        raise InvalidFlag("Ramps and planned changes are not taken back here: pause or cancel them on their own pages.")
    why = reason.strip() or f"Reverted revision {change.revision}."
    with recorded_change(
        change.flag.key, source=source, reason=why, actor=actor, expected_revision=expected_revision
    ) as flag:
        for difference in differences(change.before, change.after):
            _restore(flag, difference)
    return flag


def can_revert(change: FlagChange) -> bool:
    """Return whether there is something to take back."""
    return bool(change.before) and any(one.field not in NOT_REVIVED for one in differences(change.before, change.after))


def exposure_without(change: FlagChange, flag: Flag) -> Exposure:
    """Return the exposure of `flag` once `change` is taken back."""
    if not change.before:
        return Exposure(flag.enabled, flag.basis_points, {})
    values = {one.field: one.before for one in differences(change.before, change.after)}
    points = basis_points_of(values["percentage"]) if "percentage" in values else flag.basis_points
    overrides = {field.partition(".")[2]: value for field, value in values.items() if field.startswith("overrides.")}
    return Exposure(bool(values.get("enabled", flag.enabled)), points, overrides)


def _restore(flag: Flag, difference: Difference) -> None:
    value = difference.before
    match difference.field.partition("."):
        case ("enabled" | "name" | "description" | "kind" | "owner" as field, _, _):
            setattr(flag, field, value)
        case ("percentage", _, _):
            flag.basis_points = basis_points_of(value)
        case ("expiresOn", _, _):
            flag.expires_on = value and date.fromisoformat(value)
        case ("overrides", _, target):
            _restore_override(flag, target, value)


def _restore_override(flag: Flag, target: str, value: dict[str, Any] | None) -> None:
    """Put an override back, or take it away again; a user or group that no longer exists is left out."""
    kind, _, number = target.partition(":")
    who: dict[str, Any] = {f"{kind}_id": int(number)}
    if value is None:
        FlagOverride.objects.filter(flag=flag, **who).delete()
        return
    model = get_user_model() if kind == "user" else Group
    if not model.objects.filter(pk=number).exists():
        return
    expires_at = value["expiresAt"] and datetime.fromisoformat(value["expiresAt"])
    FlagOverride.objects.update_or_create(
        flag=flag,
        **who,
        defaults={"enabled": value["enabled"], "reason": value["reason"], "expires_at": expires_at},
    )
