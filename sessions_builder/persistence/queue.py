"""The queue: what is due, what goes back into it, what starts again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sessions_builder.persistence.leases import MAX_CLAIMS
from sessions_builder.persistence.sql import Json, as_json, count, every, one

_DUE = """
UPDATE sessions_builder_generation
   SET published_count = published_count + 1, published_at = clock_timestamp()
 WHERE id IN (
    SELECT id FROM sessions_builder_generation
     WHERE state = 'queued' AND NOT cancel_requested AND claims < %(max_claims)s
       AND available_at <= clock_timestamp()
       AND (published_at IS NULL
            OR published_at + least(30, 10 * published_count) * interval '1 second' <= clock_timestamp())
     ORDER BY available_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING id
"""

_REQUEUE = """
UPDATE sessions_builder_generation
   SET state = 'queued', lease_token = NULL, lease_until = NULL, available_at = clock_timestamp(), published_count = 0,
       published_at = NULL, version = version + 1
 WHERE state IN ('retrieving', 'generating') AND lease_until < clock_timestamp() AND claims < %(max_claims)s
   AND NOT cancel_requested AND expires_at > clock_timestamp()
RETURNING id
"""

_QUEUE_NOW = """
UPDATE sessions_builder_generation
   SET state = 'queued', lease_token = NULL, lease_until = NULL, available_at = clock_timestamp(), claims = 0,
       published_count = 1, published_at = clock_timestamp(), version = version + 1
 WHERE id = %(id)s AND NOT cancel_requested AND expires_at > clock_timestamp()
   AND (state = 'queued' OR (state IN ('retrieving', 'generating') AND lease_until < clock_timestamp()))
"""

_OVER = """
SELECT id, CASE WHEN expires_at < clock_timestamp() THEN 'expired' WHEN cancel_requested THEN 'cancelled'
            ELSE 'worker_lost' END
  FROM sessions_builder_generation
 WHERE state IN ('queued', 'retrieving', 'generating')
   AND (expires_at < clock_timestamp()
        OR (cancel_requested AND (lease_until IS NULL OR lease_until < clock_timestamp()))
        OR (claims >= %(max_claims)s AND (state = 'queued' OR lease_until < clock_timestamp())))
 ORDER BY created_at LIMIT %(limit)s
"""

_RETRY = """
WITH again AS (
    UPDATE sessions_builder_generation
       SET state = 'queued', mode = %(mode)s, run = run + 1, claims = 0, error_code = NULL, finished_at = NULL,
           cancel_requested = false, published_count = 1, published_at = clock_timestamp(),
           available_at = clock_timestamp(), run_started_at = clock_timestamp(), processing_ms = NULL,
           expires_at = clock_timestamp() + %(expires)s * interval '1 millisecond', version = version + 1,
           progress = %(progress)s
     WHERE id = %(id)s AND version = %(version)s AND state IN ('partial', 'failed', 'cancelled', 'succeeded')
    RETURNING id
), cleared AS (
    DELETE FROM sessions_builder_variant v USING again WHERE v.generation_id = again.id AND v.state = 'failed'
)
SELECT count(*) FROM again
"""


def due_again(limit: int = 500) -> list[UUID]:
    """Queued generations to wake workers for, marked as such:

    never woken, or not claimed 10, 20, then every 30 s after that.
    """
    return [row[0] for row in every(_DUE, {"limit": limit, "max_claims": MAX_CLAIMS})]


def requeue_expired_leases() -> list[UUID]:
    """Put generations whose worker went silent back in the queue; return them."""
    return [row[0] for row in every(_REQUEUE, {"max_claims": MAX_CLAIMS})]


def queue_now(generation_id: UUID) -> bool:
    """Make an unfinished generation due at once, with its claims forgotten; False while a worker holds it."""
    return count(_QUEUE_NOW, {"id": generation_id}) == 1


def generations_over(limit: int = 500) -> list[tuple[UUID, str]]:
    """Unfinished generations nobody may work on any more, with the reason: expired, cancelled or worker_lost."""
    return [(row[0], row[1]) for row in every(_OVER, {"limit": limit, "max_claims": MAX_CLAIMS})]


def start_again(generation_id: UUID, *, version: int, mode: str, expires_ms: int, progress: Sequence[Json]) -> bool:
    """Queue a new run of an ended generation for its missing variants; False when it changed meanwhile."""
    parameters = {
        "id": generation_id,
        "version": version,
        "mode": mode,
        "expires": expires_ms,
        "progress": as_json(progress),
    }
    row = one(_RETRY, parameters)
    return row is not None and row[0] == 1


def drop_idempotency_keys(before: datetime) -> int:
    """Forget idempotency keys older than a moment; return how many."""
    return count("DELETE FROM sessions_builder_idempotencykey WHERE created_at < %(before)s", {"before": before})
