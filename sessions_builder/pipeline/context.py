"""What each variant gets to see of the kept sources: the weight decides how many and how much of them."""

from __future__ import annotations

import math
import re
from functools import lru_cache

from sessions_builder.pipeline.types import WEIGHTS, ContextSource, Retrieval, Source, VariantContext

FULL_BUDGET_TOKENS = 3000
FULL_SOURCES = 10
SMALLEST_CAP_TOKENS = 120
_WORD = re.compile(r"\w+")
_PUNCTUATION = re.compile(r"[^\w\s]")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])|\n+|$")
_WORD_END = re.compile(r"\s+|$")


# Variants of a generation share their sources, and every cut begins with the whole.
@lru_cache(maxsize=256)
def estimate_tokens(text: str) -> int:
    """Tokens a model will count for the text, estimated on the safe side without a vocabulary.

    max(⌈characters/4⌉, 1.3·words + 0.5·punctuation) + half of the non-ASCII characters.
    """
    return _tokens(len(text), *_counts(text))


def _counts(text: str) -> tuple[int, int, int]:
    """Words, punctuation marks and non-ASCII characters."""
    foreign = 0 if text.isascii() else sum(character > "\x7f" for character in text)
    return len(_WORD.findall(text)), len(_PUNCTUATION.findall(text)), foreign


def _tokens(characters: int, words: int, marks: int, foreign: int) -> int:
    return max(math.ceil(characters / 4), int(1.3 * words + 0.5 * marks + 0.5)) + foreign // 2


def budget(weight: float) -> int:
    """Tokens of source text for a variant of this RAG weight: ⌊3000·w⌋."""
    return math.floor(FULL_BUDGET_TOKENS * weight + 1e-9)


def source_limit(weight: float) -> int:
    """Sources at most for a variant of this RAG weight: round(10·w)."""
    return round(FULL_SOURCES * weight)


def context_for(number: int, retrieval: Retrieval) -> VariantContext:
    """The material offered to one variant; empty for weight 0 and for the Standard Outline.

    Kept sources in their order, each whole or cut at a sentence end to its cap, max(120, budget/2) tokens. One that
    does not fit into what is left of the budget is skipped, and the next gets its chance.
    """
    weight = WEIGHTS.get(number, 0.0)
    left, places = budget(weight), source_limit(weight)
    cap = max(SMALLEST_CAP_TOKENS, left // 2)
    offered: list[ContextSource] = []
    for source in retrieval.kept:
        if len(offered) == places:
            break
        candidate = _cut_source(source, cap)
        if candidate.text and candidate.tokens <= left:
            offered.append(candidate)
            left -= candidate.tokens
    return VariantContext(number, tuple(offered))


def cut(text: str, tokens: int) -> str:
    """The text within so many tokens: whole, else to the last sentence that fits, else to the last word and "…"."""
    if estimate_tokens(text) <= tokens:
        return text
    sentences = _longest_prefix(text, _SENTENCE_END, tokens)
    if sentences:
        return sentences
    return _squeeze(_longest_prefix(text, _WORD_END, tokens) or text[: tokens * 4], tokens)


def _cut_source(source: Source, cap: int) -> ContextSource:
    text = cut(source.text, cap)
    return ContextSource(source.id, source.title, text, estimate_tokens(text))


def _longest_prefix(text: str, boundary: re.Pattern[str], tokens: int) -> str:
    """The text up to the last boundary within the tokens; "" when even the first is beyond them."""
    end = words = marks = foreign = 0
    for match in boundary.finditer(text):
        more_words, more_marks, more_foreign = _counts(text[end : match.start()])
        words, marks, foreign = words + more_words, marks + more_marks, foreign + more_foreign
        if _tokens(match.start(), words, marks, foreign) > tokens:
            break
        end = match.start()
    return text[:end].rstrip()


def _squeeze(text: str, tokens: int) -> str:
    """A text without sentence ends, shortened until it and its ellipsis fit."""
    while text and estimate_tokens(text + "…") > tokens:
        text = text[: int(len(text) * 0.9)]
    return text.rstrip() + "…" if text else ""
