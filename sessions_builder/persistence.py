"""The only writes of a generation's state after its creation: conditional statements, fenced by the lease token.

A statement that changes no row means that somebody else owns the generation now; callers then stop without a trace. Times
are the database's, so that a worker whose clock is wrong cannot steal or lose work.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

MAX_CLAIMS = 5
LEASE_SECONDS = 45

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a worker needs to know of a generation it has just claimed."""

    id: UUID
    token: UUID
    owner_id: int
    mode: str
    writer: str
    run: int
    claims: int
    brief: Json
    snapshot: Json
    decision: Json
    request_id: str
    retrieval: Json | None
    ready_numbers: frozenset[int]
    """Variant numbers already stored as ready: never bought again."""
    stored_numbers: frozenset[int]
    seconds_left: float
    """Until the whole generation expires."""


@dataclass(frozen=True, slots=True)
class VariantRow:
    """A finished variant as it is stored."""

    number: int
    state: str
    label: str
    description: str
    arc: str
    rag_weight: float
    generation_source: str
    rag_effective: bool
    rag_sources_used: int
    outline: Json | None
    notes: Sequence[str]
    quality: Json | None
    grounding: Json | None
    processing_ms: int
    model: str
    error_code: str | None


@dataclass(frozen=True, slots=True)
class InteractionRow:
    """One model call as it is stored in the AI interactions table; money in US dollars as decimal text, durations in ms."""

    purpose: str
    variant: int
    user_id: int
    subject: str
    model: str
    prompt_version: str
    tokens_in: int
    tokens_out: int
    tokens_cached: int
    tokens_reasoning: int
    cost_usd: str | None
    latency_ms: int
    attempts: int
    outcome: str
    error_code: str | None
    category: str
    prompt: str
    response: str


@dataclass(frozen=True, slots=True)
class Ended:
    """A generation that has just reached a terminal state."""

    id: UUID
    owner_id: int
    processing_ms: int


_CLAIM = """
UPDATE sessions_builder_generation AS g
   SET state = 'retrieving', lease_token = %(token)s, lease_until = clock_timestamp() + %(lease)s * interval '1 second',
       claims = g.claims + 1, version = g.version + 1,
       progress = g.progress || jsonb_build_array(jsonb_build_object('at', to_char(clock_timestamp() AT TIME ZONE 'UTC',
           'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'stage', 'retrieving'))
 WHERE g.id = %(id)s AND g.claims < %(max_claims)s AND NOT g.cancel_requested AND g.expires_at > clock_timestamp()
   AND ((g.state = 'queued' AND g.available_at <= clock_timestamp())
        OR (g.state IN ('retrieving', 'generating') AND g.lease_until < clock_timestamp()))
RETURNING g.owner_id, g.mode, g.writer, g.run, g.claims, g.brief, g.snapshot, g.decision, g.request_id, g.retrieval,
    ARRAY(SELECT v.number FROM sessions_builder_variant v WHERE v.generation_id = g.id AND v.state = 'ready'),
    ARRAY(SELECT v.number FROM sessions_builder_variant v WHERE v.generation_id = g.id),
    extract(epoch FROM g.expires_at - clock_timestamp())
"""


def claim(generation_id: UUID, token: UUID) -> Claimed | None:
    """Take the lease of a generation that is due, and return what it is about; None when it is not to be had."""
    parameters = {"id": generation_id, "token": token, "lease": LEASE_SECONDS, "max_claims": MAX_CLAIMS}
    row = _one(_CLAIM, parameters)
    if row is None:
        return None
    owner_id, mode, writer, run, claims, brief, snapshot, decision, request_id, retrieval, ready, stored, seconds_left = row
    return Claimed(
        id=generation_id,
        token=token,
        owner_id=owner_id,
        mode=mode,
        writer=writer,
        run=run,
        claims=claims,
        brief=_parsed(brief),
        snapshot=_parsed(snapshot),
        decision=_parsed(decision),
        request_id=request_id,
        retrieval=_parsed(retrieval),
        ready_numbers=frozenset(ready),
        stored_numbers=frozenset(stored),
        seconds_left=float(seconds_left),
    )


