"""A flag as the JSON that the audit keeps: camelCase, people and groups by id, nothing that changes by itself."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from featureflags.models import Flag, FlagOverride, RampPlan, ScheduledChange


def audited_state(flag: Flag) -> dict[str, Any]:
    """Return everything about a flag that a change can change. Reads its overrides, ramp and schedule."""
    return {
        "name": flag.name,
        "description": flag.description,
        "kind": str(flag.kind),
        "enabled": flag.enabled,
        "percentage": flag.percentage,
        "owner": flag.owner,
        "expiresOn": flag.expires_on and flag.expires_on.isoformat(),
        "overrides": {target_of(override): _override(override) for override in FlagOverride.objects.filter(flag=flag)},
        "scheduled": [_scheduled(change) for change in ScheduledChange.objects.filter(flag=flag, state="pending")],
    } | _ramps(flag)


def target_of(override: FlagOverride) -> str:
    """Return whom an override is for, as the audit names them: `user:7` or `group:1`."""
    return f"user:{override.user_id}" if override.user_id is not None else f"group:{override.group_id}"


def iso(moment: datetime | None) -> str | None:
    """Return a time as UTC ISO 8601 with `Z`."""
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _override(override: FlagOverride) -> dict[str, Any]:
    return {"enabled": override.enabled, "reason": override.reason, "expiresAt": iso(override.expires_at)}


def _scheduled(change: ScheduledChange) -> dict[str, Any]:
    percentage = None if change.basis_points is None else change.basis_points / 100
    return {
        "id": change.pk,
        "applyAt": iso(change.apply_at),
        "enabled": change.enabled,
        "percentage": percentage,
        "reason": change.reason,
    }


def _ramps(flag: Flag) -> dict[str, Any]:
    """Return the ramp that counts, and beside it a later draft where there is one."""
    current, newest = RampPlan.current(flag), RampPlan.objects.filter(flag=flag).first()
    if current is None or newest is None:
        return {"ramp": None}
    return {"ramp": _ramp(current)} | ({} if newest == current else {"nextRamp": _ramp(newest)})


def _ramp(plan: RampPlan) -> dict[str, Any]:
    return {
        "id": plan.pk,
        "state": str(plan.state),
        "position": plan.position,
        "steps": [
            {
                "percentage": step.basis_points / 100,
                "holdMinutes": step.hold_minutes,
                "minimumSamples": step.minimum_samples,
            }
            for step in plan.steps.all()
        ],
        "guardrails": [
            {
                "metric": guardrail.metric,
                "check": str(guardrail.check_kind),
                "threshold": guardrail.threshold,
                "minimumSamples": guardrail.minimum_samples,
                "action": str(guardrail.action),
            }
            for guardrail in plan.guardrails.all()
        ],
    }
