"""How much a retrieved chunk is worth to a brief, which chunks are kept, and why the others are not."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from sessions_builder.pipeline.diversify import diversify
from sessions_builder.pipeline.hostile import clean, is_suspicious
from sessions_builder.pipeline.query import avoid_topics
from sessions_builder.pipeline.types import Brief, Document, Hit, RagSettings, Source

BASE = 0.1
YEAR_DAYS = 365
OTHER_CATEGORY = 0.5
WEAK_MAX = 3
WEAK_FLOOR = 0.2
JUDGED_MAX = 40
"""Hits beyond this fused rank are not judged: the largest context takes eight."""
TEXT_MAX = 8_000
TITLE_MAX = 200
NOTES_ID = "N1"


def final_score(similarity: float, age_days: int | None, same_category: bool | None, settings: RagSettings) -> float:
    """Weighted mean of the known signals, 0..1: similarity (raw, 0..1), recency (falls to 0 over a year), category.

    A signal that is None drops out of both sums; 0.1 is added to both, so that a chunk with nothing known about it is
    neither lost nor favoured. A date in the future counts as today.
    """
    total = settings.similarity_weight * _unit(similarity) + BASE
    weights = settings.similarity_weight + BASE
    if age_days is not None:
        total += settings.recency_weight * recency(age_days)
        weights += settings.recency_weight
    if same_category is not None:
        total += settings.category_weight * (1.0 if same_category else OTHER_CATEGORY)
        weights += settings.category_weight
    return total / weights


def recency(age_days: int) -> float:
    """1 for today or a date in the future, falling to 0 over a year."""
    return _unit(1 - max(0, age_days) / YEAR_DAYS)


def matches_category(brief: Brief, category: str) -> bool | None:
    """Whether a document's category is the brief's, by name or alias, whatever the case; None when it has none."""
    name = _fold(category)
    if not name:
        return None
    return name in {_fold(brief.category), *map(_fold, brief.category_aliases)}


def judge(
    brief: Brief, hits: Sequence[Hit], documents: Mapping[str, Document], today: date, settings: RagSettings
) -> tuple[Source, ...]:
    """Every judged hit with its score and the reason it was kept or not; kept ones first, as S1…Sn, best first.

    The author's ticks (`brief.chosen_sources`) are applied, and the author's notes come first, as N1.
    """
    return with_notes(brief, tick(assess(brief, hits, documents, today, settings), brief.chosen_sources))


def assess(
    brief: Brief, hits: Sequence[Hit], documents: Mapping[str, Document], today: date, settings: RagSettings
) -> tuple[Source, ...]:
    """`judge` without the author's part in it: what the retrieval alone is worth.

    Hits at or above the threshold are kept after diversification. When none is, the best three at most with a
    similarity of at least half the best's and of 0.2 are marked weak, which shows them without using them.
    """
    avoid = avoid_topics(brief)
    scored = [_scored(brief, hit, documents.get(hit.doc_id), today, settings) for hit in hits[:JUDGED_MAX]]
    sources = [replace(source, reason=_exclusion(source, avoid)) for source in scored if source.text]
    sources.sort(key=lambda source: -source.score)
    usable = [source for source in sources if not source.reason]
    strong = [source for source in usable if source.score >= settings.threshold]
    judged = diversify(strong) if strong else _weak(usable)
    judged += [replace(source, reason="below_threshold") for source in usable if not _holds(judged, source)]
    judged += [source for source in sources if source.reason]
    return _numbered(judged)


def tick(sources: Sequence[Source], chosen: Sequence[str] | None) -> tuple[Source, ...]:
    """The sources after the author's choice of `docId#chunkId`; unchanged when `chosen` is None, none kept when empty.

    A ticked source is kept whatever its score, except a suspicious one, which nobody can bring back.
    """
    if chosen is None:
        return tuple(sources)
    wanted = set(chosen)
    return _numbered([_ticked(source, f"{source.doc_id}#{source.chunk_id}" in wanted) for source in sources])


def with_notes(brief: Brief, sources: Iterable[Source]) -> tuple[Source, ...]:
    """The sources with the author's own notes, if any, in front as N1."""
    text = clean(brief.notes, TEXT_MAX)
    if not text:
        return tuple(sources)
    notes = Source(NOTES_ID, "notes", "1", "Author's notes", "", None, 1.0, 1.0, text, kept=True, reason="notes")
    return (notes, *sources)


def _scored(brief: Brief, hit: Hit, document: Document | None, today: date, settings: RagSettings) -> Source:
    document = document or Document(hit.doc_id)
    updated_at = document.updated_at
    age = (today - updated_at).days if updated_at else None
    score = final_score(hit.score, age, matches_category(brief, document.category), settings)
    return Source(
        id="",
        doc_id=hit.doc_id,
        chunk_id=hit.chunk_id,
        title=clean(document.title or hit.path.rsplit("/", 1)[-1], TITLE_MAX),
        category=clean(document.category, TITLE_MAX),
        updated_at=updated_at,
        similarity=_unit(hit.score),
        score=round(score, 4),
        text=clean(hit.snippet, TEXT_MAX),
        kept=False,
        reason="suspicious" if is_suspicious(hit.snippet) or is_suspicious(document.title) else "",
    )


def _exclusion(source: Source, avoid: Sequence[str]) -> str:
    """Why a source may not be used at all, or ""."""
    if source.reason:
        return source.reason
    padded = f" {_fold(source.title)} {_fold(source.text)} "
    return "avoided" if any(f" {_fold(topic)} " in padded for topic in avoid if _fold(topic)) else ""


def _weak(usable: Sequence[Source]) -> list[Source]:
    top = max((source.similarity for source in usable), default=0.0)
    near = [source for source in usable if source.similarity >= max(top / 2, WEAK_FLOOR)]
    distinct = [source for source in diversify(near) if source.kept]
    return [replace(source, kept=False, reason="weak") for source in distinct[:WEAK_MAX]]


def _ticked(source: Source, wanted: bool) -> Source:
    if wanted and source.reason != "suspicious":
        return replace(source, kept=True, reason="chosen")
    if source.kept or source.reason == "weak":
        return replace(source, kept=False, reason="not_chosen")
    return source


def _holds(sources: Sequence[Source], wanted: Source) -> bool:
    return any((source.doc_id, source.chunk_id) == (wanted.doc_id, wanted.chunk_id) for source in sources)


def _numbered(sources: Sequence[Source]) -> tuple[Source, ...]:
    """Kept and weak sources first, numbered S1…Sn in their order; the others behind them without an id."""
    shown = [source for source in sources if source.kept or source.reason == "weak"]
    others = [replace(source, id="") for source in sources if not (source.kept or source.reason == "weak")]
    return (*(replace(source, id=f"S{place}") for place, source in enumerate(shown, start=1)), *others)


def _fold(name: str) -> str:
    return " ".join(re.findall(r"\w+", name.casefold()))


def _unit(value: float) -> float:
    return min(1.0, max(0.0, value)) if math.isfinite(value) else 0.0
