"""Fewer sources that say the same: maximal marginal relevance on three-word shingles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from sessions_builder.pipeline.types import Source

RELEVANCE = 0.7
DUPLICATE = 0.85
PER_DOCUMENT = 3
_WORD = re.compile(r"\w+")

Shingles = frozenset[tuple[str, ...]]


def diversify(sources: Sequence[Source]) -> list[Source]:
    """The sources, kept ones first in the order they were picked, then the dropped ones with their reason.

    Each pick maximises 0.7·score/best score − 0.3·similarity to what is picked already (Carbonell and Goldstein,
    1998). Dropped: a Jaccard similarity of 0.85 or more to a picked one, and a document's fourth chunk.
    """
    best = max((source.score for source in sources), default=0.0) or 1.0
    waiting = [(source, shingles(source.text)) for source in sources]
    nearest = [0.0] * len(waiting)
    kept: list[Source] = []
    dropped: list[Source] = []
    per_document: Counter[str] = Counter()
    while waiting:
        place = max(
            range(len(waiting)),
            key=lambda at: (RELEVANCE * waiting[at][0].score / best - (1 - RELEVANCE) * nearest[at], -at),
        )
        source, own = waiting.pop(place)
        similarity = nearest.pop(place)
        if similarity >= DUPLICATE:
            dropped.append(replace(source, kept=False, reason="duplicate"))
        elif per_document[source.doc_id] >= PER_DOCUMENT:
            dropped.append(replace(source, kept=False, reason="document_limit"))
        else:
            kept.append(replace(source, kept=True, reason="kept"))
            per_document[source.doc_id] += 1
            nearest = [max(near, jaccard(own, other[1])) for near, other in zip(nearest, waiting, strict=True)]
    return kept + dropped


def shingles(text: str) -> Shingles:
    """The three-word shingles of a text, whatever the case; a shorter text is one shingle of all its words."""
    words = _WORD.findall(text.casefold())
    if len(words) < 3:
        return frozenset({tuple(words)})
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def jaccard(one: Shingles, other: Shingles) -> float:
    """Shared shingles over all shingles of the two, 0..1."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared) if shared else 0.0