_BEGIN = """
UPDATE sessions_builder_generation
   SET state = 'generating', mode = %(mode)s, retrieval = %(retrieval)s, rag_state = %(rag_state)s,
       progress = progress || %(progress)s::jsonb, version = version + 1
 WHERE id = %(id)s AND lease_token = %(token)s AND state IN ('retrieving', 'generating')
"""


def begin_writing(held: Claimed, *, mode: str, retrieval: Json | None, rag_state: str | None, progress: Sequence[Json]) -> bool:
    """Store the retrieval and move on to writing; False when the lease is lost."""
    parameters = {
        "id": held.id,
        "token": held.token,
        "mode": mode,
        "retrieval": _json(retrieval),
        "rag_state": rag_state,
        "progress": _json(progress),
    }
    return _count(_BEGIN, parameters) == 1


# One statement for whatever became ready together: a statement each costs twice the worker's CPU when hundreds are in flight.
_STORE = """
WITH held AS (
    UPDATE sessions_builder_generation
       SET progress = progress || %(progress)s::jsonb, version = version + 1
     WHERE id = %(id)s AND lease_token = %(token)s AND state = 'generating'
    RETURNING id, run
), variants AS (
    INSERT INTO sessions_builder_variant (id, generation_id, number, run, state, label, description, arc, rag_weight,
        generation_source, rag_effective, rag_sources_used, outline, notes, quality, grounding, processing_ms, model, error_code)
    SELECT gen_random_uuid(), held.id, v.number, held.run, v.state, v.label, v.description, v.arc, v.rag_weight,
        v.generation_source, v.rag_effective, v.rag_sources_used, v.outline, v.notes, v.quality, v.grounding, v.processing_ms,
        v.model, v.error_code
      FROM held, jsonb_to_recordset(%(variants)s::jsonb) AS v(number int, state text, label text, description text, arc text,
        rag_weight numeric, generation_source text, rag_effective bool, rag_sources_used int, outline jsonb, notes jsonb,
        quality jsonb, grounding jsonb, processing_ms int, model text, error_code text)
    ON CONFLICT (generation_id, number) DO NOTHING
), interactions AS (
    INSERT INTO analytics_aiinteraction (generation_id, purpose, variant, user_id, subject, model, prompt_version, tokens_in,
        tokens_out, tokens_cached, tokens_reasoning, cost_usd, latency_ms, attempts, outcome, error_code, category, prompt, response)
    SELECT held.id, i.purpose, i.variant, i.user_id, i.subject, i.model, i.prompt_version, i.tokens_in, i.tokens_out,
        i.tokens_cached, i.tokens_reasoning, i.cost_usd, i.latency_ms, i.attempts, i.outcome, i.error_code, i.category, i.prompt,
        i.response
      FROM held, jsonb_to_recordset(%(interactions)s::jsonb) AS i(purpose text, variant int, user_id bigint, subject text,
        model text, prompt_version text, tokens_in int, tokens_out int, tokens_cached int, tokens_reasoning int,
        cost_usd numeric, latency_ms int, attempts int, outcome text, error_code text, category text, prompt text, response text)
)
SELECT count(*) FROM held
"""


def store_variants(
    held: Claimed, *, variants: Sequence[VariantRow], interactions: Sequence[InteractionRow], progress: Sequence[Json]
) -> bool:
    """Store variants and the calls they took, visible at once; False when the lease is lost (nothing is written then)."""
    parameters = {
        "id": held.id,
        "token": held.token,
        "variants": _json([_as_dict(row) for row in variants]),
        "interactions": _json([_as_dict(row) for row in interactions]),
        "progress": _json(progress),
    }
    row = _one(_STORE, parameters)
    return row is not None and row[0] == 1


