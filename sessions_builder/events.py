"""The product's event types: what happened to a generation, with the metadata analysts see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from pydantic import Field

from analytics.events import Event, register, stored

HEARTBEAT_MAX_MS = 300_000

FROM_0 = Field(ge=0)
SCORE = Field(ge=0, le=100)


def arm_of(decision: Mapping[str, Any]) -> str:
    """Which side of the rollout a decision put somebody on: `v2` or `legacy`."""
    return "v2" if decision["enabled"] else "legacy"


@register
@dataclass(frozen=True, slots=True, kw_only=True)
class PromptSubmitted(Event):
    """A generation was requested. `rollout_sample` is 0.00-99.99, percentages 0-100."""

    type: ClassVar[str] = "ai_prompt_submitted"
    category: str = stored("category")
    session_type: str
    rollout_percentage: float = stored("percentage")
    rollout_sample: float | None
    decision_reason: str = stored("reason")
    variant_mode: str = stored("mode")
    arm: str = stored("arm", metadata=False)
    writer: str = stored("writer", metadata=False)


@register
@dataclass(frozen=True, slots=True, kw_only=True)
class ContentGenerated(Event):
    """A generation ended with at least one variant. Times are milliseconds."""

    type: ClassVar[str] = "ai_content_generated"
    variant_mode: str = stored("mode")
    processing_time: int = stored("processing_ms")
    total_variants: int = stored("variants")
    rag_available: bool = stored("rag_available")
    rag_state: str | None = stored("rag_state")
    rag_sources_found: int = stored("rag_sources")
    average_similarity: float | None = stored("similarity")
    rag_query_time: int | None = stored("rag_query_ms")
    rag_matched: int | None = stored("rag_matched", metadata=False)
    rollout_percentage: float = stored("percentage")
    rollout_sample: float | None
    variant_times: dict[str, int]
    category: str = stored("category", metadata=False)
    arm: str = stored("arm", metadata=False)
    writer: str = stored("writer", metadata=False)


@register
@dataclass(frozen=True, slots=True, kw_only=True)
class ContentFailed(Event):
    """A generation ended without a variant, or was cancelled."""

    type: ClassVar[str] = "ai_content_failed"
    variant_mode: str = stored("mode")
    error_code: str | None = stored("error_code")
    cancelled: bool = stored("cancelled")
    processing_time: int = stored("processing_ms")
    category: str = stored("category", metadata=False)
    arm: str = stored("arm", metadata=False)
    writer: str = stored("writer", metadata=False)


@register
@dataclass(frozen=True, slots=True, kw_only=True)
class ContentAccepted(Event):
    """A variant was selected. `position` counts from 1 in the order shown; `comparison_time` is milliseconds."""

    type: ClassVar[str] = "ai_content_accepted"
    variant_id: int = stored("variant")
    variant_label: str
    generation_source: str = stored("source")
    rag_weight: float = stored("rag_weight")
    rag_effective: bool = stored("rag_effective")
    position: int
    variants_shown: int
    comparison_time: int | None = stored("comparison_ms")
    category: str = stored("category")


@register
@dataclass(frozen=True, slots=True, kw_only=True)
class ContentRejected(Event):
    """A variant was rejected by its author (`reason`), or selecting it failed (`error_code`, `error`)."""

    type: ClassVar[str] = "ai_content_rejected"
    variant_id: int = stored("variant")
    reason: str | None = None
    error_code: str | None = stored("error_code", default=None)
    error: str | None = None


@register
@dataclass(frozen=True, slots=True, kw_only=True)
class RejectionWithdrawn(Event):
    """An author took the rejection of a variant back: it no longer counts."""

    type: ClassVar[str] = "ai_rejection_withdrawn"
    variant_id: int = stored("variant")


@register
@dataclass(frozen=True, slots=True, kw_only=True)
class BuilderOpened(Event):
    """An author opened the builder: the page of a new brief, or a session's. Browsers tell it."""

    type: ClassVar[str] = "builder_opened"
    from_browser: ClassVar[bool] = True


@register
@dataclass(frozen=True, slots=True, kw_only=True)
class BuilderActive(Event):
    """An author is at work on a session's page. Browsers tell it about once a minute, and only of a minute with work.

    `active_time` is the milliseconds with work since the last of these, at most five minutes.
    """

    type: ClassVar[str] = "builder_active"
    from_browser: ClassVar[bool] = True
    active_time: Annotated[int, Field(ge=0, le=HEARTBEAT_MAX_MS)] = stored("active_ms")


@register
@dataclass(frozen=True, slots=True, kw_only=True)
class ContentEdited(Event):
    """A session was changed. `changed_fields` are wire names, never values; `moved_minutes` is what sections gained.

    `active_time` is the milliseconds of work since the session's event before, 0 after a longer pause.
    """

    type: ClassVar[str] = "content_edited"
    active_time: Annotated[int, FROM_0] = stored("active_ms")
    changed_fields: list[str]
    moved_minutes: Annotated[int, FROM_0]
    arm: str | None = stored("arm")
    category: str = stored("category", metadata=False)


@register
@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPublished(Event):
    """A session was published. Scores are 0 to 100; `active_time` is all work on it so far in milliseconds.

    `minutes_to_publish` counts from the request of the generation it was made from, or from its own creation.
    """

    type: ClassVar[str] = "session_published"
    active_time: Annotated[int, FROM_0] = stored("active_ms")
    quality: Annotated[float, SCORE] | None = stored("quality")
    readiness: Annotated[float, SCORE]
    arm: str | None = stored("arm")
    variant_mode: str | None = stored("mode")
    minutes_to_publish: Annotated[int, FROM_0]
    category: str = stored("category", metadata=False)
