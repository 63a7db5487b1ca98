"""What each variant gets to see of the kept sources: the weight decides how many and how much of them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from sessions_builder.pipeline.types import WEIGHTS, ContextSource, Retrieval, Source, VariantContext

FULL_BUDGET_TOKENS = 3000
FULL_SOURCES = 10
SMALLEST_CAP_TOKENS = 120
_WORD = re.compile(r"\w+")
_PUNCTUATION = re.compile(r"[^\w\s]")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])|\n+")


def estimate_tokens(text: str) -> int:
    """Tokens a model will count for the text, estimated on the safe side without a vocabulary.

    max(⌈characters/4⌉, 1.3·words + 0.5·punctuation) + half of the non-ASCII characters.
    """
    words, marks = len(_WORD.findall(text)), len(_PUNCTUATION.findall(text))
    foreign = 0 if text.isascii() else sum(character > "\x7f" for character in text)
    return max(math.ceil(len(text) / 4), int(1.3 * words + 0.5 * marks + 0.5)) + foreign // 2


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
    sentences = _fitting(_SENTENCE.split(text), tokens)
    if sentences:
        return text[: _end_of(text, sentences)]
    words = " ".join(_fitting(text.split(), tokens - 1))
    return _squeeze(words or text[: tokens * 4], tokens)


def _cut_source(source: Source, cap: int) -> ContextSource:
    text = cut(source.text, cap)
    return ContextSource(source.id, source.title, text, estimate_tokens(text))


def _fitting(parts: Iterable[str | None], tokens: int) -> list[str]:
    """The leading parts whose estimates together stay within the tokens; their rounding errs on the safe side."""
    taken: list[str] = []
    for part in parts:
        if not part:
            continue
        tokens -= estimate_tokens(part)
        if tokens < 0:
            break
        taken.append(part)
    return taken


def _end_of(text: str, parts: list[str]) -> int:
    """Where the last of consecutive parts of the text ends."""
    end = 0
    for part in parts:
        end = text.index(part, end) + len(part)
    return end


def _squeeze(text: str, tokens: int) -> str:
    """A text without sentence ends, shortened until it and its ellipsis fit."""
    while text and estimate_tokens(text + "…") > tokens:
        text = text[: int(len(text) * 0.9)]
    return text.rstrip() + "…" if text else ""
