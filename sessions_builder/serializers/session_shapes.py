"""The shapes of answers about training sessions, for the OpenAPI document."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

from sessions_builder.serializers.shapes import (
    Failure,
    Outline,
    OutlineSection,
    QualityScore,
    SectionTypeName,
    SessionSource,
    Shape,
    WriterName,
)


class SessionSection(OutlineSection):
    id: str
    locked: bool


class SessionOutline(Outline):
    sections: list[SessionSection]  # type: ignore[assignment]


class ListedSession(Shape):
    id: UUID
    title: str
    state: Literal["draft", "published", "archived"]
    version: int
    generation_id: UUID | None
    variant_number: int | None
    generation_source: Literal["rag", "baseline", "template", "mixed"] | None
    starts_at: datetime | None
    time_zone: str
    category: str
    session_type: Literal["event", "training", "workshop", "webinar"]
    duration_minutes: int
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None


class SessionBrief(Shape):
    """What the session is for, as its author said it; after a generation it holds the whole brief."""

    model_config = ConfigDict(extra="allow", alias_generator=to_camel)

    desired_outcome: str = ""
    current_problem: str = ""
    specific_topics: list[str] = Field(default_factory=list)
    audience_name: str = ""
    group_size: int = 12
    online: bool = False


class GradedQuality(QualityScore):
    """0..100 with its word, and what each part could give at most."""

    grade: Literal["weak", "usable", "good", "strong"]
    maxima: dict[str, int]


class HintFix(Shape):
    """A request following the hint once `sessionVersion` is added to its body as `version`; `gain` are its points."""

    label: str
    method: Literal["POST", "PATCH"]
    url: str
    body: dict[str, Any]
    gain: float


class QualityHint(Shape):
    part: Literal["time", "arc", "outcome", "objectives", "active", "events", "facilitation", "clarity"]
    section_id: str | None
    message: str
    fix: HintFix | None


class AdviceAnswer(GradedQuality):
    """The part that lost most points comes first, at most three hints of a part. Fixes are for `sessionVersion`."""

    session_version: int
    hints: list[QualityHint]


class ReadinessCheck(Shape):
    """One check; `field` is what to change, `message` is empty when nothing is missing."""

    id: str
    passed: bool
    points: int
    max: int
    blocking: bool
    field: str
    message: str


class ReadinessAnswer(Shape):
    """`ready` when every blocking check passes and the score is at least 80."""

    ready: bool
    score: int
    checks: list[ReadinessCheck]


class SessionAnswer(ListedSession):
    """A training session with its outline."""

    brief: SessionBrief
    outline: SessionOutline
    sources: list[SessionSource]
    quality: GradedQuality
    readiness: ReadinessAnswer


class SessionPage(Shape):
    """A page of sessions; `nextCursor` is null on the last one."""

    results: list[ListedSession]
    next_cursor: str | None


VersionKindName = Literal[
    "created",
    "chosen",
    "edited",
    "added",
    "removed",
    "balanced",
    "imported",
    "rewritten",
    "restored",
    "published",
]


class NamedVersion(Shape):
    """A version; quick edits share one, which then stands for the numbers from `firstNumber` to `number`."""

    number: int
    first_number: int
    name: str
    kind: VersionKindName
    created_at: datetime
    updated_at: datetime


class VersionAnswer(NamedVersion):
    """A version in the list; `sections` is how many there were."""

    title: str
    sections: int
    current: bool


class VersionPage(Shape):
    results: list[VersionAnswer]
    next_cursor: str | None


class BeforeAndAfter(Shape):
    before: int
    after: int


class FieldDifference(Shape):
    field: str
    before: Any
    after: Any


class PlacedSectionAnswer(Shape):
    position: int
    section: SessionSection


class MovedSection(BeforeAndAfter):
    """Places are counted from 0."""

    id: str
    title: str


class ChangedSection(Shape):
    id: str
    title: str
    minutes: BeforeAndAfter
    fields: list[FieldDifference]


class SectionDifferences(Shape):
    added: list[PlacedSectionAnswer]
    removed: list[PlacedSectionAnswer]
    moved: list[MovedSection]
    changed: list[ChangedSection]


class DiffAnswer(Shape):
    """What differs from the earlier to the later of two versions."""

    earlier: NamedVersion
    later: NamedVersion
    minutes: BeforeAndAfter
    fields: list[FieldDifference]
    sections: SectionDifferences


class RatingAnswer(Shape):
    """`score` is null as long as there is no rating."""

    score: int | None
    comment: str
    rated_at: datetime | None


class IdeaAnswer(Shape):
    """A kept thought, with a section where it is more than a note."""

    id: UUID
    title: str
    note: str
    section: OutlineSection | None
    sources: list[SessionSource]
    created_at: datetime


class IdeaPage(Shape):
    results: list[IdeaAnswer]
    next_cursor: str | None


class Span(Shape):
    min: int
    max: int


class ActivityAnswer(Shape):
    """`{topic}` in a text stands for what the section will be about."""

    key: str
    name: str
    type: SectionTypeName
    mode: str
    minutes: Span
    group_size: Span
    level: Literal["remember", "understand", "apply", "analyze", "evaluate", "create"]
    energy: int
    online: bool
    purposes: list[str]
    description: str
    steps: list[str]
    materials: list[str]
    facilitator_note: str
    prompts: list[str]


class ActivityList(Shape):
    results: list[ActivityAnswer]


ProposalStateName = Literal["queued", "writing", "ready", "failed", "accepted", "rejected"]


class AcceptedProposal(Shape):
    """Work was taken on; its result appears at `statusUrl`."""

    proposal_id: UUID
    state: ProposalStateName
    status_url: str


class ProposalAnswer(Shape):
    """A section written anew beside the one it is for; `section` is null until it is ready."""

    id: UUID
    session_id: UUID
    section_id: str
    state: ProposalStateName
    writer: WriterName
    label: str
    instruction: str
    before: SessionSection
    section: OutlineSection | None
    sources: list[SessionSource]
    notes: list[str]
    error: Failure | None
    created_at: datetime
    finished_at: datetime | None


class ProposalList(Shape):
    results: list[ProposalAnswer]
