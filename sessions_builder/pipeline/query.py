"""From a brief to search queries, and from the answers of several queries to one ranking."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sessions_builder.pipeline.types import Brief, Hit

MAX_WORDS = 60
MAX_TOPIC_QUERIES = 3
RANK_CONSTANT = 60


def queries(brief: Brief) -> tuple[str, ...]:
    """The search queries for a brief: the short one first, then the problem and up to three topics, without repeats.

    Each is at most 60 words. Only what the session is about enters a query: avoid-topics, tone, audience, times and
    group size would pull in material about themselves.
    """
    avoided = [topic.casefold() for topic in avoid_topics(brief)]
    topics = [topic for topic in brief.specific_topics if not any(word in topic.casefold() for word in avoided)]
    wanted = [
        " ".join((brief.category, brief.desired_outcome, *topics)),
        brief.current_problem,
        *topics[:MAX_TOPIC_QUERIES],
    ]
    return _distinct(" ".join(text.split()[:MAX_WORDS]) for text in wanted)


def avoid_topics(brief: Brief) -> tuple[str, ...]:
    """What must not appear: the brief's own avoid-topics and its audience's, in that order, without repeats."""
    audience = brief.audience.avoid_topics if brief.audience else ()
    return _distinct(topic.strip() for topic in (*brief.avoid_topics, *audience))


def fuse(answers: Sequence[Sequence[Hit]]) -> tuple[Hit, ...]:
    """All hits of several answers, once each by (document, chunk) with its best similarity, best fused rank first.

    Reciprocal rank fusion, the sum of 1/(60 + rank) over the answers (Cormack, Clarke and Büttcher, 2009). Ties go to
    the higher similarity, then to the ids, so that the order never depends on which answer arrived first.
    """
    fused: dict[tuple[str, str], float] = {}
    best: dict[tuple[str, str], Hit] = {}
    for answer in answers:
        ranked_here: set[tuple[str, str]] = set()
        for rank, hit in enumerate(answer, start=1):
            key = (hit.doc_id, hit.chunk_id)
            if key not in best or hit.score > best[key].score:
                best[key] = hit
            if key not in ranked_here:
                ranked_here.add(key)
                fused[key] = fused.get(key, 0.0) + 1 / (RANK_CONSTANT + rank)
    order = sorted(fused, key=lambda key: (-fused[key], -best[key].score, key))
    return tuple(best[key] for key in order)


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    """The non-empty texts in order, the first of those that differ only in case."""
    unique: dict[str, str] = {}
    for text in texts:
        if text:
            unique.setdefault(text.casefold(), text)
    return tuple(unique.values())
