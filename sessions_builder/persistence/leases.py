"""Taking, keeping and giving back the right to work on a generation."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sessions_builder.persistence.rows import Claimed
from sessions_builder.persistence.sql import count, every, one, parsed

MAX_CLAIMS = 5
LEASE_SECONDS = 45

_CLAIM = """
UPDATE sessions_builder_generation AS g
   SET state = 'retrieving', lease_token = %(token)s, lease_until = clock_timestamp() + %(lease)s * interval '1 second',
       claims = g.claims + 1, version = g.version + 1,
       progress = g.progress || jsonb_build_array(jsonb_build_object('at', to_char(clock_timestamp() AT TIME ZONE 'UTC',
           'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'stage', 'retrieving'))
 WHERE g.id = %(id)s AND g.claims < %(max_claims)s AND NOT g.cancel_requested AND g.expires_at > clock_timestamp()
   AND ((g.state = 'queued' AND g.available_at <= clock_timestamp())
        OR (g.state IN ('retrieving', 'generating') AND g.lease_until < clock_timestamp()))
RETURNING g.owner_id, g.mode, g.writer, g.run, g.claims, g.brief, g.snapshot, g.decision, g.request_id, g.trace_parent,
    g.available_at, g.retrieval,
    ARRAY(SELECT v.number FROM sessions_builder_variant v WHERE v.generation_id = g.id AND v.state = 'ready'),
    ARRAY(SELECT v.number FROM sessions_builder_variant v WHERE v.generation_id = g.id),
    extract(epoch FROM g.expires_at - clock_timestamp())
"""


def claim(generation_id: UUID, token: UUID) -> Claimed | None:
    """Take the lease of a generation that is due, and return what it is about; None when it is not to be had."""
    parameters = {"id": generation_id, "token": token, "lease": LEASE_SECONDS, "max_claims": MAX_CLAIMS}
    row = one(_CLAIM, parameters)
    if row is None:
        return None
    (
        owner_id,
        mode,
        writer,
        run,
        claims,
        brief,
        snapshot,
        decision,
        request_id,
        trace_parent,
        available_at,
        retrieval,
        ready,
        stored,
        seconds_left,
    ) = row
    return Claimed(
        id=generation_id,
        token=token,
        owner_id=owner_id,
        mode=mode,
        writer=writer,
        run=run,
        claims=claims,
        brief=parsed(brief),
        snapshot=parsed(snapshot),
        decision=parsed(decision),
        request_id=request_id,
        trace_parent=trace_parent,
        available_at=available_at,
        retrieval=parsed(retrieval),
        ready_numbers=frozenset(ready),
        stored_numbers=frozenset(stored),
        seconds_left=float(seconds_left),
    )


_RELEASE = """
UPDATE sessions_builder_generation
   SET state = 'queued', lease_token = NULL, lease_until = NULL, claims = greatest(claims - %(given_back)s, 0),
       published_count = 0, published_at = NULL, version = version + 1,
       available_at = clock_timestamp() + %(delay)s * interval '1 second'
 WHERE id = %(id)s AND lease_token = %(token)s AND state IN ('retrieving', 'generating')
"""


def release(generation_id: UUID, token: UUID, *, keep_claim: bool = False, delay_seconds: float = 0) -> bool:
    """Give the lease back, and the claim unless it is to be counted.

    Due again after a delay. False when the lease was lost.
    """
    parameters = {"id": generation_id, "token": token, "given_back": 0 if keep_claim else 1, "delay": delay_seconds}
    return count(_RELEASE, parameters) == 1


_EXTEND = """
WITH generations AS (
    UPDATE sessions_builder_generation
       SET lease_until = clock_timestamp() + %(lease)s * interval '1 second'
     WHERE lease_token = ANY(%(tokens)s) AND state IN ('retrieving', 'generating')
    RETURNING lease_token
), proposals AS (
    UPDATE sessions_builder_sectionproposal
       SET lease_until = clock_timestamp() + %(lease)s * interval '1 second'
     WHERE lease_token = ANY(%(tokens)s) AND state = 'writing'
    RETURNING lease_token
)
SELECT lease_token FROM generations UNION ALL SELECT lease_token FROM proposals
"""


def extend_leases(tokens: Iterable[UUID]) -> set[UUID]:
    """Extend these leases by another full term; return those still held."""
    return {row[0] for row in every(_EXTEND, {"tokens": list(tokens), "lease": LEASE_SECONDS})}


_CANCELLED = """
SELECT lease_token FROM sessions_builder_generation
 WHERE lease_token = ANY(%(tokens)s) AND state IN ('retrieving', 'generating') AND cancel_requested
"""


def cancelled_leases(tokens: Iterable[UUID]) -> set[UUID]:
    """Which of these leases belong to generations whose author asked to cancel."""
    return {row[0] for row in every(_CANCELLED, {"tokens": list(tokens)})}
