"""The whole evidence in one document."""

from typing import Any

from django.core.cache import cache

from analytics.experiment.arms import participants
from analytics.experiment.choices import choices
from analytics.experiment.comparison import compare
from analytics.metrics.shapes import instant
from analytics.periods import Period

KEPT_FOR_SECONDS = 60


def experiment(period: Period, *, demo: bool = False) -> dict[str, Any]:
    """Return the answer of `/api/analytics/experiment`, at most a minute old. Rates 0-1, times in seconds."""
    key = f"experiment:{period.start}:{period.end}:{demo}".replace(" ", "T")
    known: dict[str, Any] | None = cache.get(key)
    if known is None:
        known = _computed(period, demo)
        cache.set(key, known, KEPT_FOR_SECONDS)
    return known


def _computed(period: Period, demo: bool) -> dict[str, Any]:
    return {
        "period": {"start": instant(period.start), "end": instant(period.end)},
        "demo": demo,
        "choices": choices(period, demo=demo),
        "v2AgainstLegacy": compare(participants(period, demo=demo)),
        "reading": "Intervals and p-values hold however often they are looked at; `fixedInterval` only for one look "
        "planned beforehand.",
    }
