"""The product's tables; import models from here."""

from sessions_builder.models.accounts import ApiToken
from sessions_builder.models.editing import SavedIdea, SessionRating, SessionVersion, VersionKind
from sessions_builder.models.generation import (
    TERMINAL,
    UNFINISHED,
    Generation,
    GenerationMode,
    GenerationState,
    IdempotencyKey,
    SourcePreview,
    Variant,
    VariantState,
    WriterKind,
)
from sessions_builder.models.knowledge import KnowledgeChunk, KnowledgeDocument
from sessions_builder.models.operations import ProcessHeartbeat, ProviderState
from sessions_builder.models.proposal import OPEN, ProposalState, SectionProposal
from sessions_builder.models.reference import Audience, Category, Tone, VariantProfile
from sessions_builder.models.session import SessionState, TrainingSession
from sessions_builder.models.tally import SessionTally

__all__ = [
    "OPEN",
    "TERMINAL",
    "UNFINISHED",
    "ApiToken",
    "Audience",
    "Category",
    "Generation",
    "GenerationMode",
    "GenerationState",
    "IdempotencyKey",
    "KnowledgeChunk",
    "KnowledgeDocument",
    "ProcessHeartbeat",
    "ProposalState",
    "ProviderState",
    "SavedIdea",
    "SectionProposal",
    "SessionRating",
    "SessionState",
    "SessionTally",
    "SessionVersion",
    "SourcePreview",
    "Tone",
    "TrainingSession",
    "Variant",
    "VariantProfile",
    "VariantState",
    "VersionKind",
    "WriterKind",
]