_FINISH = """
UPDATE sessions_builder_generation
   SET state = %(state)s, mode = %(mode)s, error_code = %(error_code)s, lease_token = NULL, lease_until = NULL,
       finished_at = clock_timestamp(), version = version + 1, progress = progress || %(progress)s::jsonb,
       processing_ms = round(extract(epoch FROM clock_timestamp() - run_started_at) * 1000)
 WHERE id = %(id)s AND lease_token = %(token)s AND state IN ('retrieving', 'generating')
RETURNING id, owner_id, processing_ms
"""


def finish(held: Claimed, *, state: str, mode: str, error_code: str | None, progress: Sequence[Json]) -> Ended | None:
    """End a generation; None when the lease is lost. Call it in the transaction that records the ending event."""
    parameters = {
        "id": held.id,
        "token": held.token,
        "state": state,
        "mode": mode,
        "error_code": error_code,
        "progress": _json(progress),
    }
    row = _one(_FINISH, parameters)
    return Ended(*row) if row else None


_RELEASE = """
UPDATE sessions_builder_generation
   SET state = 'queued', lease_token = NULL, lease_until = NULL, claims = greatest(claims - %(given_back)s, 0), published_count = 0,
       published_at = NULL, available_at = clock_timestamp() + %(delay)s * interval '1 second', version = version + 1
 WHERE id = %(id)s AND lease_token = %(token)s AND state IN ('retrieving', 'generating')
"""


def release(generation_id: UUID, token: UUID, *, keep_claim: bool = False, delay_seconds: float = 0) -> bool:
    """Give the lease back, and the claim unless it is to be counted; due again after a delay. False when the lease was lost."""
    parameters = {"id": generation_id, "token": token, "given_back": 0 if keep_claim else 1, "delay": delay_seconds}
    return _count(_RELEASE, parameters) == 1


_EXTEND = """
UPDATE sessions_builder_generation
   SET lease_until = clock_timestamp() + %(lease)s * interval '1 second'
 WHERE lease_token = ANY(%(tokens)s) AND state IN ('retrieving', 'generating')
RETURNING lease_token
"""


def extend_leases(tokens: Iterable[UUID]) -> set[UUID]:
    """Extend these leases by another full term; return those still held."""
    return {row[0] for row in _all(_EXTEND, {"tokens": list(tokens), "lease": LEASE_SECONDS})}


_CANCELLED = """
SELECT lease_token FROM sessions_builder_generation
 WHERE lease_token = ANY(%(tokens)s) AND state IN ('retrieving', 'generating') AND cancel_requested
"""


def cancelled_leases(tokens: Iterable[UUID]) -> set[UUID]:
    """Which of these leases belong to generations whose author asked to cancel."""
    return {row[0] for row in _all(_CANCELLED, {"tokens": list(tokens)})}


