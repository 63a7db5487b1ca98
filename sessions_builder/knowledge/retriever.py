"""The built-in knowledge base behind the same Protocol as the HTTP client, in process and without HTTP."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from datetime import UTC
from functools import partial
from typing import TypeVar

from django.db import Error, connection

from sessions_builder.knowledge.search import search
from sessions_builder.models.knowledge import DocumentStatus, KnowledgeDocument
from sessions_builder.pipeline.retrieve import cause_of, round_of
from sessions_builder.pipeline.types import Document, Hit, Ping, RetrievalError, Round, Wait

T = TypeVar("T")

PING_SECONDS = 2.0


class InternalRetriever:
    """Retrieval from our own tables, in the thread that asks; its database connection goes back after each round."""

    def ask(
        self, queries: Sequence[str], *, category: str | None, deadline: float, wait: Wait = Future.result
    ) -> Round:
        """At most 20 hits a query, and the active documents. Nothing is waited for; raises nothing."""
        try:
            answers = [_outcome(partial(_hits, query, category), deadline) for query in queries]
            return round_of(answers, _outcome(_documents, deadline))
        finally:
            _give_back_connection()

    def ping(self) -> Ping:
        """Read the documents once; never raises."""
        started = time.monotonic()
        found = _outcome(_documents, started + PING_SECONDS)
        _give_back_connection()
        cause = cause_of(found) if isinstance(found, Exception) else ""
        return Ping(not cause, round((time.monotonic() - started) * 1000), cause)


def _outcome(read: Callable[[], T], deadline: float) -> T | Exception:
    """What was read, or what went wrong: a database that cannot be reached is refused; one that answers with an error
    gave a bad response. No text of the error goes on: it could quote the query."""
    if time.monotonic() >= deadline:
        return RetrievalError("timeout", "no time was left to ask the knowledge base")
    try:
        return read()
    except Error as error:
        cause = "bad_response" if connection.is_usable() else "refused"
        _give_back_connection()
        return RetrievalError(cause, type(error).__name__)
    except Exception as error:
        return error


def _hits(query: str, category: str | None) -> Sequence[Hit]:
    return [
        Hit(one.document_id, str(one.ordinal), one.similarity, one.text, f"{one.title}#{one.ordinal}")
        for one in search(query, category)
    ]


def _documents() -> Mapping[str, Document]:
    active = KnowledgeDocument.objects.filter(status=DocumentStatus.ACTIVE)
    return {
        id_.hex: Document(id_.hex, title, category, updated_at.astimezone(UTC).date())
        for id_, title, category, updated_at in active.values_list("id", "title", "category", "updated_at")
    }


def _give_back_connection() -> None:
    if not connection.in_atomic_block:
        connection.close()
