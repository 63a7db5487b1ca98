"""The shapes of answers, for the OpenAPI document. A test holds real answers against it, so these cannot drift."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

GenerationStateName = Literal["queued", "retrieving", "generating", "succeeded", "partial", "failed", "cancelled"]
ModeName = Literal["multi_variant", "legacy", "legacy_fallback"]
WriterName = Literal["model", "offline"]
SectionTypeName = Literal[
    "opener",
    "topic",
    "exercise",
    "inspiration",
    "closing",
    "video",
    "discussion",
    "presentation",
    "break",
    "assessment",
    "custom",
]
RagStateName = Literal["disabled", "unavailable", "no_match", "weak_match", "category_relaxed", "ok"]


class Shape(BaseModel):
    """An answer: camelCase, and nothing beyond what is named."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel)


class ErrorBody(Shape):
    code: str
    message: str
    fields: dict[str, list[str]]
    request_id: str
    details: dict[str, Any] = Field(default_factory=dict)


class ErrorAnswer(Shape):
    """The shape of every error."""

    error: ErrorBody


class Failure(Shape):
    """Why a generation or a variant ended without a result."""

    code: str
    message: str


class Accepted(Shape):
    """Work was taken on; its result appears at `statusUrl`."""

    id: UUID
    state: GenerationStateName
    mode: ModeName
    writer: WriterName
    parent_id: UUID | None
    status_url: str
    created_at: datetime


class ListedGeneration(Accepted):
    title: str
    category: str
    desired_outcome: str
    error: Failure | None
    finished_at: datetime | None


class GenerationPage(Shape):
    """A page of generations; `nextCursor` is null on the last one."""

    results: list[ListedGeneration]
    next_cursor: str | None


class ProgressEvent(BaseModel):
    """Something that happened; what else it carries depends on the stage (count, state, number, code)."""

    model_config = ConfigDict(extra="allow")

    at: datetime
    stage: Literal[
        "queued",
        "retrieving",
        "sources",
        "variant_started",
        "variant_ready",
        "variant_failed",
        "scoring",
        "variant_rewriting",
        "variant_rewritten",
        "done",
    ]


class Progress(Shape):
    percent: int = Field(ge=0, le=100)
    stage: str
    message: str
    events: list[ProgressEvent]


class FlagDecision(Shape):
    enabled: bool
    reason: str
    sample: float | None
    percentage: float
    revision: int


class DiversityAnswer(Shape):
    """How far the versions are apart, 0 (the same) to 1. `nearDuplicates` are the pairs still too close, the later
    number first; `rewritten` are the numbers written a second time for that reason."""

    mean: float
    minimum: float
    near_duplicates: list[list[int]]
    rewritten: list[int]


class Metadata(Shape):
    """Durations in ms; null as long as it is not known."""

    processing_time: int | None
    rag_available: bool | None
    rag_state: RagStateName | None
    rag_query_time: int | None
    rag_sources_found: int | None
    average_similarity: float | None
    diversity: DiversityAnswer | None
    total_variants: int


class Step(Shape):
    text: str
    minutes: int | None


class OutlineSection(Shape):
    type: SectionTypeName
    title: str
    minutes: int = Field(ge=1)
    description: str
    objectives: list[str]
    purposes: list[str]
    activity: str
    mode: str
    steps: list[Step]
    materials: list[str]
    facilitator_note: str
    prompts: list[str]
    source_ids: list[str]


class Outline(Shape):
    title: str
    summary: str
    difficulty: str
    sections: list[OutlineSection]


class QualityScore(Shape):
    """0..100, with the points of each part."""

    score: int
    parts: dict[str, float]
    version: str


class VariantAnswer(Shape):
    """One version. What is not known yet, or was never written, is null."""

    number: int = Field(ge=0, le=4)
    position: int = Field(ge=1, le=4)
    state: Literal["queued", "writing", "ready", "failed", "cancelled"]
    label: str
    description: str
    generation_source: Literal["rag", "baseline", "template"] | None
    rag_weight: float
    rag_effective: bool | None
    rag_sources_used: int | None
    realised_reliance: float | None
    outline: Outline | None
    quality: QualityScore | None
    grounding: int | None
    notes: list[str]
    processing_time: int | None
    model: str | None
    error: Failure | None


class SessionMade(Shape):
    """The training session made of a generation; `acceptsChoice` is whether another variant may be chosen."""

    id: UUID
    state: Literal["draft", "published", "archived"]
    variant_number: int | None
    accepts_choice: bool


class GenerationAnswer(Shape):
    """A generation as it stands."""

    id: UUID
    parent_id: UUID | None
    state: GenerationStateName
    mode: ModeName
    writer: WriterName
    progress: Progress
    brief: dict[str, Any]
    decision: FlagDecision
    metadata: Metadata
    variants: list[VariantAnswer]
    session: SessionMade | None
    error: Failure | None
    created_at: datetime
    finished_at: datetime | None


class SessionSource(Shape):
    """A source a session cites; the excerpt has at most 300 characters."""

    id: str
    doc_id: str
    chunk_id: str
    title: str
    category: str
    updated_at: str | None
    similarity: float
    score: float
    excerpt: str


class JudgedSource(SessionSource):
    """A retrieved source, and why it was kept or not."""

    kept: bool
    reason: str


class SourcesAnswer(Shape):
    rag_state: RagStateName | None
    sources: list[JudgedSource]


class PreviewAnswer(SourcesAnswer):
    """Sources for a brief that is not submitted yet; `previewId` goes back with the ones chosen."""

    preview_id: UUID


class CoachHint(Shape):
    """What to do about one field of a brief, and how it could read."""

    field: str
    message: str
    example: str


class CoachAnswer(Shape):
    """How much of what a writer needs the brief says, 0..100; at most four hints, the one worth most first."""

    score: int = Field(ge=0, le=100)
    hints: list[CoachHint]


class CategoryChoice(Shape):
    id: int
    name: str
    aliases: list[str]


class AudienceChoice(Shape):
    id: int
    name: str
    experience_level: str


class ToneChoice(Shape):
    id: int
    name: str
    style: str


class VariantProfileAnswer(Shape):
    number: int
    label: str
    description: str
    rag_weight: float


class ReferenceAnswer(Shape):
    """What a brief can name."""

    categories: list[CategoryChoice]
    audiences: list[AudienceChoice]
    tones: list[ToneChoice]
    variant_profiles: list[VariantProfileAnswer]


CheckName = Literal["ok", "down", "disabled", "unknown"]


class HealthChecks(Shape):
    database: CheckName
    redis: CheckName
    worker: CheckName
    reaper: CheckName
    rag: CheckName
    openai: CheckName


class HealthAnswer(Shape):
    """Health of the whole; `details` only for operators."""

    status: Literal["healthy", "degraded", "unhealthy"]
    checks: HealthChecks
    version: str
    details: dict[str, Any] = Field(default_factory=dict)


class ProbeAnswer(Shape):
    status: Literal["ok", "unavailable"]


class RagHealthAnswer(Shape):
    """Whether the knowledge source answers; `state` is ok, disabled or the cause of the trouble."""

    available: bool
    latency_ms: int | None
    state: str
    checked_at: datetime
