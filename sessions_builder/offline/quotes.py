"""Sentences from the offered sources, for the sections they suit best."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sessions_builder.offline.phrases import mentions, quoted
from sessions_builder.pipeline.types import ContextSource

QUOTAS: Mapping[float, float] = {0.8: 0.7, 0.5: 0.45, 0.2: 0.2, 0.0: 0.0}
"""Share of content sections that quote a source, by RAG weight: a little above what the weight asks for at least."""
LONGEST = 34
SHORTEST = 6
_SENTENCE = re.compile(r"(?<=[.!?])[\"'”’)]*\s+|\n+")
_MARKUP = re.compile(r"^(?:#{1,6}\s|[-*•>]\s|\d+[.)]\s)+|[*_`]{1,3}|^\s+|\s+$", re.MULTILINE)
_WORD = re.compile(r"[^\W\d_]{3,}")
_COMMON = frozenset(
    "the and for that with this from are was were has have had not but you your they their them its into than then when "
    "what which who how can will one all more most very been being also only our out over under about".split()
)


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of a source, in quotation marks, ready for a section."""

    source_id: str
    title: str
    text: str


def places(weight: float, content_sections: int) -> int:
    """How many of so many content sections quote a source at this RAG weight, rounded up."""
    return math.ceil(QUOTAS.get(weight, 0.0) * content_sections - 1e-9)


class Quoting:
    """Hands out sentences: the source used least first, in it the sentence that suits best, none of them twice."""

    def __init__(self, sources: Sequence[ContextSource], avoided: Sequence[str]) -> None:
        self.sentences = {source.id: _sentences(source.text, avoided) for source in sources}
        self.titles = {source.id: source.title for source in sources}
        self.used: dict[str, int] = {source.id: 0 for source in sources if self.sentences[source.id]}

    def best_for(self, *about: str) -> Quote | None:
        """A sentence about these phrases; None when every sentence of every source is taken."""
        wanted = _terms(" ".join(about))
        open_ids = [source_id for source_id in self.used if self.sentences[source_id]]
        if not open_ids:
            return None
        least = min(self.used[source_id] for source_id in open_ids)
        candidates = [
            (source_id, sentence)
            for source_id in open_ids
            if self.used[source_id] == least
            for sentence in self.sentences[source_id]
        ]
        source_id, sentence = max(candidates, key=lambda pair: _match(pair[1], wanted))
        self.used[source_id] += 1
        self.sentences[source_id].remove(sentence)
        return Quote(source_id, self.titles[source_id], quoted(sentence))


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
    return SHORTEST <= len(sentence.split()) <= LONGEST and sentence[-1:] in ".!?"


def _match(sentence: str, wanted: frozenset[str]) -> float:
    """How much of a sentence is about what is wanted; long sentences do not win by length alone."""
    own = _terms(sentence)
    return len(own & wanted) / (3 + len(own)) if own else 0.0


def _terms(text: str) -> frozenset[str]:
    """Words cut to their first six letters, which is stem enough to see that two sentences share a subject."""
    return frozenset(word[:6] for word in _words(text) if word not in _COMMON)


def _words(text: str) -> Iterable[str]:
    return _WORD.findall(text.casefold())
