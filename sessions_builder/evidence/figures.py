"""How many training sessions there are, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection

from analytics.periods import Period
from analytics.registry import Figure

NAMES = ("totalSessions", "sessionsWithAI", "publishedSessions", "draftSessions", "archivedSessions")

IN_PERIOD = """
(%(start)s::timestamptz IS NULL OR {at} >= %(start)s) AND (%(end)s::timestamptz IS NULL OR {at} < %(end)s)
AND (%(category)s::text IS NULL OR category = %(category)s)
"""
# Whole days are kept counted; only the parts of days at the ends of a period are read from the sessions themselves.
SESSIONS = """
SELECT sum(n), sum(n) FILTER (WHERE generated), sum(n) FILTER (WHERE state = 'published'),
    sum(n) FILTER (WHERE state = 'draft'), sum(n) FILTER (WHERE state = 'archived')
FROM (
    SELECT state, generated, n, category FROM sessions_builder_sessiontally
    WHERE (%(first)s::date IS NULL OR day >= %(first)s) AND (%(after)s::date IS NULL OR day < %(after)s)
    UNION ALL
    SELECT state, generation_id IS NOT NULL, 1, category
    FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[]) AS edge(start_at, end_at)
    JOIN sessions_builder_trainingsession ON created_at >= start_at AND created_at < end_at
) AS sessions
WHERE %(category)s::text IS NULL OR category = %(category)s
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
# A look at the newest generations alone, because outlines are long.
NEWEST = 150
BALANCED = f"""
SELECT count(*), avg((minutes = due)::int)::float8
FROM (
    SELECT (g.brief ->> 'durationMinutes')::int AS due,
        (SELECT sum((section ->> 'minutes')::int) FROM jsonb_array_elements(v.outline -> 'sections') section) AS minutes
    FROM (
        SELECT id, brief FROM (
            SELECT id, brief, created_at, snapshot -> 'brief' ->> 'category' AS category
            FROM sessions_builder_generation
        ) AS named
        WHERE {IN_PERIOD.format(at="created_at")} ORDER BY created_at DESC LIMIT {NEWEST}
    ) AS g JOIN sessions_builder_variant v ON v.generation_id = g.id AND v.state = 'ready'
) AS outlines
"""


def session_figures(period: Period, demo: bool, category: str | None) -> Mapping[str, Figure]:
    """Return the sessions made in the period by the state they are in now; those with AI come from a generation."""
    first, after = period.whole_days()
    edges = period.edges()
    days = {
        "first": first,
        "after": after,
        "starts": [edge.start for edge in edges],
        "ends": [edge.end for edge in edges],
    }
    row = _row(DEMO_SESSIONS if demo else SESSIONS, _asked(period, category) | days)
    return {name: Figure(value or 0, row[0] or 0) for name, value in zip(NAMES, row, strict=True)}


def outline_figures(period: Period, demo: bool, category: str | None) -> Mapping[str, Figure]:
    """Return the share of outlines whose minutes add up to the time asked for, of the period's newest generations."""
    if demo:
        return {}
    n, share = _row(BALANCED, _asked(period, category))
    return {"balancedOutlines": Figure(share, n)}


def _asked(period: Period, category: str | None) -> dict[str, Any]:
    return {"start": period.start, "end": period.end, "category": category}


def _row(statement: str, asked: dict[str, Any]) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        found: tuple[Any, ...] = cursor.fetchone()
    return found
