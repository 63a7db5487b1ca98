"""Trying the retrieval: what it finds for some words, and what it makes of each hit. Nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings

from sessions_builder.jobs import knowledge_source
from sessions_builder.models import Category
from sessions_builder.pipeline.explain import Explained, explained
from sessions_builder.pipeline.query import queries
from sessions_builder.pipeline.types import Brief, RagSettings, Retrieval


@dataclass(frozen=True, slots=True)
class Trial:
    """One retrieval round, looked at closely."""

    place: str
    """Where was looked: `internal`, the service's address, or nothing."""
    settings: RagSettings
    queries: tuple[str, ...]
    found: Retrieval
    hits: tuple[Explained, ...]


def retrieval_try(
    *, outcome: str, category: Category | None, problem: str = "", topics: Sequence[str] = (), avoid: Sequence[str] = ()
) -> Trial:
    """Run one round as a generation would, whatever the flags say, within the RAG deadline; no connection is held."""
    brief = Brief(
        category=category.name if category else "",
        category_aliases=tuple(category.aliases) if category else (),
        session_type="workshop",
        desired_outcome=outcome,
        current_problem=problem,
        specific_topics=tuple(topics),
        avoid_topics=tuple(avoid),
    )
    found = knowledge_source.ask_without_connection(brief, knowledge_source.retriever())
    return Trial(
        place=settings.RAG_API_URL,
        settings=knowledge_source.rag_settings(),
        queries=queries(brief),
        found=found,
        hits=explained(brief, found.sources, datetime.now(UTC).date()),
    )
