"""One retrieval round per generation: all queries at once, once more without the category filter, one honest state."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Protocol, TypeVar

from sessions_builder.pipeline.query import fuse, queries
from sessions_builder.pipeline.score import assess, tick, with_notes
from sessions_builder.pipeline.types import (
    Brief,
    Document,
    Hit,
    RagSettings,
    RagState,
    Retrieval,
    RetrievalError,
    Retriever,
    Source,
)

logger = logging.getLogger(__name__)

T = TypeVar("T")
Answer = Sequence[Hit] | Mapping[str, Document]


class RunAll(Protocol):
    """Runs thunks, at the same time where it can, and returns what each returned or raised, in their order."""

    def __call__(self, thunks: Sequence[Callable[[], T]], /) -> Sequence[T | Exception]: ...


@dataclass(frozen=True, slots=True)
class _Round:
    """What one round of queries brought: hits per answered query, and why the others were not answered."""

    answers: tuple[Sequence[Hit], ...]
    causes: tuple[str, ...]
    documents: Mapping[str, Document]

    @property
    def failed(self) -> bool:
        return not self.answers


def retrieve(
    brief: Brief,
    retriever: Retriever | None,
    *,
    today: date,
    settings: RagSettings,
    run_all: RunAll,
    now: Callable[[], float],
) -> Retrieval:
    """What the knowledge source has for a brief, judged; never raises because of the source.

    `now` is time.monotonic or a stand-in: both rounds together end within `settings.total_timeout_s` of its first
    value. No retriever → disabled. No query answered → unavailable, with the causes in `error`; some unanswered → the
    others are used. A missing catalogue costs titles, dates and categories, not the hits.
    """
    if retriever is None:
        return Retrieval(RagState.DISABLED, with_notes(brief, ()))
    started = now()
    deadline = started + settings.total_timeout_s
    relaxed = False
    found = _ask(brief, retriever, brief.category, deadline, run_all)
    documents = found.documents
    if not found.failed and not any(found.answers):
        relaxed = True
        found = _ask(brief, retriever, None, deadline, run_all) if now() < deadline else _OUT_OF_TIME
        documents = found.documents or documents
    query_ms = round((now() - started) * 1000)
    if found.failed:
        return Retrieval(
            RagState.UNAVAILABLE, with_notes(brief, ()), query_ms=query_ms, error=", ".join(sorted(set(found.causes)))
        )
    hits = fuse(found.answers)
    assessed = assess(brief, hits, documents, today, settings)
    sources = with_notes(brief, tick(assessed, brief.chosen_sources))
    return Retrieval(_state(assessed, relaxed), sources, query_ms=query_ms, hits_found=len(hits))


def choose(brief: Brief, preview: Retrieval) -> Retrieval:
    """A stored preview with the author's ticks and notes applied, without asking the knowledge source again."""
    retrieved = tuple(source for source in preview.sources if source.reason != "notes")
    sources = with_notes(brief, tick(retrieved, brief.chosen_sources))
    return Retrieval(preview.state, sources, preview.query_ms, preview.hits_found, preview.error)


_OUT_OF_TIME = _Round(answers=(), causes=("timeout",), documents={})


def _ask(brief: Brief, retriever: Retriever, category: str | None, deadline: float, run_all: RunAll) -> _Round:
    thunks: list[Callable[[], Answer]] = [
        partial(retriever.search, query, category=category, deadline=deadline) for query in queries(brief)
    ]
    thunks.append(partial(retriever.documents, deadline=deadline))
    outcomes = run_all(thunks)
    answers = tuple(outcome for outcome in outcomes[:-1] if isinstance(outcome, Sequence))
    causes = tuple(_cause(outcome) for outcome in outcomes[:-1] if isinstance(outcome, Exception))
    catalogue = outcomes[-1]
    if isinstance(catalogue, Exception):
        _cause(catalogue)
    return _Round(answers, causes, catalogue if isinstance(catalogue, Mapping) else {})


def _cause(error: Exception) -> str:
    if isinstance(error, RetrievalError):
        return error.cause
    # A knowledge source may only fail by RetrievalError; anything else is ours to repair, not a reason to lose the job.
    logger.error("Unexpected error in the knowledge source", exc_info=error)
    return "unexpected"


def _state(assessed: Sequence[Source], relaxed: bool) -> RagState:
    if any(source.kept for source in assessed):
        return RagState.CATEGORY_RELAXED if relaxed else RagState.OK
    if any(source.reason == "weak" for source in assessed):
        return RagState.WEAK_MATCH
    return RagState.NO_MATCH
