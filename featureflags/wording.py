"""A change in the words of the pages: `Rollout: 10 % → 50 %` instead of the JSON that the audit keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
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
OVERRIDE = "overrides."
JUST_NOW = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Line:
    """One difference as it is shown."""

    label: str
    before: str
    after: str


def lines(before: Mapping[str, Any], after: Mapping[str, Any], names: Mapping[str, str]) -> list[Line]:
    """Return the differences of two audited states, the exposure first; of a flag's first state only how it stood."""
    if not before:
        return [Line("Created", NOTHING, f"{_switched(after.get('enabled'))} at {_percent(after.get('percentage'))}")]
    found = sorted(differences(before, after), key=lambda one: one.field not in ("enabled", "percentage"))
    return [_line(one, names) for one in found]


def lines_of(changes: Sequence[FlagChange]) -> list[list[Line]]:
    """Return the lines of each change, people and groups by name: at most two queries for any number of changes."""
    names = _names([one.field for change in changes for one in differences(change.before, change.after)])
    return [lines(change.before, change.after, names) for change in changes]


def by_whom(change: FlagChange) -> str:
    """Return who made a change and why, to be put behind a verb: ` by anna (beta test)`."""
    return f" by {change.who} ({change.reason or 'no reason given'})"


def ago(moment: datetime) -> str:
    """Return how long ago a time was, such as `3 minutes ago`."""
    if timezone.now() - moment < JUST_NOW:
        return "just now"
    return f"{timesince(moment, depth=1)} ago"


def _names(fields: Iterable[str]) -> dict[str, str]:
    """Return how overrides are labelled; one of a user or group that was deleted keeps its number."""
    ids: dict[str, set[int]] = {"user": set(), "group": set()}
    for field in fields:
        if field.startswith(OVERRIDE):
            kind, number = field.removeprefix(OVERRIDE).split(":")
            ids[kind].add(int(number))
    users = get_user_model().objects.filter(pk__in=ids["user"]).values_list("pk", "username") if ids["user"] else ()
    groups = Group.objects.filter(pk__in=ids["group"]).values_list("pk", "name") if ids["group"] else ()
    found = (("user", users), ("group", groups))
    return {f"{OVERRIDE}{kind}:{key}": f"{kind} {name}" for kind, rows in found for key, name in rows}


def _line(difference: Difference, names: Mapping[str, str]) -> Line:
    field = difference.field
    if field.startswith(OVERRIDE):
        label = f"Override for {names.get(field) or field.removeprefix(OVERRIDE).replace(':', ' ')}"
    else:
        label = LABELS.get(field) or field.capitalize()
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
        case _ if field.startswith(OVERRIDE):
            until = f", until {value['expiresAt']}" if value.get("expiresAt") else ""
            return f"{_switched(value['enabled'])} ({value['reason']}){until}"
        case _:
            return str(value)


def _switched(value: Any) -> str:
    return "on" if value else "off"


def _percent(value: Any) -> str:
    return f"{value:g} %" if isinstance(value, int | float) else NOTHING
