"""The only writes of a generation's state after its creation: conditional statements, fenced by the lease token.

A statement that changes no row means that somebody else owns the generation now; callers then stop without a trace.
Times
are the database's, so that a worker whose clock is wrong cannot steal or lose work.
"""

from sessions_builder.persistence.endings import (
    cancel_queued,
    end_cancelled_orphan,
    end_expired,
    end_lost,
    request_cancel,
)
from sessions_builder.persistence.leases import (
    LEASE_SECONDS,
    MAX_CLAIMS,
    cancelled_leases,
    claim,
    extend_leases,
    release,
)
from sessions_builder.persistence.proposals import (
    claim_proposal,
    drop_old_proposals,
    due_proposals,
    end_proposals_over,
    finish_proposal,
    release_proposal,
    requeue_lost_proposals,
)
from sessions_builder.persistence.queue import (
    drop_idempotency_keys,
    due_again,
    generations_over,
    queue_now,
    requeue_expired_leases,
    start_again,
)
from sessions_builder.persistence.results import (
    begin_writing,
    finish,
    replace_variant,
    rewritable_numbers,
    store_variants,
    stored_variants,
    tell,
)
from sessions_builder.persistence.rows import (
    Claimed,
    ClaimedProposal,
    Ended,
    InteractionRow,
    ProposalRow,
    StoredVariant,
    VariantRow,
)
from sessions_builder.persistence.sql import Json, insert

__all__ = [
    "LEASE_SECONDS",
    "MAX_CLAIMS",
    "Claimed",
    "ClaimedProposal",
    "Ended",
    "InteractionRow",
    "Json",
    "ProposalRow",
    "StoredVariant",
    "VariantRow",
    "begin_writing",
    "cancel_queued",
    "cancelled_leases",
    "claim",
    "claim_proposal",
    "drop_idempotency_keys",
    "drop_old_proposals",
    "due_again",
    "due_proposals",
    "end_cancelled_orphan",
    "end_expired",
    "end_lost",
    "end_proposals_over",
    "extend_leases",
    "finish",
    "finish_proposal",
    "generations_over",
    "insert",
    "queue_now",
    "release",
    "release_proposal",
    "replace_variant",
    "request_cancel",
    "requeue_expired_leases",
    "requeue_lost_proposals",
    "rewritable_numbers",
    "start_again",
    "store_variants",
    "stored_variants",
    "tell",
]
