"""Looking for material: one round per generation, shared by its variants, which an interruption ends."""

from __future__ import annotations

import time
from concurrent.futures import Future
from queue import Empty
from typing import TypeVar

import structlog
from django.db import connection

from analytics.alerts import try_raise_critical
from sessions_builder import counters, tracing
from sessions_builder.jobs import knowledge_source, providers
from sessions_builder.jobs.leases import Inbox, Interruption, Stopped
from sessions_builder.persistence import Claimed
from sessions_builder.pipeline.types import Brief, RagState, Retrieval, Retriever, Wait
from sessions_builder.tracing.attributes import RAG_SOURCES, RAG_STATE

log = structlog.get_logger(__name__)

T = TypeVar("T")

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
        found = _retrieved(brief, source, inbox, deadline)
        if isinstance(found, Retrieval):
            note({RAG_STATE: found.state.value, RAG_SOURCES: len(found.material)})
    if isinstance(found, Retrieval):
        _report(found)
    return found


def _retrieved(brief: Brief, source: Retriever, inbox: Inbox, deadline: float) -> Retrieval | Interruption:
    started = time.monotonic()
    connection.close()
    try:
        return knowledge_source.ask(brief, source, wait=_by_inbox(inbox, deadline))
    except Stopped as stopped:
        return stopped.why
    except TimeoutError:
        error = "timeout"
    except Exception:
        # A bug here must not take the outlines with it: they can be written without material, and say so.
        log.exception("Retrieval broke")
        error = "internal_error"
    finally:
        connection.close()
    spent = round((time.monotonic() - started) * 1000)
    return Retrieval(RagState.UNAVAILABLE, query_ms=spent, error=error)


def _by_inbox(inbox: Inbox, deadline: float) -> Wait:
    """A way to wait that an interruption ends, with Stopped, and the deadline, with TimeoutError."""

    def wait(asked: Future[T]) -> T:
        asked.add_done_callback(inbox.put)
        try:
            item = inbox.get(timeout=max(0.0, deadline - time.monotonic()))
        except Empty:
            raise TimeoutError from None
        finally:
            asked.cancel()
        if isinstance(item, Interruption):
            raise Stopped(item)
        return asked.result()

    return wait


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
