"""How the queue and the processes that work on it are doing, in one statement."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection

SILENT_AFTER_SECONDS = 35
"""Workers and the reaper give a sign of life every 10 s; three missed ones and some."""

_FIGURES = """
SELECT count(*) FILTER (WHERE state = 'queued'), count(*) FILTER (WHERE state = 'retrieving'),
       count(*) FILTER (WHERE state = 'generating'),
       coalesce(extract(epoch FROM clock_timestamp() - min(available_at)
           FILTER (WHERE state = 'queued' AND available_at <= clock_timestamp())), 0)::float,
       (SELECT extract(epoch FROM clock_timestamp() - max(seen_at))::float
          FROM sessions_builder_processheartbeat WHERE kind = 'reaper'),
       (SELECT count(*) FROM sessions_builder_processheartbeat
         WHERE kind = 'worker' AND seen_at > clock_timestamp() - %s * interval '1 second')
  FROM sessions_builder_generation WHERE state IN ('queued', 'retrieving', 'generating')
"""


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """Unfinished generations by state; ages in seconds, infinite where there never was a reaper."""

    jobs: Mapping[str, int]
    oldest_age_seconds: float
    """How long the longest waiting generation that is due has waited; 0 when none is due."""
    reaper_age_seconds: float
    workers: int


def queue_figures() -> QueueFigures:
    """Read the figures. Finished generations are not counted: there are ever more of them."""
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, [SILENT_AFTER_SECONDS])
        queued, retrieving, generating, oldest, reaper, workers = cursor.fetchone()
    jobs = {"queued": queued, "retrieving": retrieving, "generating": generating}
    return QueueFigures(jobs, oldest, math.inf if reaper is None else reaper, workers)
