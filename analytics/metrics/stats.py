"""Counts of events by type and by day."""

from typing import Any

from analytics import aggregates
from analytics.aggregates import Totals
from analytics.events import event_types
from analytics.metrics import shapes
from analytics.periods import Period, midnight


def stats(period: Period, *, category: str | None = None, demo: bool = False) -> dict[str, Any]:
    """Return the answer of `/api/analytics/stats`: events by type, in total, and by day (days without any are 0)."""
    found = aggregates.totals(period, category=category, demo=demo, by_day=("events",), histograms=())
    counted = {str(name): tally.n for name, tally in found.split("events", "detail").items()}
    by_type = dict.fromkeys(event_types(), 0) | counted
    return shapes.frame(period, demo=demo, category=category) | {
        "total": sum(by_type.values()),
        "byType": by_type,
        "byDay": events_by_day(found, period),
    }


def events_by_day(found: Totals, period: Period) -> list[dict[str, Any]]:
    """Return events per UTC day, zeros included, from the first day asked for or counted to the last."""
    counted = sorted(day for day, measure in found.by_day if measure == "events")
    start = period.start or (midnight(counted[0]) if counted else None)
    end = period.end or (midnight(counted[-1]) if counted else None)
    if start is None or end is None:
        return []
    last = end if period.end else end.replace(hour=23)
    return [{"day": day.isoformat(), "count": found.on(day, "events").n} for day in Period(start, last).days()]
