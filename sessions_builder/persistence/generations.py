"""A generation's row: claimed by a worker, cancelled or run again by its author, ended when nobody works on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sessions_builder.persistence.queue import GENERATIONS, TAKE
from sessions_builder.persistence.rows import Claimed, Ended
from sessions_builder.persistence.sql import Json, as_json, count, every, one, parsed, record

_CLAIM = f"""
WITH held AS ({GENERATIONS.sql(TAKE)})
SELECT id, lease_token AS token, owner_id, mode, writer, run, claims, brief, snapshot, decision, retrieval, request_id,
    trace_parent, available_at, extract(epoch FROM expires_at - clock_timestamp())::float AS seconds_left,
    ARRAY(SELECT v.number FROM sessions_builder_variant v
           WHERE v.generation_id = held.id AND v.state = 'ready') AS ready_numbers,
    ARRAY(SELECT v.number FROM sessions_builder_variant v WHERE v.generation_id = held.id) AS stored_numbers
  FROM held
"""


def claim(generation_id: UUID, token: UUID) -> Claimed | None:
    """Take the lease of a generation that is due, and return what it is about; None when it is not to be had."""
    row = record(_CLAIM, {"id": generation_id, "token": token})
    if row is None:
        return None
    for name in ("brief", "snapshot", "decision", "retrieval"):
        row[name] = parsed(row[name])
    for name in ("ready_numbers", "stored_numbers"):
        row[name] = frozenset(row[name])
    return Claimed(**row)


_CANCELLED = """
SELECT lease_token FROM sessions_builder_generation
 WHERE lease_token = ANY(%(tokens)s) AND state IN ('retrieving', 'generating') AND cancel_requested
"""


def cancelled_leases(tokens: Iterable[UUID]) -> set[UUID]:
    """Which of these leases belong to generations whose author asked to cancel."""
    return {row[0] for row in every(_CANCELLED, {"tokens": list(tokens)})}


_REQUEST_CANCEL = """
UPDATE sessions_builder_generation SET cancel_requested = true, version = version + 1
 WHERE id = %(id)s AND state IN ('queued', 'retrieving', 'generating')
"""


def request_cancel(generation_id: UUID) -> bool:
    """Ask the worker that holds a generation to stop; False when nobody is working on it."""
    return count(_REQUEST_CANCEL, {"id": generation_id}) == 1


_END = """
UPDATE sessions_builder_generation
   SET state = %(state)s, error_code = %(code)s, lease_token = NULL, lease_until = NULL,
       finished_at = clock_timestamp(), version = version + 1,
       processing_ms = round(extract(epoch FROM clock_timestamp() - run_started_at) * 1000),
       progress = progress || jsonb_build_array(jsonb_build_object('at', to_char(clock_timestamp() AT TIME ZONE 'UTC',
           'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'stage', 'done', 'state', %(state)s::text))
 WHERE id = %(id)s AND state IN ('queued', 'retrieving', 'generating') AND ({reason})
RETURNING id, owner_id, processing_ms
"""


def cancel_queued(generation_id: UUID) -> Ended | None:
    """Cancel a generation nobody has claimed; None when it is not queued."""
    return _end(generation_id, "state = 'queued'", state="cancelled", code="cancelled")


def end_generation_over(generation_id: UUID, code: str, *, state: str) -> Ended | None:
    """End a generation nobody may work on any more, for the reason `code` names; None when that changed meanwhile."""
    return _end(generation_id, GENERATIONS.over[code], state=state, code=code)


def _end(generation_id: UUID, reason: str, *, state: str, code: str) -> Ended | None:
    row = one(_END.format(reason=reason), {"id": generation_id, "state": state, "code": code})
    return Ended(*row) if row else None


_QUEUE_NOW = """
UPDATE sessions_builder_generation
   SET state = 'queued', lease_token = NULL, lease_until = NULL, available_at = clock_timestamp(), claims = 0,
       published_count = 1, published_at = clock_timestamp(), version = version + 1
 WHERE id = %(id)s AND NOT cancel_requested AND expires_at > clock_timestamp()
   AND (state = 'queued' OR (state IN ('retrieving', 'generating') AND lease_until < clock_timestamp()))
"""


def queue_now(generation_id: UUID) -> bool:
    """Make an unfinished generation due at once, with its claims forgotten; False while a worker holds it."""
    return count(_QUEUE_NOW, {"id": generation_id}) == 1


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
