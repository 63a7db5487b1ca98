"""Which recurring duties there are, and how often."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.utils import timezone

from featureflags import ramp
from featureflags.services import apply_scheduled
from sessions_builder.jobs import recovery
from sessions_builder.jobs.process import beat
from sessions_builder.jobs.tick import Duty

HOUR = 3600.0


def duties() -> Sequence[Duty]:
    """The duties in the order they are run."""
    return (
        Duty("reaper", 10.0, recovery.reap),
        Duty("reaper heartbeat", 10.0, partial(beat, "reaper")),
        Duty("scheduled flag changes", 1.0, lambda: apply_scheduled(timezone.now())),
        Duty("ramps", 10.0, lambda: ramp.evaluate_all(timezone.now())),
        Duty("idempotency keys", HOUR, recovery.forget_old_keys),
    )
