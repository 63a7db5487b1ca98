"""Asking a ModelWriter in tests: requests as the pipeline makes them, and results waited for."""

from __future__ import annotations

import time
from queue import Queue

from sessions_builder.clients.chat import ModelOptions
from sessions_builder.clients.llm import ModelWriter
from sessions_builder.pipeline.prompt import messages_for
from sessions_builder.pipeline.types import Brief, ContextSource, VariantContext, VariantProfile, WriteRequest, Written

KEY = "sk-canary-4fz81"
TIMEOUT_S, SHORT_TIMEOUT_S = 12.0, 1.0
ASK_S = 30.0
SOON_S = 15.0
"""Enough for a machine under load, and far from what it would take if only the deadline ended a call."""


def options(base_url: str, **changes: object) -> ModelOptions:
    known: dict[str, object] = {
        "api_key": KEY,
        "base_url": base_url,
        "model": "fake-model",
        "timeout_s": TIMEOUT_S,
        "max_output_tokens": 6000,
        "temperature": 0.7,
    }
    return ModelOptions(**{**known, **changes})  # type: ignore[arg-type]


def request(number: int = 1, outcome: str = "Everybody closes more deals by asking one question less") -> WriteRequest:
    brief = Brief("Closing", "workshop", outcome, duration_minutes=60, specific_topics=("silence", "asking"))
    profile = VariantProfile(number, f"Variant {number}", "", "Write it well.")
    sources = (ContextSource("S1", "Field notes", "A good question does more than a good answer.", 12),)
    context = VariantContext(number, sources if profile.weight else ())
    return WriteRequest(number, brief, profile, context, messages_for(brief, profile, context, "n0nce"))


def ask(writer: ModelWriter, *requests: WriteRequest, seconds: float = ASK_S) -> list[Written]:
    """The results of writing these at the same time, in the order of their numbers."""
    results: Queue[Written] = Queue()
    deadline = time.monotonic() + seconds
    for one in requests or (request(),):
        writer.start(one, deadline=deadline, done=results.put)
    found = [results.get(timeout=seconds + SOON_S) for _ in requests or (None,)]
    assert results.empty()
    return sorted(found, key=lambda written: written.number)
