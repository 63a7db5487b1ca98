"""A proposal's row: claimed by a worker, ended with what was written or without."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sessions_builder.persistence.queue import PROPOSALS, TAKE
from sessions_builder.persistence.results import INSERT_INTERACTIONS
from sessions_builder.persistence.rows import ClaimedProposal, InteractionRow, ProposalRow
from sessions_builder.persistence.sql import as_json, count, one, parsed, record

_CLAIM = f"""
WITH held AS ({PROPOSALS.sql(TAKE)})
SELECT held.id, held.lease_token AS token, s.owner_id, s.category, held.writer, held.claims, held.request,
    held.request_id, held.trace_parent, held.available_at,
    extract(epoch FROM held.expires_at - clock_timestamp())::float AS seconds_left
  FROM held JOIN sessions_builder_trainingsession s ON s.id = held.session_id
"""


def claim_proposal(proposal_id: UUID, token: UUID) -> ClaimedProposal | None:
    """Take the lease of a proposal that is due, and return what it is about; None when it is not to be had."""
    row = record(_CLAIM, {"id": proposal_id, "token": token})
    return None if row is None else ClaimedProposal(**{**row, "request": parsed(row["request"])})


_STORE_CALLS = f"""
WITH held AS (
    SELECT s.generation_id AS id
      FROM sessions_builder_sectionproposal p JOIN sessions_builder_trainingsession s ON s.id = p.session_id
     WHERE p.id = %(id)s AND p.lease_token = %(token)s AND p.state = 'writing'
       FOR NO KEY UPDATE OF p
), {INSERT_INTERACTIONS}
SELECT count(*) FROM held
"""


def store_calls(held: ClaimedProposal, interactions: Sequence[InteractionRow]) -> bool:
    """Store calls that were made for a proposal and led to nothing yet; False when the lease is lost."""
    parameters = {"id": held.id, "token": held.token, "interactions": as_json(interactions)}
    row = one(_STORE_CALLS, parameters)
    return row is not None and row[0] == 1


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
        "notes": as_json(row.notes),
        "model": row.model,
        "error_code": row.error_code,
        "interactions": as_json(interactions),
    }
    stored = one(_FINISH, parameters)
    return stored is not None and stored[0] == 1


_END = """
UPDATE sessions_builder_sectionproposal
   SET state = 'failed', error_code = %(code)s, lease_token = NULL, lease_until = NULL, finished_at = clock_timestamp()
 WHERE id = %(id)s AND state IN ('queued', 'writing') AND ({reason})
"""


def end_proposal_over(proposal_id: UUID, code: str) -> bool:
    """Fail a proposal nobody may work on any more, for the reason `code` names; False when that changed meanwhile."""
    return count(_END.format(reason=PROPOSALS.over[code]), {"id": proposal_id, "code": code}) == 1


def drop_old_proposals(days: int) -> int:
    """Forget proposals nobody works on that were made so many days ago; return how many."""
    return count(
        "DELETE FROM sessions_builder_sectionproposal WHERE state NOT IN ('queued', 'writing')"
        " AND created_at < clock_timestamp() - %(days)s * interval '1 day'",
        {"days": days},
    )
