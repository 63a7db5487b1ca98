"""One retrieval round per generation: all queries at once, once more without the category filter, one honest state."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from datetime import date
from functools import partial

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
    Round,
    Source,
    Wait,
)

logger = logging.getLogger(__name__)

_OUT_OF_TIME = Round(answers=(), causes=("timeout",), documents={})


def retrieve(
    brief: Brief,
    retriever: Retriever | None,
    *,
    today: date,
    settings: RagSettings,
    now: Callable[[], float],
    wait: Wait = Future.result,
) -> Retrieval:
    """What the knowledge source has for a brief, judged; never raises because of the source, only what `wait` raises.

    `now` is time.monotonic or a stand-in: both rounds together end within `settings.total_timeout_s` of its first
    value. No retriever → disabled. No query answered → unavailable, with the causes in `error`; some unanswered → the
    others are used. A missing catalogue costs titles, dates and categories, not the hits.
    """
    if retriever is None:
        return Retrieval(RagState.DISABLED, with_notes(brief, ()))
    started = now()
    deadline = started + settings.total_timeout_s
    ask = partial(retriever.ask, queries(brief), deadline=deadline, wait=wait)
    relaxed = False
    found = ask(category=brief.category)
    documents = found.documents
    if not found.failed and not any(found.answers):
        relaxed = True
        found = ask(category=None) if now() < deadline else _OUT_OF_TIME
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


def round_of(
    answers: Sequence[Sequence[Hit] | BaseException], catalogue: Mapping[str, Document] | BaseException
) -> Round:
    """The round of a knowledge source, from what each query and the catalogue brought or raised."""
    causes = tuple(cause_of(answer) for answer in answers if isinstance(answer, BaseException))
    if isinstance(catalogue, BaseException):
        cause_of(catalogue)
        catalogue = {}
    return Round(tuple(answer for answer in answers if not isinstance(answer, BaseException)), causes, catalogue)


def cause_of(error: BaseException) -> str:
    """Why a knowledge source gave no answer, as in RetrievalError; "unexpected" for a bug, which is logged."""
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
