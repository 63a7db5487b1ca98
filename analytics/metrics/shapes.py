"""How a figure looks in an answer."""

from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from analytics.aggregates import Tally
from analytics.periods import Period
from analytics.rollups import freshness
from analytics.statistics import Counts, beta_binomial_sequence


def instant(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC with Z."""
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def rate(hits: int, n: int) -> dict[str, Any]:
    """A share with its always-valid 95 % interval and what it was taken from; null for nothing."""
    if n == 0:
        return {"value": None, "n": 0, "low": None, "high": None}
    interval = beta_binomial_sequence(Counts(hits, n))
    return {"value": hits / n, "n": n, "low": interval.low, "high": interval.high}


def spread(tally: Tally) -> dict[str, Any]:
    """Mean, median and 95th percentile of a measure with its sample size, rounded to whole units."""
    return {
        "average": rounded(tally.mean),
        "p50": rounded(tally.quantile(0.5)),
        "p95": rounded(tally.quantile(0.95)),
        "n": tally.n,
    }


def rounded(value: float | None) -> int | None:
    return None if value is None else round(value)


def frame(period: Period, *, demo: bool, category: str | None = None) -> dict[str, Any]:
    """What every answer says about itself: the period, whose data, and how fresh it is."""
    fresh = freshness()
    age = None if fresh.counted_until is None else (timezone.now() - fresh.counted_until).total_seconds()
    return {
        "period": {"start": instant(period.start), "end": instant(period.end)},
        "category": category,
        "demo": demo,
        "freshness": {"countedUntil": instant(fresh.counted_until), "ageSeconds": rounded(age)},
    }
