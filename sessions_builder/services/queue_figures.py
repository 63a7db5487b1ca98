"""How the queue and the processes that work on it are doing, in one statement."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection

SILENT_AFTER_SECONDS = 35
"""Processes give a sign of life every 10 s; three missed ones and some."""

_FIGURES = """
WITH jobs AS (
    SELECT 'generation' AS kind, state, available_at FROM sessions_builder_generation
     WHERE state IN ('queued', 'retrieving', 'generating')
    UNION ALL
    SELECT 'proposal', state, available_at FROM sessions_builder_sectionproposal WHERE state IN ('queued', 'writing')
)
SELECT count(*) FILTER (WHERE kind = 'generation' AND state = 'queued'), count(*) FILTER (WHERE state = 'retrieving'),
       count(*) FILTER (WHERE state = 'generating'),
       count(*) FILTER (WHERE kind = 'proposal' AND state = 'queued'), count(*) FILTER (WHERE state = 'writing'),
       coalesce(extract(epoch FROM clock_timestamp() - min(available_at)
           FILTER (WHERE state = 'queued' AND available_at <= clock_timestamp())), 0)::float,
       (SELECT extract(epoch FROM clock_timestamp() - max(seen_at))::float
          FROM sessions_builder_processheartbeat WHERE kind = 'reaper'),
       (SELECT count(*) FROM sessions_builder_processheartbeat
         WHERE kind = 'worker' AND ended_at IS NULL AND seen_at > clock_timestamp() - %s * interval '1 second')
  FROM jobs
"""


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """Unfinished generations and proposals by state; ages in seconds, infinite where there never was a reaper."""

    jobs: Mapping[str, int]
    proposals: Mapping[str, int]
    oldest_age_seconds: float
    """How long the longest waiting one of either that is due has waited; 0 when none is due."""
    reaper_age_seconds: float
    workers: int


def queue_figures() -> QueueFigures:
    """Read the figures. What is finished is not counted: there is ever more of it."""
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, [SILENT_AFTER_SECONDS])
        queued, retrieving, generating, waiting, writing, oldest, reaper, workers = cursor.fetchone()
    jobs = {"queued": queued, "retrieving": retrieving, "generating": generating}
    proposals = {"queued": waiting, "writing": writing}
    return QueueFigures(jobs, proposals, oldest, math.inf if reaper is None else reaper, workers)
