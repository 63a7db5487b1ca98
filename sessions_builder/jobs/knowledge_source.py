"""The configured knowledge source of a process, and one retrieval round with it. Free of the model client, so that the
web process can look for material too."""

from __future__ import annotations

import time
from concurrent.futures import Future
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection

from featureflags.flags import is_enabled
from sessions_builder.clients.rag import retriever_from_settings
from sessions_builder.jobs.provider_state import RAG, SharedBreaker
from sessions_builder.knowledge.retriever import InternalRetriever
from sessions_builder.pipeline.retrieve import retrieve
from sessions_builder.pipeline.types import Brief, RagSettings, Retrieval, Retriever, Wait

FLAG = "rag_integration"

breaker = SharedBreaker(RAG)


@cache
def retriever() -> Retriever | None:
    """The configured knowledge source; None when RAG_API_URL is empty."""
    return retriever_from_settings(breaker, InternalRetriever())


def source_for(subject: Any) -> Retriever | None:
    """The knowledge source as far as this subject's flags allow it; `subject` has a `pk`."""
    return retriever() if is_enabled(FLAG, subject) else None


def rag_settings() -> RagSettings:
    """The configured RAG_* values."""
    return RagSettings(
        threshold=settings.RAG_SIMILARITY_THRESHOLD,
        similarity_weight=settings.RAG_SIMILARITY_WEIGHT,
        recency_weight=settings.RAG_RECENCY_WEIGHT,
        category_weight=settings.RAG_CATEGORY_WEIGHT,
        total_timeout_s=settings.RAG_TIMEOUT_MS / 1000 * (1 + settings.RAG_RETRY_ATTEMPTS),
    )


def ask(brief: Brief, source: Retriever | None, *, wait: Wait = Future.result) -> Retrieval:
    """One retrieval round, within the RAG deadline; never raises because of the source, only what `wait` raises."""
    today = datetime.now(UTC).date()
    return retrieve(brief, source, today=today, settings=rag_settings(), now=time.monotonic, wait=wait)


def ask_without_connection(brief: Brief, source: Retriever | None) -> Retrieval:
    """`ask` for callers that have used the database: their connection goes back to the pool before the wait."""
    if not connection.in_atomic_block:
        connection.close()
    return ask(brief, source)
