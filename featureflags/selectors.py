"""What others may read about flags."""

from __future__ import annotations

from typing import Any

from featureflags import flags
from featureflags.environment import holding_setting
from featureflags.models import FlagChange, FlagVersion


def features_for(subject: flags.Subject) -> dict[str, bool]:
    """Return the effective on or off of every flag for one user."""
    return {key: decision.enabled for key, decision in flags.decide_all(flags.targeting_key(subject)).items()}


def features_in_detail(subject: flags.Subject) -> dict[str, dict[str, Any]]:
    """Return, for staff, also how each decision came about and where the flag's current values come from."""
    sources = last_sources()
    return {
        key: {
            "enabled": decision.enabled,
            "reason": str(decision.reason),
            "percentage": decision.percentage,
            "revision": decision.revision,
            "source": "environment" if holding_setting(key) else sources.get(key),
            "heldBy": holding_setting(key) or None,
        }
        for key, decision in flags.decide_all(flags.targeting_key(subject)).items()
    }


def last_sources() -> dict[str, str]:
    """Return flag key → source of its last change."""
    rows = FlagChange.objects.order_by("flag_id", "-revision").distinct("flag_id")
    return dict(rows.values_list("flag__key", "source"))


def stored_version() -> int:
    """Return the global version in the database, 0 before the first change."""
    return FlagVersion.objects.values_list("version", flat=True).first() or 0
