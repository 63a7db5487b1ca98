"""Finished variants and model calls in the shape persistence stores."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from analytics.counters import count_call
from analytics.pricing import cost_of
from analytics.pseudonyms import subject_of
from sessions_builder.models import VariantState
from sessions_builder.offline.activities import minutes_by_name
from sessions_builder.persistence import Claimed, ClaimedProposal, InteractionRow, Json, VariantRow
from sessions_builder.pipeline.grounding import grounding
from sessions_builder.pipeline.quality import quality
from sessions_builder.pipeline.types import CallRecord, FinishedVariant, Outline, WriteRequest
from sessions_builder.pipeline.wire import outline_to_wire
from sessions_builder.pipeline.wire_scores import grounding_to_wire, quality_to_wire


def variant_row(variant: FinishedVariant, request: WriteRequest) -> VariantRow:
    """A finished variant as a row with its scores; a failed one has no outline and none."""
    return VariantRow(
        number=variant.number,
        state=VariantState.FAILED if variant.outline is None else VariantState.READY,
        label=variant.profile.label,
        description=variant.profile.description,
        arc=variant.profile.arc,
        rag_weight=variant.profile.weight,
        generation_source=variant.generation_source,
        rag_effective=variant.rag_effective,
        rag_sources_used=variant.sources_used,
        outline=None if variant.outline is None else outline_to_wire(variant.outline),
        notes=variant.notes,
        quality=_quality(variant.outline, request),
        grounding=_grounding(variant, request),
        processing_ms=variant.processing_ms,
        model=variant.model,
        error_code=variant.failure,
    )


def _quality(outline: Outline | None, request: WriteRequest) -> Json | None:
    if outline is None:
        return None
    return quality_to_wire(quality(outline, request.brief, minutes_by_name()))


def _grounding(variant: FinishedVariant, request: WriteRequest) -> Json | None:
    """How well the outline rests on the sources it was given; citations it made up count against it."""
    if variant.outline is None:
        return None
    sources = {source.id: source.text for source in request.context.sources}
    found = grounding(variant.outline, sources, variant.profile.weight, invented=variant.citations_removed)
    return None if found is None else grounding_to_wire(found)


def interaction_row(held: Claimed | ClaimedProposal, call: CallRecord) -> InteractionRow:
    """A model call as a row of the AI interactions table, with its cost where the model's price is known."""
    cost = None
    if call.tokens_in is not None and call.tokens_out is not None:
        cost = cost_of(call.model, call.tokens_in, call.tokens_cached or 0, call.tokens_out, datetime.now(UTC))
    return InteractionRow(
        purpose=call.purpose,
        variant=call.number,
        user_id=held.owner_id,
        subject=subject_of(held.owner_id),
        model=call.model,
        prompt_version=call.prompt_version,
        tokens_in=call.tokens_in or 0,
        tokens_out=call.tokens_out or 0,
        tokens_cached=call.tokens_cached or 0,
        tokens_reasoning=call.tokens_reasoning or 0,
        cost_usd=None if cost is None else str(cost),
        latency_ms=call.latency_ms,
        attempts=call.attempts,
        outcome=call.outcome,
        error_code=call.error_code,
        category=held.category,
        prompt=_storable(call.prompt),
        response=_storable(call.response),
    )


def count_calls(calls: Sequence[InteractionRow]) -> None:
    """Tell Prometheus about calls that are stored."""
    for call in calls:
        tokens = {"input": call.tokens_in, "output": call.tokens_out}
        parts = {"cached": call.tokens_cached, "reasoning": call.tokens_reasoning}
        count_call(call.model, call.outcome, call.cost_usd, **tokens, **parts)


def _storable(text: str) -> str:
    """PostgreSQL text holds neither NUL nor half a surrogate pair."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
