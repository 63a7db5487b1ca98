"""Ending generations nobody works on: cancelled, expired, lost."""

from __future__ import annotations

from uuid import UUID

from sessions_builder.persistence.leases import MAX_CLAIMS
from sessions_builder.persistence.rows import Ended
from sessions_builder.persistence.sql import Json, count, one

_END_UNCLAIMED = """
UPDATE sessions_builder_generation
   SET state = %(state)s, error_code = %(code)s, lease_token = NULL, lease_until = NULL,
       finished_at = clock_timestamp(), version = version + 1,
       processing_ms = round(extract(epoch FROM clock_timestamp() - run_started_at) * 1000),
       progress = progress || jsonb_build_array(jsonb_build_object('at', to_char(clock_timestamp() AT TIME ZONE 'UTC',
           'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'stage', 'done', 'state', %(state)s::text))
 WHERE id = %(id)s AND
"""
_CANCEL_QUEUED = _END_UNCLAIMED + " state = 'queued' RETURNING id, owner_id, processing_ms"
_EXPIRE = (
    _END_UNCLAIMED
    + """ state IN ('queued', 'retrieving', 'generating') AND expires_at < clock_timestamp()
RETURNING id, owner_id, processing_ms"""
)
_LOSE = (
    _END_UNCLAIMED
    + """ ((state IN ('retrieving', 'generating') AND lease_until < clock_timestamp()) OR state = 'queued')
       AND claims >= %(max_claims)s RETURNING id, owner_id, processing_ms"""
)
_CANCEL_ORPHAN = (
    _END_UNCLAIMED
    + """ state IN ('queued', 'retrieving', 'generating') AND cancel_requested
       AND (lease_until IS NULL OR lease_until < clock_timestamp()) RETURNING id, owner_id, processing_ms"""
)
_REQUEST_CANCEL = """
UPDATE sessions_builder_generation SET cancel_requested = true, version = version + 1
 WHERE id = %(id)s AND state IN ('queued', 'retrieving', 'generating')
"""


def cancel_queued(generation_id: UUID) -> Ended | None:
    """Cancel a generation nobody has claimed; None when it is not queued."""
    return _ended(_CANCEL_QUEUED, {"id": generation_id, "state": "cancelled", "code": "cancelled"})


def request_cancel(generation_id: UUID) -> bool:
    """Ask the worker that holds a generation to stop; False when nobody is working on it."""
    return count(_REQUEST_CANCEL, {"id": generation_id}) == 1


def end_expired(generation_id: UUID, *, state: str, code: str | None) -> Ended | None:
    """End a generation older than allowed; None when it ended or was given more time meanwhile."""
    return _ended(_EXPIRE, {"id": generation_id, "state": state, "code": code})


def end_lost(generation_id: UUID, *, state: str, code: str | None) -> Ended | None:
    """End a generation whose workers died once too often; None when somebody holds it after all."""
    return _ended(_LOSE, {"id": generation_id, "state": state, "code": code, "max_claims": MAX_CLAIMS})


def end_cancelled_orphan(generation_id: UUID) -> Ended | None:
    """Cancel a generation whose author asked for it and whose worker is gone."""
    return _ended(_CANCEL_ORPHAN, {"id": generation_id, "state": "cancelled", "code": "cancelled"})


def _ended(statement: str, parameters: Json) -> Ended | None:
    row = one(statement, parameters)
    return Ended(*row) if row else None
