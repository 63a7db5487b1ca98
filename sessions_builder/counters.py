"""What Prometheus is told of generations: times in seconds, no label that could name a person or a session."""

from __future__ import annotations

from django.db import transaction
from prometheus_client import Counter, Histogram

from sessions_builder.models import TERMINAL, GenerationMode, GenerationState
from sessions_builder.pipeline.types import RagState

SECONDS = (0.1, 0.25, 0.5, 1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 25, 30, 45, 60, 90, 120, 300)
"""Bounds of the buckets; the guide's targets and limits (2, 8, 25 and 30 s) are among them."""

GENERATIONS = Counter("session_builder_generations_total", "Generations that ended.", ["mode", "outcome"])
GENERATION_SECONDS = Histogram(
    "session_builder_generation_duration_seconds", "From request to end, without cancelled ones.", buckets=SECONDS
)
VARIANT_SECONDS = Histogram(
    "session_builder_variant_duration_seconds", "Time one finished variant took.", ["variant"], buckets=SECONDS
)
RAG_SECONDS = Histogram("session_builder_rag_query_duration_seconds", "Time one retrieval round took.", buckets=SECONDS)
RAG_QUERIES = Counter("session_builder_rag_queries_total", "Retrieval rounds by what became of them.", ["state"])
SELECTIONS = Counter("session_builder_variant_selections_total", "Variants chosen.", ["variant", "source"])

# A series that appears with its first failure has no increase to alert on, so all are there from the start.
for _mode in GenerationMode.values:
    for _outcome in TERMINAL:
        GENERATIONS.labels(_mode, str(_outcome))
for _state in RagState:
    RAG_QUERIES.labels(_state.value)


def count_generation(mode: str, outcome: str, processing_ms: int) -> None:
    """Count a generation that ended, once its transaction is committed."""

    def count() -> None:
        GENERATIONS.labels(str(mode), str(outcome)).inc()
        if outcome != GenerationState.CANCELLED:
            GENERATION_SECONDS.observe(processing_ms / 1000)

    transaction.on_commit(count, robust=True)


def count_variant(number: int, processing_ms: int) -> None:
    """Count a stored outline."""
    VARIANT_SECONDS.labels(str(number)).observe(processing_ms / 1000)


def count_retrieval(state: RagState, query_ms: int) -> None:
    """Count a retrieval round, of a generation or of a preview."""
    RAG_QUERIES.labels(state.value).inc()
    RAG_SECONDS.observe(query_ms / 1000)


def count_selection(number: int, source: str) -> None:
    """Count a chosen variant, once the choice is committed."""
    transaction.on_commit(lambda: SELECTIONS.labels(str(number), source).inc(), robust=True)
