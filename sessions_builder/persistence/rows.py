"""What goes into the tables of generations and proposals and comes out of them, as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sessions_builder.persistence.sql import Json


@dataclass(frozen=True, slots=True)
class Held:
    """What a worker needs to know of any row it has just claimed."""

    id: UUID
    token: UUID
    owner_id: int
    writer: str
    claims: int
    request_id: str
    trace_parent: str
    """Of the request that made it; empty when nothing is traced."""
    available_at: datetime
    seconds_left: float
    """Until it expires."""


@dataclass(frozen=True, slots=True)
class Claimed(Held):
    """A generation."""

    mode: str
    run: int
    brief: Json
    snapshot: Json
    decision: Json
    retrieval: Json | None
    ready_numbers: frozenset[int]
    """Variant numbers already stored as ready: never bought again."""
    stored_numbers: frozenset[int]

    @property
    def category(self) -> str:
        """The category's name as it was when the generation was submitted."""
        return str(self.snapshot["brief"]["category"])


@dataclass(frozen=True, slots=True)
class ClaimedProposal(Held):
    """A section to be written anew."""

    category: str
    request: Json


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
    """One model call as it is stored in the AI interactions table.

    Money in US dollars as decimal text, durations in ms.
    """

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
class ProposalRow:
    """What became of a proposal, as it is stored."""

    state: str
    section: Json | None
    notes: Sequence[str]
    model: str
    error_code: str | None


@dataclass(frozen=True, slots=True)
class StoredVariant:
    """What the end of a generation depends on: how a variant ended, and the size of its outline (0 without one)."""

    number: int
    state: str
    error_code: str | None
    processing_ms: int
    sections: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Ended:
    """A generation that has just reached a terminal state."""

    id: UUID
    owner_id: int
    processing_ms: int
