"""A change in the words of the pages: `Rollout: 10 % → 50 %` instead of the JSON that the audit keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.timesince import timesince

from featureflags.history import Difference, differences
from featureflags.models import FlagChange

LABELS = {
    "enabled": "Switched",
    "percentage": "Rollout",
    "expiresOn": "Expires on",
    "ramp": "Ramp",
    "nextRamp": "Next ramp",
    "scheduled": "Scheduled changes",
}
NOTHING = "nothing"
JUST_NOW = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Line:
    """One difference as it is shown."""

    label: str
    before: str
    after: str


def lines(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Line]:
    """Return the differences of two audited states, the exposure first; of a flag's first state only how it stood."""
    if not before:
        return [Line("Created", NOTHING, f"{_switched(after.get('enabled'))} at {_percent(after.get('percentage'))}")]
    found = sorted(differences(before, after), key=lambda one: one.field not in ("enabled", "percentage"))
    return [_line(one) for one in found]


def by_whom(change: FlagChange) -> str:
    """Return who made a change and why, to be put behind a verb: ` by anna (beta test)`."""
    return f" by {change.who} ({change.reason or 'no reason given'})"


def ago(moment: datetime) -> str:
    """Return how long ago a time was, such as `3 minutes ago`."""
    if timezone.now() - moment < JUST_NOW:
        return "just now"
    return f"{timesince(moment, depth=1)} ago"


def _line(difference: Difference) -> Line:
    field = difference.field
    label = LABELS.get(field) or field.replace("overrides.", "Override for ").replace(":", " ").capitalize()
    return Line(label, _worded(field, difference.before), _worded(field, difference.after))


def _worded(field: str, value: Any) -> str:
    if value is None or value == "":
        return NOTHING
    match field:
        case "enabled":
            return _switched(value)
        case "percentage":
            return _percent(value)
        case "ramp" | "nextRamp":
            return f"{str(value['state']).replace('_', ' ')}, step {value['position']} of {len(value['steps'])}"
        case "scheduled":
            return f"{len(value)} planned"
        case _ if field.startswith("overrides."):
            until = f", until {value['expiresAt']}" if value.get("expiresAt") else ""
            return f"{_switched(value['enabled'])} ({value['reason']}){until}"
        case _:
            return str(value)


def _switched(value: Any) -> str:
    return "on" if value else "off"


def _percent(value: Any) -> str:
    return f"{value:g} %" if isinstance(value, int | float) else NOTHING