_END_UNCLAIMED = """
UPDATE sessions_builder_generation
   SET state = %(state)s, error_code = %(code)s, lease_token = NULL, lease_until = NULL, finished_at = clock_timestamp(),
       version = version + 1, processing_ms = round(extract(epoch FROM clock_timestamp() - run_started_at) * 1000),
       progress = progress || jsonb_build_array(jsonb_build_object('at', to_char(clock_timestamp() AT TIME ZONE 'UTC',
           'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'stage', 'done', 'state', %(state)s::text))
 WHERE id = %(id)s AND
"""
_CANCEL_QUEUED = _END_UNCLAIMED + " state = 'queued' RETURNING id, owner_id, processing_ms"
_EXPIRE = (
    _END_UNCLAIMED
    + " state IN ('queued', 'retrieving', 'generating') AND expires_at < clock_timestamp() RETURNING id, owner_id, processing_ms"
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
 WHERE id = %(id)s AND state IN ('retrieving', 'generating')
"""


def cancel_queued(generation_id: UUID) -> Ended | None:
    """Cancel a generation nobody has claimed; None when it is not queued."""
    return _ended(_CANCEL_QUEUED, {"id": generation_id, "state": "cancelled", "code": "cancelled"})


def request_cancel(generation_id: UUID) -> bool:
    """Ask the worker that holds a generation to stop; False when nobody is working on it."""
    return _count(_REQUEST_CANCEL, {"id": generation_id}) == 1


def end_expired(generation_id: UUID, *, state: str, code: str | None) -> Ended | None:
    """End a generation older than allowed; None when it ended or was given more time meanwhile."""
    return _ended(_EXPIRE, {"id": generation_id, "state": state, "code": code})


def end_lost(generation_id: UUID, *, state: str, code: str | None) -> Ended | None:
    """End a generation whose workers died once too often; None when somebody holds it after all."""
    return _ended(_LOSE, {"id": generation_id, "state": state, "code": code, "max_claims": MAX_CLAIMS})


def end_cancelled_orphan(generation_id: UUID) -> Ended | None:
    """Cancel a generation whose author asked for it and whose worker is gone."""
    return _ended(_CANCEL_ORPHAN, {"id": generation_id, "state": "cancelled", "code": "cancelled"})


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

_OVER = """
SELECT id, CASE WHEN expires_at < clock_timestamp() THEN 'expired' WHEN cancel_requested THEN 'cancelled' ELSE 'worker_lost' END
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
           cancel_requested = false, published_count = 1, published_at = clock_timestamp(), available_at = clock_timestamp(), run_started_at = clock_timestamp(),
           expires_at = clock_timestamp() + %(expires)s * interval '1 millisecond', processing_ms = NULL, version = version + 1,
           progress = %(progress)s
     WHERE id = %(id)s AND version = %(version)s AND state IN ('partial', 'failed', 'cancelled', 'succeeded')
    RETURNING id
), cleared AS (
    DELETE FROM sessions_builder_variant v USING again WHERE v.generation_id = again.id AND v.state = 'failed'
)
SELECT count(*) FROM again
"""


def due_again(limit: int = 500) -> list[UUID]:
    """Queued generations to wake workers for, marked as such: never woken, or not claimed 10, 20, then every 30 s after that."""
    return [row[0] for row in _all(_DUE, {"limit": limit, "max_claims": MAX_CLAIMS})]


def requeue_expired_leases() -> list[UUID]:
    """Put generations whose worker went silent back in the queue; return them."""
    return [row[0] for row in _all(_REQUEUE, {"max_claims": MAX_CLAIMS})]


def generations_over(limit: int = 500) -> list[tuple[UUID, str]]:
    """Unfinished generations nobody may work on any more, with the reason: expired, cancelled or worker_lost."""
    return [(row[0], row[1]) for row in _all(_OVER, {"limit": limit, "max_claims": MAX_CLAIMS})]


def start_again(
    generation_id: UUID, *, version: int, mode: str, expires_ms: int, progress: Sequence[Json]
) -> bool:
    """Queue a new run of an ended generation for its missing variants; False when it changed meanwhile."""
    parameters = {
        "id": generation_id,
        "version": version,
        "mode": mode,
        "expires": expires_ms,
        "progress": _json(progress),
    }
    row = _one(_RETRY, parameters)
    return row is not None and row[0] == 1


def drop_idempotency_keys(before: datetime) -> int:
    """Forget idempotency keys older than a moment; return how many."""
    return _count("DELETE FROM sessions_builder_idempotencykey WHERE created_at < %(before)s", {"before": before})


def _ended(statement: str, parameters: Mapping[str, Any]) -> Ended | None:
    row = _one(statement, parameters)
    return Ended(*row) if row else None


def _one(statement: str, parameters: Mapping[str, Any]) -> tuple[Any, ...] | None:
    with closing(connection.cursor()) as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchone()


def _all(statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with closing(connection.cursor()) as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def _count(statement: str, parameters: Mapping[str, Any]) -> int:
    with closing(connection.cursor()) as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False, allow_nan=False)


def _parsed(value: Any) -> Any:
    """Django's cursors hand JSONB over as text."""
    return json.loads(value) if isinstance(value, str) else value


def _as_dict(row: VariantRow | InteractionRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__dataclass_fields__}
