"""What the product tells the flags: the numbers a ramp is judged by, who is at work, and whom to alert."""

from __future__ import annotations

from featureflags.blast_radius import register_busy_users
from featureflags.guardrails import register_metric, register_notifier
from sessions_builder.rollout import alerting, metrics


def register() -> None:
    """Register all of it; called once, when the applications are ready."""
    for name, metric in metrics.METRICS.items():
        register_metric(name, metric)
    register_notifier(alerting.alert_staff)
    register_busy_users(metrics.users_with_a_generation_running)
