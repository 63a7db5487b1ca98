"""Sentences from the offered sources, for the sections they suit best."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sessions_builder.offline.phrases import mentions, quoted
from sessions_builder.offline.words import EMPTY
from sessions_builder.pipeline.types import ContextSource

QUOTAS: Mapping[float, float] = {0.8: 0.7, 0.5: 0.45, 0.2: 0.2, 0.0: 0.0}
"""Share of content sections that quote a source, by RAG weight: a little above what the weight asks for at least."""
LONGEST = 34
SHORTEST = 6
_SENTENCE = re.compile(r"(?:(?<=[.!?])|(?<=[.!?][\"'”’)])|(?<=[.!?][\"'”’)]{2}))\s+|\n+")
_CLOSING = "\"'”’)"
"""What may stand after the mark that ends a sentence, and belongs to it."""
_MARKUP = re.compile(r"^(?:#{1,6}\s|[-*•>]\s|\d+[.)]\s)+|[*_`]{1,3}|^\s+|\s+$", re.MULTILINE)
_WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of a source, in quotation marks, ready for a section."""

    source_id: str
    title: str
    text: str


def places(weight: float, content_sections: int) -> int:
    """How many of so many content sections quote a source at this RAG weight, rounded up."""
    return math.ceil(QUOTAS.get(weight, 0.0) * content_sections - 1e-9)


def quotes_for(
    sources: Sequence[ContextSource], about: Mapping[int, str], whole: str, avoided: Sequence[str]
) -> dict[int, Quote]:
    """A quote for each section of `about` (its place and subject), as far as there are sentences.

    The best pair of section and sentence is taken first, then the next best, from the sources used least; no sentence
    comes twice. `whole` is what the session is about: it decides where the subject does not.
    """
    open_sentences = {source.id: _sentences(source.text, avoided) for source in sources}
    titles = {source.id: source.title for source in sources}
    used = {source_id: 0 for source_id, sentences in open_sentences.items() if sentences}
    subjects = {at: _terms(subject) for at, subject in about.items()}
    general = _terms(whole)
    quotes: dict[int, Quote] = {}
    while len(quotes) < len(about):
        left = [source_id for source_id in used if open_sentences[source_id]]
        if not left:
            break
        least = min(used[source_id] for source_id in left)
        pairs = (
            (_match(sentence, subjects[at], general), -at, source_id, sentence)
            for source_id in left
            if used[source_id] == least
            for sentence in open_sentences[source_id]
            for at in about
            if at not in quotes
        )
        _, before, source_id, sentence = max(pairs, key=lambda pair: pair[:2])
        used[source_id] += 1
        open_sentences[source_id].remove(sentence)
        quotes[-before] = Quote(source_id, titles[source_id], quoted(sentence))
    return quotes


def _sentences(text: str, avoided: Sequence[str]) -> list[str]:
    """The quotable sentences of a source, in order; the beginning of the text when none is short enough."""
    found = [" ".join(_MARKUP.sub("", part).split()) for part in _SENTENCE.split(text) if part]
    found = [sentence for sentence in found if not mentions(sentence, avoided)]
    fitting = [sentence for sentence in found if _is_quotable(sentence)]
    if fitting:
        return list(dict.fromkeys(fitting))
    long = [sentence.split() for sentence in found if len(sentence.split()) > LONGEST]
    return [" ".join(words[: LONGEST - 4]).rstrip(" ,;:") + " …" for words in long[:1]]


def _is_quotable(sentence: str) -> bool:
    fits = SHORTEST <= len(sentence.split()) <= LONGEST and sentence.rstrip(_CLOSING)[-1:] in ".!?"
    return fits and sentence.count("“") == sentence.count("”") and sentence.count('"') % 2 == 0


def _match(sentence: str, subject: frozenset[str], general: frozenset[str]) -> float:
    """How much of a sentence is about the subject, and less so about the whole; length alone does not help."""
    own = _terms(sentence)
    return (2 * len(own & subject) + len(own & general)) / (3 + len(own)) if own else 0.0


@lru_cache(maxsize=2048)
def _terms(text: str) -> frozenset[str]:
    """Words cut to their first six letters, which is stem enough to see that two sentences share a subject."""
    return frozenset(word[:6] for word in _words(text) if word not in EMPTY)


def _words(text: str) -> Iterable[str]:
    return _WORD.findall(text.casefold())
