"""The numbers a ramp's guardrails read, over the generations that were asked for since its step began.

They are defined as on the dashboard: a success has all its variants, a fallback or a partial result is none; cancelled,
offline and unfinished generations say nothing. Made-up demonstration data never counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from analytics.experiment.arms import LEGACY, V2, Participant, in_arm, participants
from analytics.periods import Period
from featureflags.guardrails import Comparison, Measurement, Metric, Window
from featureflags.sequential import Arm
from sessions_builder.models import UNFINISHED, Generation

MULTI_VARIANT_FLAG = "variant_generation_v2"

# One row for each generation: a retry is the same one again, and its last ending is what counts.
FIGURES = """
WITH asked AS (
    SELECT DISTINCT ON (generation_id) generation_id, mode
    FROM analytics_event
    WHERE event_type = 'ai_prompt_submitted' AND NOT is_demo AND writer IS DISTINCT FROM 'offline'
      AND occurred_at >= %(since)s AND occurred_at < %(until)s
      AND (%(arm)s::text IS NULL OR arm = %(arm)s)
    ORDER BY generation_id, occurred_at
), ended AS (
    SELECT a.mode AS wanted, e.*
    FROM asked a CROSS JOIN LATERAL (
        SELECT event_type, cancelled, mode, variants, rag_state, processing_ms FROM analytics_event
        WHERE generation_id = a.generation_id AND event_type IN ('ai_content_generated', 'ai_content_failed')
        ORDER BY occurred_at DESC, id DESC LIMIT 1
    ) e
    WHERE e.cancelled IS NOT TRUE
), judged AS (
    SELECT *, event_type = 'ai_content_generated' AS written, mode = 'legacy_fallback' AS fell_back FROM ended
)
SELECT
    count(*),
    count(*) FILTER (WHERE written AND NOT fell_back AND (wanted <> 'multi_variant' OR variants >= 4)),
    count(*) FILTER (WHERE written AND fell_back),
    count(*) FILTER (WHERE written),
    (percentile_cont(0.95) WITHIN GROUP (ORDER BY processing_ms) FILTER (WHERE written))::float8,
    count(*) FILTER (WHERE rag_state <> 'disabled'),
    count(*) FILTER (WHERE rag_state = 'unavailable'),
    count(*) FILTER (WHERE rag_state = 'disabled')
FROM judged
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of generations that ended; `p95_ms` is the 95th percentile of how long the written ones took."""

    ended: int
    succeeded: int
    fell_back: int
    written: int
    p95_ms: float | None
    rag_asked: int
    rag_failed: int
    rag_disabled: int


def figures(window: Window) -> Figures:
    """Return the figures of a window: of the arm that has the flag for the rollout's own flag, of all for others."""
    asked: Mapping[str, Any] = {
        "since": window.since,
        "until": window.until,
        "arm": V2 if window.flag == MULTI_VARIANT_FLAG else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(FIGURES, asked)
        return Figures(*cursor.fetchone())


def success_rate(window: Window) -> Measurement | None:
    """Share of ended generations that have everything that was asked for, 0-1."""
    found = figures(window)
    return _share(found.succeeded, found.ended)


def p95_processing_time(window: Window) -> Measurement | None:
    """95th percentile of the milliseconds from the request to the end, of generations that were written."""
    found = figures(window)
    return None if found.p95_ms is None else Measurement(found.p95_ms, found.written)


def rag_failure_rate(window: Window) -> Measurement | None:
    """Share of retrievals that failed, 0-1. Where retrieval is switched off nothing was asked, so nothing failed."""
    found = figures(window)
    return _share(found.rag_failed, found.rag_asked) or _share(0, found.rag_disabled)


def fallback_rate(window: Window) -> Measurement | None:
    """Share of ended generations for which the Standard Outline had to step in, 0-1."""
    found = figures(window)
    return _share(found.fell_back, found.ended)


def publish_rate(window: Window) -> Comparison | None:
    """Users who published, of those first split since the step began: with the flag against without it."""
    return _compared(window, lambda people: Arm(sum(person.published for person in people), len(people)))


def sample_ratio(window: Window) -> Comparison | None:
    """Users first split since the step began, with the flag and without it."""
    return _compared(window, lambda people: Arm(0, len(people)))


METRICS: Mapping[str, Metric] = {
    "success_rate": success_rate,
    "p95_processing_time": p95_processing_time,
    "rag_failure_rate": rag_failure_rate,
    "fallback_rate": fallback_rate,
    "publish_rate": publish_rate,
    "sample_ratio": sample_ratio,
}


def users_with_a_generation_running() -> set[int]:
    """Return the ids of users who wait for a generation."""
    return set(Generation.objects.filter(state__in=UNFINISHED).order_by().values_list("owner_id", flat=True).distinct())


def _share(part: int, whole: int) -> Measurement | None:
    return Measurement(part / whole, whole) if whole else None


def _compared(window: Window, arm: Callable[[list[Participant]], Arm]) -> Comparison | None:
    """Return the two arms of the rollout; None for another flag, which splits nobody's generations."""
    if window.flag != MULTI_VARIANT_FLAG:
        return None
    # A request just before the step was decided at the percentage before it; it belongs to that one.
    split = [one for one in participants(Period(window.since, window.until)) if one.percentage == window.percentage]
    return Comparison(arm(in_arm(split, V2)), arm(in_arm(split, LEGACY))) if split else None
