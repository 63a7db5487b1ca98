"""The state of a proposal between being asked for and being decided: the same rules as for a generation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from sessions_builder.persistence.leases import LEASE_SECONDS, MAX_CLAIMS
from sessions_builder.persistence.results import INSERT_INTERACTIONS
from sessions_builder.persistence.rows import ClaimedProposal, InteractionRow, ProposalRow
from sessions_builder.persistence.sql import as_json, count, every, one, parsed

_CLAIM = """
UPDATE sessions_builder_sectionproposal p
   SET state = 'writing', lease_token = %(token)s, claims = claims + 1,
       lease_until = clock_timestamp() + %(lease)s * interval '1 second'
  FROM sessions_builder_trainingsession s
 WHERE p.id = %(id)s AND s.id = p.session_id AND p.claims < %(max_claims)s AND p.expires_at > clock_timestamp()
   AND ((p.state = 'queued' AND p.available_at <= clock_timestamp())
        OR (p.state = 'writing' AND p.lease_until < clock_timestamp()))
RETURNING s.owner_id, s.category, p.writer, p.claims, p.request, p.request_id,
    extract(epoch FROM p.expires_at - clock_timestamp())
"""


def claim_proposal(proposal_id: UUID, token: UUID) -> ClaimedProposal | None:
    """Take the lease of a proposal that is due, and return what it is about; None when it is not to be had."""
    parameters = {"id": proposal_id, "token": token, "lease": LEASE_SECONDS, "max_claims": MAX_CLAIMS}
    row = one(_CLAIM, parameters)
    if row is None:
        return None
    owner_id, category, writer, claims, request, request_id, seconds_left = row
    return ClaimedProposal(
        id=proposal_id,
        token=token,
        owner_id=owner_id,
        category=category,
        writer=writer,
        claims=claims,
        request=parsed(request),
        request_id=request_id,
        seconds_left=float(seconds_left),
    )


_FINISH = f"""
WITH held AS (
    UPDATE sessions_builder_sectionproposal p
       SET state = %(state)s, section = %(section)s, notes = %(notes)s, model = %(model)s, error_code = %(error_code)s,
           lease_token = NULL, lease_until = NULL, finished_at = clock_timestamp()
      FROM sessions_builder_trainingsession s
     WHERE p.id = %(id)s AND p.lease_token = %(token)s AND p.state = 'writing' AND s.id = p.session_id
    RETURNING s.generation_id AS id
), {INSERT_INTERACTIONS}
SELECT count(*) FROM held
"""


def finish_proposal(held: ClaimedProposal, row: ProposalRow, interactions: Sequence[InteractionRow]) -> bool:
    """Store what was written, or why nothing was, with the calls it took; False when the lease is lost."""
    parameters = {
        "id": held.id,
        "token": held.token,
        "state": row.state,
        "section": as_json(row.section),
        "notes": as_json(list(row.notes)),
        "model": row.model,
        "error_code": row.error_code,
        "interactions": as_json([asdict(interaction) for interaction in interactions]),
    }
    stored = one(_FINISH, parameters)
    return stored is not None and stored[0] == 1


_RELEASE = f"""
WITH held AS (
    UPDATE sessions_builder_sectionproposal p
       SET state = 'queued', lease_token = NULL, lease_until = NULL, published_count = 0, published_at = NULL,
           claims = greatest(p.claims - %(given_back)s, 0),
           available_at = clock_timestamp() + %(delay)s * interval '1 second'
      FROM sessions_builder_trainingsession s
     WHERE p.id = %(id)s AND p.lease_token = %(token)s AND p.state = 'writing' AND s.id = p.session_id
    RETURNING s.generation_id AS id
), {INSERT_INTERACTIONS}
SELECT count(*) FROM held
"""


def release_proposal(
    held: ClaimedProposal,
    *,
    keep_claim: bool = False,
    delay_seconds: float = 0,
    interactions: Sequence[InteractionRow] = (),
) -> bool:
    """Give the lease back, and the claim unless it is to be counted.

    Due again after a delay. False when the lease was lost.
    """
    parameters = {
        "id": held.id,
        "token": held.token,
        "given_back": 0 if keep_claim else 1,
        "delay": delay_seconds,
        "interactions": as_json([asdict(interaction) for interaction in interactions]),
    }
    row = one(_RELEASE, parameters)
    return row is not None and row[0] == 1


_REQUEUE = """
UPDATE sessions_builder_sectionproposal
   SET state = 'queued', lease_token = NULL, lease_until = NULL, available_at = clock_timestamp(), published_count = 0,
       published_at = NULL
 WHERE state = 'writing' AND lease_until < clock_timestamp() AND claims < %(max_claims)s
   AND expires_at > clock_timestamp()
"""

_DUE = """
UPDATE sessions_builder_sectionproposal
   SET published_count = published_count + 1, published_at = clock_timestamp()
 WHERE id IN (
    SELECT id FROM sessions_builder_sectionproposal
     WHERE state = 'queued' AND claims < %(max_claims)s AND available_at <= clock_timestamp()
       AND (published_at IS NULL
            OR published_at + least(30, 10 * published_count) * interval '1 second' <= clock_timestamp())
     ORDER BY available_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING id
"""

_END_OVER = """
UPDATE sessions_builder_sectionproposal
   SET state = 'failed', lease_token = NULL, lease_until = NULL, finished_at = clock_timestamp(),
       error_code = CASE WHEN expires_at < clock_timestamp() THEN 'expired' ELSE 'worker_lost' END
 WHERE state IN ('queued', 'writing')
   AND (expires_at < clock_timestamp()
        OR (claims >= %(max_claims)s AND (state = 'queued' OR lease_until < clock_timestamp())))
"""


def requeue_lost_proposals() -> int:
    """Put proposals whose worker went silent back in the queue; return how many."""
    return count(_REQUEUE, {"max_claims": MAX_CLAIMS})


def due_proposals(limit: int = 500) -> list[UUID]:
    """Queued proposals to wake workers for, marked as such:

    never woken, or not claimed 10, 20, then every 30 s after that.
    """
    return [row[0] for row in every(_DUE, {"limit": limit, "max_claims": MAX_CLAIMS})]


def end_proposals_over() -> int:
    """Fail proposals nobody may work on any more: expired, or lost too often; return how many."""
    return count(_END_OVER, {"max_claims": MAX_CLAIMS})


def drop_old_proposals(days: int) -> int:
    """Forget proposals nobody works on that were made so many days ago; return how many."""
    return count(
        "DELETE FROM sessions_builder_sectionproposal WHERE state NOT IN ('queued', 'writing')"
        " AND created_at < clock_timestamp() - %(days)s * interval '1 day'",
        {"days": days},
    )
