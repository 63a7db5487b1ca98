"""The whole evidence in one document."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from analytics.experiment.arms import participants
from analytics.experiment.choices import choices
from analytics.experiment.comparison import compare
from analytics.metrics.shapes import instant
from analytics.models import EvidenceReport
from analytics.periods import Period, last_days

USUAL_DAYS = (7, 30, 90)
FRESH_FOR = timedelta(minutes=15)
KEPT_FOR = timedelta(days=1)
SHAPE = 2
"""Of the report: one that an older version kept is not read."""

READING = (
    "Intervals and p-values hold however often they are looked at; `fixedInterval` only for one look planned before."
)


def experiment(period: Period, *, demo: bool = False) -> dict[str, Any]:
    """Return the answer of `/api/analytics/experiment`, at most 15 minutes old. Rates 0-1, times in seconds."""
    report = known(period, demo=demo)
    return compute(period, demo=demo) if report is None else report


def known(period: Period, *, demo: bool = False) -> dict[str, Any] | None:
    """Return the evidence if it was computed in the last 15 minutes: it reads every choice and user of the range."""
    fresh = EvidenceReport.objects.filter(key=_key(period, demo), computed_at__gte=timezone.now() - FRESH_FOR)
    report: dict[str, Any] | None = fresh.values_list("report", flat=True).first()
    return report


def compute(period: Period, *, demo: bool = False) -> dict[str, Any]:
    """Compute the evidence anew, keep it, and return it."""
    now = timezone.now()
    report = {
        "period": {"start": instant(period.start), "end": instant(period.end)},
        "computedAt": instant(now),
        "demo": demo,
        "choices": choices(period, demo=demo),
        "v2AgainstLegacy": compare(participants(period, demo=demo)),
        "reading": READING,
    }
    EvidenceReport.objects.update_or_create(key=_key(period, demo), defaults={"computed_at": now, "report": report})
    return report


def refresh_usual() -> None:
    """Compute the ranges people usually look at, so that nobody waits for them, and drop what is old."""
    now = timezone.now()
    for days in USUAL_DAYS:
        compute(last_days(days, now))
    compute(Period())
    EvidenceReport.objects.filter(computed_at__lt=now - KEPT_FOR).delete()


def _key(period: Period, demo: bool) -> str:
    return f"{instant(period.start)} {instant(period.end)} {'demo' if demo else 'real'} {SHAPE}"
