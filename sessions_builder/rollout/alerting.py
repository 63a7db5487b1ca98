"""Alerts about ramps that stopped by themselves: raised with the numbers, closed when staff have taken over."""

from __future__ import annotations

from analytics import alerts
from analytics.models import Severity
from featureflags.guardrails import Notice
from featureflags.models import RampPlan

ROLLED_BACK = alerts.define(
    "ramp_rolled_back",
    Severity.CRITICAL,
    "A guardrail took a rollout back",
    "Look at the numbers in the flag's history in the admin. When the cause is gone, resume the ramp on the flag's "
    "page: the same users come first again.",
)
PAUSED = alerts.define(
    "ramp_paused",
    Severity.WARNING,
    "A rollout was paused",
    "Look at the numbers in the flag's history in the admin, then resume the ramp or lower the percentage.",
)
LOWERED = ("step_back", "roll_back")


def alert_staff(notice: Notice) -> None:
    """Raise the alert of a ramp that was paused or taken back; each flag has its own."""
    kind = ROLLED_BACK if notice.evidence.get("move") in LOWERED else PAUSED
    alerts.raise_alert(_of(kind, notice.flag), notice.sentence, flag=notice.flag, **notice.evidence)


def close_resumed() -> int:
    """Close the alerts of ramps that run again or were replaced; return how many."""
    plans = RampPlan.objects.order_by("flag_id", "-pk").distinct("flag_id")
    going_on = plans.values_list("flag__key", "state")
    resumed = [flag for flag, state in going_on if state in (RampPlan.State.RUNNING, RampPlan.State.FINISHED)]
    return sum(alerts.close(_of(kind, flag)) for flag in resumed for kind in (ROLLED_BACK, PAUSED))


def _of(kind: alerts.AlertKind, flag: str) -> str:
    return f"{kind.name}:{flag}"
