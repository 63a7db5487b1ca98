"""Changes of flags, to be seen beside the numbers they may have moved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from analytics.periods import Period
from analytics.registry import Marker
from featureflags.models import FlagChange

LONGEST = 100


def rollout_changes(period: Period) -> Iterable[Marker]:
    """Return the period's changes of any flag's exposure, the newest 100; what else changed moves no number."""
    changes = FlagChange.objects.select_related("flag").order_by("-created_at")
    if period.start is not None:
        changes = changes.filter(created_at__gte=period.start)
    if period.end is not None:
        changes = changes.filter(created_at__lt=period.end)
    told = [(change, _exposure(change.before), _exposure(change.after)) for change in changes[:LONGEST]]
    return [Marker(change.created_at, f"{change.flag.name}: {old} → {new}") for change, old, new in told if old != new]


def _exposure(state: Mapping[str, Any]) -> str:
    """How many users get the feature: `off`, `on`, or the percentage."""
    if not state.get("enabled"):
        return "off"
    percentage = state.get("percentage")
    return "on" if percentage is None or state.get("kind") != "rollout" else f"{percentage:g} %"
