"""The built-in knowledge base behind the same Protocol as the HTTP client, in process and without HTTP."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import UTC

from django.db import Error, connection

from sessions_builder.knowledge.search import search
from sessions_builder.models.knowledge import DocumentStatus, KnowledgeDocument
from sessions_builder.pipeline.types import Document, Hit, RetrievalError


class InternalRetriever:
    """Retrieval from our own tables.

    Each call gives its thread's database connection back: queries run in pool threads, where nobody else would.
    """

    def search(self, query: str, *, category: str | None, deadline: float) -> Sequence[Hit]:
        """Hits for one query, best first, at most 20. `deadline` is a time.monotonic() value; raises RetrievalError."""
        _check(deadline)
        try:
            found = search(query, category)
        except Error as error:
            raise _trouble(error) from error
        finally:
            _give_back_connection()
        return [
            Hit(one.document_id, str(one.ordinal), one.similarity, one.text, f"{one.title}#{one.ordinal}")
            for one in found
        ]

    def documents(self, *, deadline: float) -> Mapping[str, Document]:
        """The active documents by id; raises RetrievalError."""
        _check(deadline)
        active = KnowledgeDocument.objects.filter(status=DocumentStatus.ACTIVE)
        try:
            rows = list(active.values_list("id", "title", "category", "updated_at"))
        except Error as error:
            raise _trouble(error) from error
        finally:
            _give_back_connection()
        return {
            id_.hex: Document(id_.hex, title, category, updated_at.astimezone(UTC).date())
            for id_, title, category, updated_at in rows
        }


def _check(deadline: float) -> None:
    if time.monotonic() >= deadline:
        raise RetrievalError("timeout", "no time was left to ask the knowledge base")


def _give_back_connection() -> None:
    if not connection.in_atomic_block:
        connection.close()


def _trouble(error: Error) -> RetrievalError:
    """A database that cannot be reached is refused; one that answers with an error gave a bad response. No text of the
    error goes on: it could quote the query."""
    return RetrievalError("bad_response" if connection.is_usable() else "refused", type(error).__name__)
