"""All writes of a generation's and a proposal's state by workers and the reaper: conditional, fenced by the lease.

A statement that changes no row means that somebody else owns it now; callers then stop without a trace. Times are the
database's, so that a worker whose clock is wrong cannot steal or lose work.
"""

from sessions_builder.persistence.generations import (
    cancel_queued,
    cancelled_leases,
    claim,
    drop_idempotency_keys,
    end_generation_over,
    queue_now,
    request_cancel,
    start_again,
)
from sessions_builder.persistence.proposals import (
    claim_proposal,
    drop_old_proposals,
    end_proposal_over,
    finish_proposal,
    store_calls,
)
from sessions_builder.persistence.queue import (
    GENERATIONS,
    MAX_CLAIMS,
    PROPOSALS,
    Queue,
    due_again,
    extend_leases,
    over,
    release,
    requeue_lost,
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
    Held,
    InteractionRow,
    ProposalRow,
    StoredVariant,
    VariantRow,
)
from sessions_builder.persistence.sql import Json, insert

__all__ = [
    "GENERATIONS",
    "MAX_CLAIMS",
    "PROPOSALS",
    "Claimed",
    "ClaimedProposal",
    "Ended",
    "Held",
    "InteractionRow",
    "Json",
    "ProposalRow",
    "Queue",
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
    "end_generation_over",
    "end_proposal_over",
    "extend_leases",
    "finish",
    "finish_proposal",
    "insert",
    "over",
    "queue_now",
    "release",
    "replace_variant",
    "request_cancel",
    "requeue_lost",
    "rewritable_numbers",
    "start_again",
    "store_calls",
    "store_variants",
    "stored_variants",
    "tell",
]
