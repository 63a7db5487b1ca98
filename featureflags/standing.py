"""Where a flag stands, in words for staff."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from featureflags.environment import hold_on, holding_setting
from featureflags.evaluation import FULL, Hold
from featureflags.models import Flag, FlagChange, Kind, ProcessVersion
from featureflags.selectors import stored_version
from featureflags.wording import ago

STALE_AFTER = timedelta(days=30)
SEEN_WITHIN = timedelta(minutes=15)

# Switches that are meant to stay on do not grow stale by being on.
_TEMPORARY = (Kind.ROLLOUT, Kind.EXPERIMENT)

# Plans, names and dates belong to a flag's history and decide nothing.
_LAST_CHANGE = """
SELECT DISTINCT ON (flag_id) * FROM featureflags_flagchange
WHERE flag_id = ANY(%s) AND (
    before -> 'enabled' IS DISTINCT FROM after -> 'enabled'
    OR before -> 'percentage' IS DISTINCT FROM after -> 'percentage'
    OR before -> 'overrides' IS DISTINCT FROM after -> 'overrides'
)
ORDER BY flag_id, revision DESC
"""

_LAST_EXPOSURE_CHANGE = """
SELECT DISTINCT ON (flag_id) flag_id, created_at FROM featureflags_flagchange
WHERE before -> 'enabled' IS DISTINCT FROM after -> 'enabled'
    OR before -> 'percentage' IS DISTINCT FROM after -> 'percentage'
ORDER BY flag_id, revision DESC
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """One flag at a glance: effective state in words, percent and tone (`off`, `some`, `on`, `held`).

    `stale` says why the flag should go, or is empty. `last_change` is the newest that changed what the flag decides.
    """

    effective: str
    percentage: float
    tone: str
    held_by: str
    stale: str
    last_change: FlagChange | None

    @property
    def changed(self) -> str:
        """How long ago the last change was."""
        return ago(self.last_change.created_at) if self.last_change else ""


@dataclass(frozen=True, slots=True)
class Propagation:
    """How far the current version has got. `slowest_ms`: the longest any process still used an older one after it."""

    version: int
    processes: int
    current: int
    slowest_ms: int

    @property
    def idle(self) -> int:
        """Processes that have decided nothing since the change; they check before their next decision."""
        return self.processes - self.current

    @property
    def settled(self) -> bool:
        """Whether every process is known to follow."""
        return self.current == self.processes

    def __str__(self) -> str:
        if not self.processes:
            return f"no process has decided anything lately; version {self.version}"
        if not self.current:
            return f"version {self.version} is new; {self.processes} processes check before their next decision"
        slowest = f"{self.slowest_ms / 1000:.1f} s"
        if self.settled:
            everybody = f"All {self.processes} processes follow, slowest"
            return f"{everybody if self.processes > 1 else 'The one process follows'} after {slowest}"
        idle = f", {self.idle} idle"
        reached = f"{self.current} of {self.processes} processes on version {self.version}"
        return f"{reached}, slowest {slowest}{idle}"


def standings(flags: Iterable[Flag]) -> dict[int, Standing]:
    """Return flag id → standing; two queries for any number of flags."""
    flags = list(flags)
    changes = FlagChange.objects.raw(_LAST_CHANGE, [[flag.pk for flag in flags]])
    last = {change.flag_id: change for change in changes}
    with connection.cursor() as cursor:
        cursor.execute(_LAST_EXPOSURE_CHANGE)
        exposed_since: dict[int, datetime] = dict(cursor.fetchall())
    return {
        flag.pk: Standing(
            effective=effective_state(flag),
            percentage=effective_percentage(flag),
            tone=_tone(flag),
            held_by=holding_setting(flag.key),
            stale=_stale(flag, exposed_since.get(flag.pk, flag.created_at)),
            last_change=last.get(flag.pk),
        )
        for flag in flags
    }


def effective_state(flag: Flag) -> str:
    """Return who a flag is on for right now, as a phrase."""
    hold = hold_on(flag.key)
    if hold is Hold.KILL:
        return "Off, held by the environment"
    if not flag.enabled:
        return "Off"
    if hold is Hold.ZERO:
        return "On by name only, held at 0 % by the environment"
    if flag.basis_points == 0:
        return "On by name only (0 %)"
    return "On for everyone" if flag.basis_points >= FULL else f"On for {flag.percentage:g} % of users"


def effective_percentage(flag: Flag) -> float:
    """Return the exposure that counts right now, 0.00-100.00."""
    return flag.percentage if flag.enabled and hold_on(flag.key) is Hold.NONE else 0.0


def state_after(flag: Flag, *, enabled: bool, basis_points: int) -> str:
    """Return the phrase of `effective_state` for values that are not stored."""
    return effective_state(Flag(key=flag.key, enabled=enabled, basis_points=basis_points))


def propagation() -> Propagation:
    """Return how many of the processes that decided in the last 15 minutes are on the current version."""
    version = stored_version()
    seen = ProcessVersion.objects.filter(seen_at__gte=timezone.now() - SEEN_WITHIN)
    lags = [lag for at, lag in seen.values_list("version", "lag_ms") if at == version]
    return Propagation(version, seen.count(), len(lags), max(lags, default=0))


def _tone(flag: Flag) -> str:
    if hold_on(flag.key) is not Hold.NONE:
        return "held"
    percentage = effective_percentage(flag)
    if percentage >= 100:
        return "on"
    return "some" if percentage or flag.enabled else "off"


def _stale(flag: Flag, exposed_since: datetime) -> str:
    now = timezone.now()
    if flag.expires_on is not None and flag.expires_on < now.date():
        return f"Expired on {flag.expires_on.isoformat()}"
    full = effective_percentage(flag) >= 100
    if full and flag.kind in _TEMPORARY and exposed_since < now - STALE_AFTER:
        return f"At 100 % since {exposed_since.date().isoformat()}"
    return ""
