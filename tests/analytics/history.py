"""Rows of a past the tests made up."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from analytics.models import AIInteraction, Event, Selection
from analytics.pseudonyms import subject_of

DAY_ONE = datetime(2026, 3, 1, 10, tzinfo=UTC)


def event(event_type: str, at: datetime = DAY_ONE, **fields: Any) -> Event:
    """Store an event of any type, received when it occurred unless said."""
    fields.setdefault("user_id", 7)
    fields.setdefault("received_at", at)
    return Event.objects.create(
        event_type=event_type, occurred_at=at, subject=subject_of(fields["user_id"]), **{"metadata": {}, **fields}
    )


def generation(
    at: datetime = DAY_ONE,
    *,
    outcome: str = "success",
    mode: str = "multi_variant",
    seconds: float = 10.0,
    writer: str = "model",
    rag_state: str = "ok",
    **fields: Any,
) -> uuid.UUID:
    """Store what a generation tells: its request and, unless it is `pending`, its ending. Returns its id."""
    key = uuid.uuid4()
    shared = {"generation_id": key, "category": "Team Building", "writer": writer} | fields
    event("ai_prompt_submitted", at, mode=mode, **shared)
    ended = at + timedelta(seconds=seconds)
    milliseconds = round(seconds * 1000)
    if outcome in ("failed", "cancelled"):
        code = "provider_timeout" if outcome == "failed" else None
        event(
            "ai_content_failed",
            ended,
            mode=mode,
            cancelled=outcome == "cancelled",
            error_code=code,
            processing_ms=milliseconds,
            **shared,
        )
    elif outcome != "pending":
        event(
            "ai_content_generated",
            ended,
            mode="legacy_fallback" if outcome == "fallback" else mode,
            variants={"success": 4, "partial": 3, "fallback": 1}[outcome] if mode == "multi_variant" else 1,
            processing_ms=milliseconds,
            rag_state=rag_state,
            rag_available=rag_state not in ("unavailable", "disabled"),
            rag_sources=5 if rag_state == "ok" else 0,
            rag_matched=4 if rag_state == "ok" else 0,
            similarity=0.7,
            rag_query_ms=400,
            metadata={"variantTimes": {"1": 4000, "2": 5000, "3": 6000, "4": 7000}},
            **shared,
        )
    return key


def interaction(at: datetime = DAY_ONE, **fields: Any) -> AIInteraction:
    """Store a model call."""
    defaults = {
        "model": "gpt-5.4-mini",
        "tokens_in": 1000,
        "tokens_cached": 200,
        "tokens_out": 500,
        "cost_usd": "0.01",
        "latency_ms": 2500,
        "category": "Team Building",
    }
    return AIInteraction.objects.create(created_at=at, **(defaults | fields))


def selection(at: datetime = DAY_ONE, *, number: int = 2, **fields: Any) -> Selection:
    """Store a counted choice among four cards, three of them with sources."""
    weight = {1: 0.8, 2: 0.5, 3: 0.2, 4: 0.0}[number]
    defaults: dict[str, Any] = {
        "generation_id": uuid.uuid4(),
        "user_id": 7,
        "mode": "multi_variant",
        "variant": number,
        "label": f"Card {number}",
        "position": number,
        "rag_weight": weight,
        "rag_effective": weight > 0,
        "source": "rag" if weight > 0 else "baseline",
        "variants_shown": 4,
        "rag_shown": 3,
        "weights_shown": [0.8, 0.5, 0.2],
        "comparison_ms": 9000,
        "category": "Team Building",
        "eligible": True,
    }
    values = defaults | fields
    return Selection.objects.create(selected_at=at, subject=subject_of(values["user_id"]), **values)
