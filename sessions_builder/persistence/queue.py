"""The queue generations and proposals wait in: what is due, leased, given back, lost, over.

Both tables keep the same columns for it (`models.queued`), so each rule is one statement; `Queue` says what differs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sessions_builder.persistence.rows import Held
from sessions_builder.persistence.sql import count, every

MAX_CLAIMS = 5
LEASE_SECONDS = 45

EXPIRED = "expires_at < clock_timestamp()"
CANCELLED = "cancel_requested AND (lease_until IS NULL OR lease_until < clock_timestamp())"
LOST = f"claims >= {MAX_CLAIMS} AND (state = 'queued' OR lease_until < clock_timestamp())"


@dataclass(frozen=True, slots=True)
class Queue:
    """One of the two tables. All but the name is SQL."""

    name: str
    table: str
    running: str
    """The states in which a worker holds a row."""
    wanted: str
    """What has to be true for anybody to begin with a row."""
    changed: str
    """What is set with each change of state, up to a comma."""
    taken: str
    """What is set when a worker takes a row, up to a comma."""
    over: Mapping[str, str]
    """Why nobody may work on an unfinished row any more, by the code it ends with; the first that is true counts."""

    def sql(self, statement: str, **parts: str) -> str:
        """A statement with what this queue puts in its place, and other parts of it."""
        return statement.format(queue=self, max_claims=MAX_CLAIMS, lease_seconds=LEASE_SECONDS, **parts)


GENERATIONS = Queue(
    name="generation",
    table="sessions_builder_generation",
    running="'retrieving', 'generating'",
    wanted="NOT cancel_requested",
    changed="version = version + 1,",
    taken="""state = 'retrieving',
        progress = progress || jsonb_build_array(jsonb_build_object('at', to_char(clock_timestamp() AT TIME ZONE 'UTC',
            'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'stage', 'retrieving')),""",
    over={"expired": EXPIRED, "cancelled": CANCELLED, "worker_lost": LOST},
)
PROPOSALS = Queue(
    name="proposal",
    table="sessions_builder_sectionproposal",
    running="'writing'",
    wanted="true",
    changed="",
    taken="state = 'writing',",
    over={"expired": EXPIRED, "worker_lost": LOST},
)
QUEUES = (GENERATIONS, PROPOSALS)

TAKE = """
UPDATE {queue.table}
   SET {queue.changed} {queue.taken} lease_token = %(token)s, claims = claims + 1,
       lease_until = clock_timestamp() + {lease_seconds} * interval '1 second'
 WHERE id = %(id)s AND {queue.wanted} AND claims < {max_claims} AND expires_at > clock_timestamp()
   AND ((state = 'queued' AND available_at <= clock_timestamp())
        OR (state IN ({queue.running}) AND lease_until < clock_timestamp()))
RETURNING *
"""
"""Part of a claim: takes the lease of a row that is due, or whose lease ran out."""

_DUE = """
UPDATE {queue.table}
   SET published_count = published_count + 1, published_at = clock_timestamp()
 WHERE id IN (
    SELECT id FROM {queue.table}
     WHERE state = 'queued' AND {queue.wanted} AND claims < {max_claims} AND available_at <= clock_timestamp()
       AND (published_at IS NULL
            OR published_at + least(30, 10 * published_count) * interval '1 second' <= clock_timestamp())
     ORDER BY available_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING id
"""

_RELEASE = """
UPDATE {queue.table}
   SET {queue.changed} state = 'queued', lease_token = NULL, lease_until = NULL, published_count = 0,
       published_at = NULL, claims = greatest(claims - %(given_back)s, 0),
       available_at = clock_timestamp() + %(delay)s * interval '1 second'
 WHERE id = %(id)s AND lease_token = %(token)s AND state IN ({queue.running})
"""

_EXTEND = """
UPDATE {queue.table}
   SET lease_until = clock_timestamp() + {lease_seconds} * interval '1 second'
 WHERE lease_token = ANY(%(tokens)s) AND state IN ({queue.running})
RETURNING lease_token
"""

_REQUEUE = """
UPDATE {queue.table}
   SET {queue.changed} state = 'queued', lease_token = NULL, lease_until = NULL, published_count = 0,
       published_at = NULL, available_at = clock_timestamp()
 WHERE state IN ({queue.running}) AND lease_until < clock_timestamp() AND {queue.wanted} AND claims < {max_claims}
   AND expires_at > clock_timestamp()
"""

_OVER = """
SELECT id FROM {queue.table} WHERE state IN ('queued', {queue.running}) AND ({reason})
 ORDER BY created_at LIMIT %(limit)s
"""


def due_again(queue: Queue, limit: int = 500) -> list[UUID]:
    """Queued rows to wake workers for, marked as such:

    never woken, or not claimed 10, 20, then every 30 s after that.
    """
    return [row[0] for row in every(queue.sql(_DUE), {"limit": limit})]


def release(queue: Queue, held: Held, *, keep_claim: bool = False, delay_seconds: float = 0) -> bool:
    """Give the lease back, and the claim unless it is to be counted.

    Due again after a delay. False when the lease was lost.
    """
    parameters = {"id": held.id, "token": held.token, "given_back": 0 if keep_claim else 1, "delay": delay_seconds}
    return count(queue.sql(_RELEASE), parameters) == 1


def extend_leases(tokens: Iterable[UUID]) -> set[UUID]:
    """Extend these leases by another full term; return those still held."""
    parameters = {"tokens": list(tokens)}
    return {row[0] for queue in QUEUES for row in every(queue.sql(_EXTEND), parameters)}


def requeue_lost(queue: Queue) -> int:
    """Put rows whose worker went silent back in the queue; return how many."""
    return count(queue.sql(_REQUEUE), {})


def over(queue: Queue, limit: int = 500) -> list[tuple[UUID, str]]:
    """Unfinished rows nobody may work on any more, with the code they end with: code by code, the oldest first.

    A row two codes are true of is there twice; the first one ends it.
    """
    return [
        (row[0], code)
        for code, reason in queue.over.items()
        for row in every(queue.sql(_OVER, reason=reason), {"limit": limit})
    ]
