"""Daily rollups: what the metrics read instead of millions of rows."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import structlog
from django.db import connection, transaction
from django.utils import timezone

from analytics.measures import AGGREGATE, HISTOGRAMS
from analytics.models import RollupState

log = structlog.get_logger(__name__)

# A transaction open for longer than this could commit rows behind the watermark.
OVERLAP = timedelta(minutes=10)
LOCK = "analytics-rollups"

TOUCHED = """
WITH fresh AS (
    SELECT occurred_at, generation_id, session_id, event_type FROM analytics_event WHERE received_at >= %(since)s
),
chosen AS (SELECT generation_id FROM analytics_selection WHERE selected_at >= %(since)s)
SELECT DISTINCT (at AT TIME ZONE 'UTC')::date FROM (
    SELECT occurred_at AS at FROM fresh
    UNION ALL
    SELECT occurred_at FROM analytics_event
    WHERE event_type = 'ai_prompt_submitted' AND generation_id IN (SELECT generation_id FROM fresh)
    UNION ALL
    SELECT occurred_at FROM analytics_event
    WHERE event_type = 'ai_content_rejected'
      AND generation_id IN (SELECT generation_id FROM fresh WHERE event_type = 'ai_rejection_withdrawn')
    UNION ALL
    SELECT min(occurred_at) FROM analytics_event
    WHERE session_id IN (SELECT session_id FROM fresh) GROUP BY session_id
    UNION ALL
    SELECT created_at FROM analytics_aiinteraction WHERE created_at >= %(since)s
    UNION ALL
    SELECT selected_at FROM analytics_selection WHERE generation_id IN (SELECT generation_id FROM chosen)
) AS touched ORDER BY 1
"""

INSERT = f"""
INSERT INTO analytics_dailyrollup
    (day, measure, detail, category, mode, arm, variant, demo, n, total, total_squares, bucket_keys, bucket_counts)
{AGGREGATE}
"""
# PostgreSQL expects many more groups than there are and would sort all rows on disk; the few there are fit many times.
MEMORY = "SET LOCAL work_mem = '256MB'"


@dataclass(frozen=True, slots=True)
class Freshness:
    """Until when everything received is counted, and when that was found out; None before the first refresh."""

    counted_until: datetime | None
    refreshed_at: datetime | None


def refresh() -> list[date]:
    """Rebuild every day that something received since the last refresh belongs to; return those days.

    Returns at once when another process is refreshing. Days whose events were cleared stay as they are.
    """
    now = timezone.now()
    with transaction.atomic():
        if not _lock():
            return []
        state, _ = RollupState.objects.get_or_create(id=1)
        days = [day for day in _touched(state.watermark) if state.frozen_before is None or day >= state.frozen_before]
        for day in days:
            rebuild(day)
        state.watermark = state.refreshed_at = now
        state.save(update_fields=["watermark", "refreshed_at"])
    return days


def rebuild(day: date) -> None:
    """Count one UTC day again from its rows."""
    start = datetime.combine(day, time.min, UTC)
    bounds: dict[str, Any] = {"start": start, "end": start + timedelta(days=1), "histograms": list(HISTOGRAMS)}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(MEMORY)
        cursor.execute("DELETE FROM analytics_dailyrollup WHERE day = %(day)s", {"day": day})
        cursor.execute(INSERT, bounds)


def freeze_before(day: date) -> None:
    """Keep the rollups of days before this one as they are, because their events are about to go."""
    state, _ = RollupState.objects.get_or_create(id=1)
    if state.frozen_before is None or state.frozen_before < day:
        state.frozen_before = day
        state.save(update_fields=["frozen_before"])


def freshness() -> Freshness:
    """Return how fresh the rollups are."""
    state = RollupState.objects.filter(id=1).first()
    return Freshness(state.watermark, state.refreshed_at) if state else Freshness(None, None)


def _touched(watermark: datetime | None) -> list[date]:
    since = watermark - OVERLAP if watermark else datetime(1970, 1, 1, tzinfo=UTC)
    with connection.cursor() as cursor:
        cursor.execute(TOUCHED, {"since": since})
        return [row[0] for row in cursor.fetchall()]


def _lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [LOCK])
        return bool(cursor.fetchone()[0])
