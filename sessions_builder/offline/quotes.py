"""Sentences from the offered sources, for the sections they suit; none for a section that no source is about."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from sessions_builder.offline.phrases import mentions, quoted
from sessions_builder.offline.words import EMPTY
from sessions_builder.pipeline.types import ContextSource

QUOTAS: Mapping[float, float] = {0.8: 0.7, 0.5: 0.45, 0.2: 0.2, 0.0: 0.0}
"""Share of content sections that quote a source, by RAG weight: a little above what the weight asks for at least."""
QUOTING = 3
"""How many variants of a generation have a weight that quotes."""
LONGEST = 34
SHORTEST = 6
_SENTENCE = re.compile(r"(?:(?<=[.!?])|(?<=[.!?][\"'”’)])|(?<=[.!?][\"'”’)]{2}))\s+|\n+")
_CLOSING = "\"'”’)"
"""What may stand after the mark that ends a sentence, and belongs to it."""
_MARKUP = re.compile(r"^(?:#{1,6}\s|[-*•>]\s|\d+[.)]\s)+|[*_`]{1,3}|^\s+|\s+$", re.MULTILINE)
_CLAUSE = re.compile(r";\s|,\s(?=(?:and|but|so|because|while)\s)")
_LEANING = re.compile(
    r"[\"'“‘(]*(?:they|the(?:se|irs)|those|this|that|it|its|their|them|he|she|his|her|such|both|neither|either|and|but|or|so|"
    r"then|there|here|however|therefore|thus|hence|instead|otherwise|also|another|the (?:former|latter|same))\b",
    re.IGNORECASE,
)
"""The beginning of a sentence that leans on one before it."""
_ANNOUNCING = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|several|[2-9]|10)\s+(?:[\w-]+\s+)?"
    r"(?:ways|things|steps|parts|reasons|rules|points|kinds|types|forms|questions|mistakes|signs|stages|phases|elements|"
    r"principles|habits|traps|ideas|levels|examples)\b[^:]*$|\bas follows$|\bthe following\b[^:]*$|:$",
    re.IGNORECASE,
)
"""A number of things without the things, or a colon with nothing after it: only the next sentences say them."""
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
    sources: Sequence[ContextSource],
    about: Mapping[int, Sequence[str]],
    whole: str,
    avoided: Sequence[str],
    *,
    most: int,
    vouched: Collection[str] = (),
    number: int = 0,
) -> dict[int, Quote]:
    """A quote for the first `most` sections of `about` (its place and topics) that have sentences of their own.

    A sentence belongs to a section if its source is about one of the section's topics or about `whole`, what the
    session is about; one of the sources `vouched` for, by id, belongs everywhere. The best pair of section and sentence
    is taken first, then the next best, from the sources used least; no sentence comes twice. A source's sentences are
    dealt out to the variants, and variant `number` takes another's only when its own are used up.
    """
    passages = [_Passage.of(source, avoided) for source in sources]
    own = {(each.source_id, text) for each in passages for text in each.sentences[max(number - 1, 0) :: QUOTING]}
    fitting = {at: _fitting(passages, topics, _terms(whole), vouched) for at, topics in about.items()}
    chosen = sorted([at for at, sentences in fitting.items() if sentences][:most])
    titles = {source.id: source.title for source in sources}
    used = dict.fromkeys(titles, 0)
    taken: set[tuple[str, str]] = set()
    quotes: dict[int, Quote] = {}
    while pairs := [
        (-used[source_id], (source_id, sentence) in own, match, -at, source_id, sentence)
        for at in chosen
        if at not in quotes
        for match, source_id, sentence in fitting[at]
        if (source_id, sentence) not in taken
    ]:
        *_, before, source_id, sentence = max(pairs, key=lambda pair: pair[:4])
        used[source_id] += 1
        taken.add((source_id, sentence))
        quotes[-before] = Quote(source_id, titles[source_id], quoted(sentence))
    return quotes


@dataclass(frozen=True, slots=True)
class _Passage:
    """A source as it is quoted from."""

    source_id: str
    title: frozenset[str]
    terms: frozenset[str]
    """Those of the title, too."""
    sentences: list[str]

    @classmethod
    def of(cls, source: ContextSource, avoided: Sequence[str]) -> Self:
        title = _terms(source.title)
        return cls(source.id, title, title | _terms(source.text), _sentences(source.text, avoided))

    def suits(self, sentence: str, subject: frozenset[str]) -> bool:
        """Whether the passage has half of a subject's words, and the title or the sentence one of them.

        One word of several may be there by chance, unless it is in the title.
        """
        named, shared = self.title & subject, len(self.terms & subject)
        by_chance = shared == 1 < len(subject) and not named
        return 2 * shared >= max(len(subject), 1) and not by_chance and bool(named or _terms(sentence) & subject)


def _fitting(
    passages: Sequence[_Passage], topics: Sequence[str], general: frozenset[str], vouched: Collection[str]
) -> list[tuple[float, str, str]]:
    """The sentences that belong to a section of these topics: how well each matches, its source's id, and itself."""
    subjects = [_terms(topic) for topic in topics]
    special = frozenset[str]().union(*subjects)
    return [
        (_match(sentence, special, general), passage.source_id, sentence)
        for passage in passages
        for sentence in passage.sentences
        if passage.source_id in vouched or any(passage.suits(sentence, subject) for subject in (*subjects, general))
    ]


def _sentences(text: str, avoided: Sequence[str]) -> list[str]:
    """The quotable sentences of a source, in order; the first clause of a longer one when none is short enough."""
    found = [" ".join(_MARKUP.sub("", part).split()) for part in _SENTENCE.split(text) if part]
    found = [sentence for sentence in found if not mentions(sentence, avoided)]
    fitting = [sentence for sentence in found if _is_quotable(sentence)]
    if fitting:
        return list(dict.fromkeys(fitting))
    begun = [_CLAUSE.split(sentence, maxsplit=1)[0] for sentence in found if len(sentence.split()) > LONGEST]
    return [f"{clause} …" for clause in begun if _is_quotable(f"{clause}.")][:1]


def _is_quotable(sentence: str) -> bool:
    fits = SHORTEST <= len(sentence.split()) <= LONGEST and sentence.rstrip(_CLOSING)[-1:] in ".!?"
    return (
        fits and _stands_alone(sentence) and sentence.count("“") == sentence.count("”") and sentence.count('"') % 2 == 0
    )


def _stands_alone(sentence: str) -> bool:
    """Whether a sentence says something without those before and after it."""
    return not _LEANING.match(sentence) and not _ANNOUNCING.search(sentence.rstrip(_CLOSING).rstrip(".!?"))


def _match(sentence: str, subject: frozenset[str], general: frozenset[str]) -> float:
    """How much of a sentence is about the subject, and less so about the whole; length alone does not help."""
    own = _terms(sentence)
    return (2 * len(own & subject) + len(own & general)) / (3 + len(own)) if own else 0.0


@lru_cache(maxsize=2048)
def _terms(text: str) -> frozenset[str]:
    """Words cut to their first six letters, which is stem enough to see that two sentences share a subject."""
    return frozenset(word.removesuffix("s")[:6] for word in _words(text) if word not in EMPTY)


def _words(text: str) -> Iterable[str]:
    return _WORD.findall(text.casefold())
