"""Which recurring duties there are, and how often."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from analytics import alerts, retention, rollups
from analytics.experiment.report import refresh_usual
from featureflags import ramp
from featureflags.services import apply_scheduled
from sessions_builder.evidence.tallies import fold_tallies
from sessions_builder.jobs import recovery
from sessions_builder.jobs.signs_of_life import beat, forget_old_beats
from sessions_builder.jobs.tick import Duty
from sessions_builder.rollout.alerting import close_resumed
from sessions_builder.services import metric_files
from sessions_builder.services.sources import forget_old_previews

MINUTE = 60.0
HOUR = 3600.0
DAY = 24 * HOUR
REAPER = "reaper"


def _reap_and_beat() -> None:
    """The sign of life says that a round was finished, not that the process runs."""
    recovery.reap()
    beat(REAPER)


def duties() -> Sequence[Duty]:
    """The duties in the order they are run."""
    return (
        Duty("reaper", 10.0, _reap_and_beat),
        Duty("scheduled flag changes", 1.0, lambda: apply_scheduled(timezone.now())),
        Duty("ramps", 10.0, lambda: ramp.evaluate_all(timezone.now())),
        Duty("alerts of ramps that go on", 10.0, close_resumed),
        Duty("rollups", MINUTE, rollups.refresh, long=True),
        Duty("session tallies", MINUTE, fold_tallies, long=True),
        Duty("evidence", 10 * MINUTE, refresh_usual, long=True),
        Duty("alert conditions", MINUTE, alerts.evaluate),
        Duty("alert notices", 10.0, alerts.deliver),
        Duty("retention", DAY, retention.prune, long=True),
        Duty("idempotency keys", HOUR, recovery.forget_old_keys),
        Duty("old previews of sources", HOUR, forget_old_previews),
        Duty("old proposals", HOUR, recovery.forget_old_proposals),
        Duty("old signs of life", HOUR, forget_old_beats),
        Duty("counters of ended processes", HOUR, lambda: metric_files.fold(Path(settings.METRICS_DIR))),
    )
