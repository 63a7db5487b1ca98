"""Looking for material:

one round per generation, shared by its variants, in a thread of its own so that it can be left.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from queue import Empty

import structlog
from django.conf import settings
from django.db import connection

from analytics.alerts import try_raise_critical
from sessions_builder import counters, tracing
from sessions_builder.jobs import knowledge_source, providers
from sessions_builder.jobs.leases import Inbox, Interruption
from sessions_builder.persistence import Claimed
from sessions_builder.pipeline.types import Brief, RagState, Retrieval, Retriever
from sessions_builder.tracing.attributes import RAG_SOURCES, RAG_STATE

log = structlog.get_logger(__name__)

NO_MATERIAL = Retrieval(RagState.DISABLED)
"""For the Standard Outline, which uses none."""


def look_for_material(held: Claimed, brief: Brief, inbox: Inbox, deadline: float) -> Retrieval | Interruption:
    """Run the retrieval round and log how it went.

    An Interruption if one came first. `deadline` is a time.monotonic() value.
    """
    source = knowledge_source.source_for(providers.Subject(held.owner_id))
    if source is None:
        return knowledge_source.ask(brief, None)
    with tracing.span("retrieval", kind="client") as note:
        found = _wait_for(inbox, brief, source, deadline)
        if isinstance(found, Retrieval):
            note({RAG_STATE: found.state.value, RAG_SOURCES: len(found.material)})
    if isinstance(found, Retrieval):
        _report(found)
    return found


def _wait_for(inbox: Inbox, brief: Brief, source: Retriever, deadline: float) -> Retrieval | Interruption:
    pool().submit(_retrieve_into, inbox, brief, source)
    found: Retrieval | Interruption
    try:
        found = inbox.get(timeout=max(0.0, deadline - time.monotonic()))
    except Empty:
        found = Retrieval(RagState.UNAVAILABLE, query_ms=settings.RAG_TIMEOUT_MS, error="timeout")
    return found


@cache
def pool() -> ThreadPoolExecutor:
    """Threads that wait for retrieval rounds, one for each generation this process may hold."""
    return ThreadPoolExecutor(settings.WORKER_CONCURRENCY, thread_name_prefix="retrieval")


def _retrieve_into(inbox: Inbox, brief: Brief, source: Retriever) -> None:
    started = time.monotonic()
    try:
        found = knowledge_source.ask(brief, source)
    except Exception:
        # A bug here must not take the outlines with it: they can be written without material, and say so.
        log.exception("Retrieval broke")
        spent = round((time.monotonic() - started) * 1000)
        found = Retrieval(RagState.UNAVAILABLE, query_ms=spent, error="internal_error")
    finally:
        connection.close()
    inbox.put(found)


def _report(found: Retrieval) -> None:
    counters.count_retrieval(found.state, found.query_ms)
    if found.state is RagState.UNAVAILABLE:
        log.error(
            "RAG query failed completely, proceeding with baseline only", error=found.error, queryTime=found.query_ms
        )
        try:
            try_raise_critical("rag_down", cause=found.error)
        finally:
            connection.close()
        return
    log.info(
        "RAG query completed",
        level="log",
        resultsFound=len(found.material),
        ragAvailable=found.available,
        averageSimilarity=found.average_similarity or 0.0,
        queryTime=found.query_ms,
        ragState=found.state.value,
    )
