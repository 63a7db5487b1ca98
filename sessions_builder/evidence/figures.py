"""How many training sessions there are, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection

from analytics.periods import Period
from analytics.registry import Figure

NAMES = ("totalSessions", "sessionsWithAI", "publishedSessions", "draftSessions", "archivedSessions")

IN_PERIOD = """
(%(start)s::timestamptz IS NULL OR {at} >= %(start)s) AND (%(end)s::timestamptz IS NULL OR {at} < %(end)s)
AND (%(category)s::text IS NULL OR category = %(category)s)
"""
SESSIONS = f"""
SELECT count(*), count(generation_id), count(*) FILTER (WHERE state = 'published'),
    count(*) FILTER (WHERE state = 'draft'), count(*) FILTER (WHERE state = 'archived')
FROM sessions_builder_trainingsession WHERE {IN_PERIOD.format(at="created_at")}
"""
# Demonstration data is events alone.
DEMO_SESSIONS = f"""
SELECT count(*), count(*), count(*) FILTER (WHERE published), count(*) FILTER (WHERE NOT published), 0
FROM (
    SELECT bool_or(event_type = 'session_published') AS published
    FROM analytics_event WHERE is_demo AND session_id IS NOT NULL AND {IN_PERIOD.format(at="occurred_at")}
    GROUP BY session_id
) AS sessions
"""


def session_figures(period: Period, demo: bool, category: str | None) -> Mapping[str, Figure]:
    """Return the sessions made in the period by the state they are in now; those with AI come from a generation."""
    asked = {"start": period.start, "end": period.end, "category": category}
    with connection.cursor() as cursor:
        cursor.execute(DEMO_SESSIONS if demo else SESSIONS, asked)
        row = cursor.fetchone()
    return {name: Figure(value, row[0]) for name, value in zip(NAMES, row, strict=True)}
