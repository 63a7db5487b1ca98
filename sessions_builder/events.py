"""The product's event types: what happened to a generation, with the metadata analysts see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from analytics.events import Event, register, stored


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
