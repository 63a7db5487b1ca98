"""Grounding `grd-1`: whether an outline really draws on the sources it cites. Beside quality, never part of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sessions_builder.pipeline.instructions import CITING_QUOTA
from sessions_builder.pipeline.reading import content_of, text_of
from sessions_builder.pipeline.types import Outline, Section
from sessions_builder.pipeline.vocabulary import stems

VERSION = "grd-1"
FULL_SUPPORT = 0.20
"""Share of a section's stems that has to be in its sources to count as fully supported."""


@dataclass(frozen=True, slots=True)
class Grounding:
    """`score` 0..100; `reliance` 0..1 is the share of content minutes that the cited sources support."""

    score: int
    reliance: float
    version: str = VERSION


def grounding(outline: Outline, sources: Mapping[str, str], weight: float, *, invented: int = 0) -> Grounding | None:
    """100·(0.30·valid citations + 0.40·support of citing sections + 0.30·citing sections / quota).

    `sources` are the texts offered to this variant by id, `weight` its RAG weight, `invented` the number of citations
    of unknown sources that were stripped before. None when the weight is 0 or nothing was offered.
    """
    if weight <= 0 or not sources:
        return None
    cited = sum(len(section.source_ids) for section in outline.sections)
    known = sum(cited_id in sources for section in outline.sections for cited_id in section.source_ids)
    content = content_of(outline.sections)
    offered = {source_id: frozenset(stems(text)) for source_id, text in sources.items()}
    supports = {place: _support(section, offered) for place, section in enumerate(content) if section.source_ids}
    valid = known / (cited + invented) if cited + invented else 0.0
    support = sum(supports.values()) / len(supports) if supports else 0.0
    share = len(supports) / len(content) if content else 0.0
    quota = min(1.0, share / CITING_QUOTA[weight])
    return Grounding(
        score=round(100 * (0.30 * valid + 0.40 * support + 0.30 * quota)),
        reliance=_reliance(content, supports),
    )


def _support(section: Section, offered: Mapping[str, frozenset[str]]) -> float:
    """How much of the section's vocabulary is in the sources it cites, full at a fifth, 0..1."""
    own = text_of(section).stem_set
    theirs = frozenset[str]().union(*(offered.get(cited, frozenset()) for cited in section.source_ids))
    return min(1.0, len(own & theirs) / max(1, len(own)) / FULL_SUPPORT)


def _reliance(content: tuple[Section, ...], supports: Mapping[int, float]) -> float:
    minutes = sum(section.minutes for section in content)
    supported = sum(section.minutes * supports.get(place, 0.0) for place, section in enumerate(content))
    return round(supported / minutes, 2) if minutes else 0.0
