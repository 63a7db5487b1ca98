"""A generation as the API shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sessions_builder.errors import FAILURE_SENTENCES, FailureCode
from sessions_builder.models import (
    TERMINAL,
    Generation,
    GenerationMode,
    GenerationState,
    SessionState,
    SourcePreview,
)
from sessions_builder.pipeline.types import STANDARD, WEIGHTS, RagState
from sessions_builder.selectors import Document
from sessions_builder.serializers.progress import progress_of
from sessions_builder.serializers.times import iso

Wire = dict[str, Any]

SHOWN_OF_SOURCE = (
    "id",
    "docId",
    "chunkId",
    "title",
    "category",
    "updatedAt",
    "similarity",
    "score",
    "excerpt",
    "kept",
    "reason",
)


def accepted_to_wire(generation: Generation) -> Wire:
    """What answers a request for work: where to look for the result."""
    return {
        "id": str(generation.pk),
        "state": generation.state,
        "mode": generation.mode,
        "writer": generation.writer,
        "parentId": _text(generation.parent_id),
        "statusUrl": status_url(generation),
        "createdAt": iso(generation.created_at),
    }


def status_url(generation: Generation) -> str:
    """Where the generation is polled, as a path."""
    return f"/api/generations/{generation.pk}"


def listed_to_wire(generation: Generation) -> Wire:
    """One entry of the list of generations: no outlines, no sources."""
    return {
        **accepted_to_wire(generation),
        "title": generation.brief.get("title", ""),
        "category": generation.snapshot["brief"]["category"],
        "desiredOutcome": generation.brief["desiredOutcome"],
        "error": error_to_wire(generation.error_code),
        "finishedAt": iso(generation.finished_at),
    }


def document_to_wire(document: Document) -> Wire:
    """The whole generation. Nothing in it changes without its version, so that version is its ETag."""
    numbers = _numbers(document)
    return {
        "id": str(document.id),
        "parentId": _text(document.parent_id),
        "state": document.state,
        "mode": document.mode,
        "writer": document.writer,
        "progress": progress_of(document.progress, document.state, len(_planned(document.mode))),
        "brief": document.brief,
        "decision": document.decision,
        "metadata": _metadata(document, numbers),
        "variants": [_variant(document, number) for number in numbers],
        "session": _session(document),
        "error": error_to_wire(document.error_code),
        "createdAt": iso(document.created_at),
        "finishedAt": iso(document.finished_at),
    }


def sources_to_wire(generation: Generation) -> Wire:
    """What was retrieved for a generation, best first, each with an excerpt and why it was kept or not."""
    return {"ragState": generation.rag_state, "sources": _shown((generation.retrieval or {}).get("sources", []))}


def preview_to_wire(preview: SourcePreview) -> Wire:
    """What was found for a brief that is not submitted yet, best first."""
    found = preview.retrieval
    return {"previewId": str(preview.pk), "ragState": found["state"], "sources": _shown(found["sources"])}


def _shown(sources: Sequence[Mapping[str, Any]]) -> list[Wire]:
    return [{name: source[name] for name in SHOWN_OF_SOURCE} for source in sources]


def error_to_wire(code: str | None) -> Wire | None:
    """A failure as a code of the closed set and a sentence; None where nothing failed."""
    if not code:
        return None
    known = FailureCode(code) if code in set(FailureCode) else FailureCode.INTERNAL_ERROR
    return {"code": known.value, "message": FAILURE_SENTENCES[known]}


def position_of(card_order: Sequence[int], number: int) -> int:
    """Place of a variant's card, counted from 1; the Standard Outline comes first."""
    return card_order.index(number) + 1 if number in card_order else 1


def _metadata(document: Document, numbers: Sequence[int]) -> Wire:
    state = document.rag_state
    similarity = document.rag_similarity
    return {
        "processingTime": document.processing_ms,
        "ragAvailable": None if state is None else state not in (RagState.DISABLED, RagState.UNAVAILABLE),
        "ragState": state,
        "ragQueryTime": document.rag_query_ms,
        "ragSourcesFound": document.rag_kept,
        "averageSimilarity": None if similarity is None else round(similarity, 4),
        "diversity": document.diversity,
        "totalVariants": len(numbers),
    }


def _session(document: Document) -> Wire | None:
    made = document.session
    return {**made, "acceptsChoice": SessionState(made["state"]).accepts_choice} if made else None


def _planned(mode: str) -> tuple[int, ...]:
    return tuple(WEIGHTS) if mode == GenerationMode.MULTI_VARIANT else (STANDARD,)


def _numbers(document: Document) -> list[int]:
    """The variants shown: those the mode plans, and what else was written, as after a fallback."""
    stored = {variant["number"] for variant in document.variants}
    ready = {variant["number"] for variant in document.variants if variant["state"] == "ready"}
    if document.mode == GenerationMode.MULTI_VARIANT and (ready - {STANDARD} or STANDARD not in ready):
        stored.discard(STANDARD)
    elif document.mode == GenerationMode.LEGACY:
        stored = ready
    return sorted(stored | set(_planned(document.mode)))


def _variant(document: Document, number: int) -> Wire:
    stored = next((variant for variant in document.variants if variant["number"] == number), None)
    wire = _open(document, number) if stored is None else _stored(stored)
    return {"number": number, "position": position_of(document.card_order, number), **wire}


def _stored(variant: Mapping[str, Any]) -> Wire:
    grounding = variant["grounding"] or {}
    return {
        "state": variant["state"],
        "label": variant["label"],
        "description": variant["description"],
        "generationSource": variant["generationSource"],
        "ragWeight": variant["ragWeight"],
        "ragEffective": variant["ragEffective"],
        "ragSourcesUsed": variant["ragSourcesUsed"],
        "realisedReliance": grounding.get("realisedReliance"),
        "outline": variant["outline"],
        "quality": variant["quality"],
        "grounding": grounding.get("score"),
        "notes": variant["notes"],
        "processingTime": variant["processingTime"],
        "model": variant["model"],
        "error": error_to_wire(variant["errorCode"]),
    }


def _open(document: Document, number: int) -> Wire:
    """A variant of which nothing is stored: it waits, is being written, or never came."""
    profile = next((profile for profile in document.profiles if profile["number"] == number), {})
    return {
        "state": _open_state(document, number),
        "label": profile.get("label", ""),
        "description": profile.get("description", ""),
        "generationSource": None,
        "ragWeight": WEIGHTS.get(number, 0.0),
        "ragEffective": None,
        "ragSourcesUsed": None,
        "realisedReliance": None,
        "outline": None,
        "quality": None,
        "grounding": None,
        "notes": [],
        "processingTime": None,
        "model": None,
        "error": error_to_wire(document.error_code),
    }


def _open_state(document: Document, number: int) -> str:
    if document.state in TERMINAL:
        return "cancelled" if document.state == GenerationState.CANCELLED else "failed"
    started = any(event["stage"] == "variant_started" and event.get("number") == number for event in document.progress)
    return "writing" if started else "queued"


def _text(value: object | None) -> str | None:
    return None if value is None else str(value)
