"""Ending a generation: its state, the event that tells it, and the log line, in one transaction with each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import connection, transaction

from analytics.services import record
from sessions_builder import counters, persistence
from sessions_builder.errors import FailureCode
from sessions_builder.events import ContentFailed, ContentGenerated, arm_of
from sessions_builder.jobs import progress
from sessions_builder.jobs.plan import Plan
from sessions_builder.models import Generation, GenerationMode, GenerationState, VariantState
from sessions_builder.persistence import Claimed, Ended, StoredVariant
from sessions_builder.pipeline.score import matches_category
from sessions_builder.pipeline.types import STANDARD, Retrieval
from sessions_builder.pipeline.wire import brief_from_wire, retrieval_from_wire

log = structlog.get_logger(__name__)

COMPLETED = (GenerationState.SUCCEEDED, GenerationState.PARTIAL)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a generation ended."""

    state: str
    mode: str
    error_code: str | None


@dataclass(frozen=True, slots=True)
class Story:
    """What the ending event tells about a generation."""

    brief: persistence.Json
    """As it was resolved when it was submitted: with the category's name, whatever the author called it."""
    decision: persistence.Json
    writer: str
    verdict: Verdict
    variants: Sequence[StoredVariant]
    found: Retrieval | None


def end(held: Claimed, plan: Plan, found: Retrieval, diversity: persistence.Json | None = None) -> None:
    """End a generation whose work is over, by what is stored of it and how far its outlines are apart."""
    stored = persistence.stored_variants(held.id)
    verdict = judge(plan.mode, stored)
    variants = told(verdict, stored)
    story = Story(held.snapshot["brief"], held.decision, held.writer, verdict, variants, found)
    ended = _finish(held, story, diversity)
    if ended is not None and verdict.mode == GenerationMode.MULTI_VARIANT and verdict.state in COMPLETED:
        _report(variants, ended)


def end_cancelled(held: Claimed) -> None:
    """End a generation its author cancelled; what is ready stays."""
    verdict = Verdict(GenerationState.CANCELLED, held.mode, FailureCode.CANCELLED.value)
    _finish(held, Story(held.snapshot["brief"], held.decision, held.writer, verdict, (), None))


def record_ending(ended: Ended) -> None:
    """Record the event of a generation that ended without a worker; call it in the transaction that ended it."""
    row = Generation.objects.get(pk=ended.id)
    found = None if row.retrieval is None else retrieval_from_wire(row.retrieval)
    verdict = Verdict(row.state, row.mode, row.error_code)
    variants = told(verdict, persistence.stored_variants(ended.id))
    _record(Story(row.snapshot["brief"], row.decision, row.writer, verdict, variants, found), ended)


def judge(mode: str, variants: Sequence[StoredVariant]) -> Verdict:
    """State, mode and error code of a generation with these variants, when nothing more will be written."""
    ready = {variant.number for variant in variants if variant.state == VariantState.READY}
    failed = {variant.number: variant.error_code for variant in variants if variant.state == VariantState.FAILED}
    if mode == GenerationMode.MULTI_VARIANT and ready - {STANDARD}:
        return Verdict(GenerationState.PARTIAL if failed else GenerationState.SUCCEEDED, mode, None)
    if mode != GenerationMode.MULTI_VARIANT and STANDARD in ready:
        return Verdict(GenerationState.SUCCEEDED, mode, None)
    if mode == GenerationMode.LEGACY and ready:  # several were switched off half-way, and the standard one failed
        return Verdict(GenerationState.PARTIAL, GenerationMode.MULTI_VARIANT, None)
    code = failed.get(STANDARD) or next(iter(failed.values()), FailureCode.INTERNAL_ERROR.value)
    several = mode == GenerationMode.LEGACY_FALLBACK
    return Verdict(GenerationState.FAILED, GenerationMode.MULTI_VARIANT if several else mode, code)


def told(verdict: Verdict, variants: Sequence[StoredVariant]) -> Sequence[StoredVariant]:
    """The variants that count: a Standard Outline of an earlier run is none of several."""
    several = verdict.mode == GenerationMode.MULTI_VARIANT
    return [variant for variant in variants if not (several and variant.number == STANDARD)]


def _finish(held: Claimed, story: Story, diversity: persistence.Json | None = None) -> Ended | None:
    verdict = story.verdict
    try:
        with transaction.atomic():
            stages = [progress.stage("done", state=verdict.state)]
            ended = persistence.finish(
                held,
                state=verdict.state,
                mode=verdict.mode,
                error_code=verdict.error_code,
                progress=stages,
                diversity=diversity,
            )
            if ended is not None:
                _record(story, ended)
    finally:
        connection.close()
    if ended is None:
        log.info("Generation left to another worker", reason="lease_lost")
    return ended


def _record(story: Story, ended: Ended) -> None:
    event = _generated(story, ended) if story.verdict.state in COMPLETED else _failed(story, ended)
    record(event, user_id=ended.owner_id, generation_id=ended.id)
    counters.count_generation(story.verdict.mode, story.verdict.state, ended.processing_ms)


def _generated(story: Story, ended: Ended) -> ContentGenerated:
    ready = [variant for variant in story.variants if variant.state == VariantState.READY]
    found = story.found
    return ContentGenerated(
        **_about(story, ended),
        total_variants=len(ready),
        rag_available=found is not None and found.available,
        rag_state=None if found is None else found.state.value,
        rag_sources_found=0 if found is None else len(found.material),
        average_similarity=None if found is None else found.average_similarity,
        rag_query_time=None if found is None else found.query_ms,
        rag_matched=None if found is None else _matched(story.brief, found),
        rollout_percentage=float(story.decision["percentage"]),
        rollout_sample=story.decision["sample"],
        variant_times={str(variant.number): variant.processing_ms for variant in ready},
    )


def _matched(brief: persistence.Json, found: Retrieval) -> int | None:
    """How much of the material is of the brief's category; None where a source does not say which it is of."""
    if not found.material:
        return None
    asked = brief_from_wire(brief)
    known = [matches_category(asked, source.category) for source in found.material]
    return None if None in known else sum(map(bool, known))


def _failed(story: Story, ended: Ended) -> ContentFailed:
    return ContentFailed(
        **_about(story, ended),
        error_code=story.verdict.error_code,
        cancelled=story.verdict.state == GenerationState.CANCELLED,
    )


def _about(story: Story, ended: Ended) -> dict[str, Any]:
    """What both ending events say."""
    return {
        "variant_mode": story.verdict.mode,
        "processing_time": ended.processing_ms,
        "category": story.brief["category"],
        "arm": arm_of(story.decision),
        "writer": story.writer,
    }


def _report(variants: Sequence[StoredVariant], ended: Ended) -> None:
    log.info(
        "Multi-variant generation completed",
        level="log",
        totalDuration=sum(variant.minutes for variant in variants),
        totalSections=sum(variant.sections for variant in variants),
        processingTime=ended.processing_ms,
    )
