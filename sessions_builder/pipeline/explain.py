"""What a score was made of and why a source was kept or not, in words: for people who look after the material."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sessions_builder.pipeline.score import OTHER_CATEGORY, matches_category, recency
from sessions_builder.pipeline.types import Brief, Source

REASONS: Mapping[str, str] = {
    "kept": "Kept.",
    "weak": "Weak: shown to authors, used only where one ticks it.",
    "below_threshold": "Dropped: its score is below the threshold.",
    "duplicate": "Dropped: nearly the same words as a source kept before it.",
    "document_limit": "Dropped: three parts of its document are kept already.",
    "suspicious": "Excluded: it reads like instructions to the model, or hides something. No author can bring it back.",
    "avoided": "Dropped: it mentions a topic to be avoided.",
}


@dataclass(frozen=True, slots=True)
class Explained:
    """A judged source with its signals, 0..1; None is a signal that is not known and dropped out of the score."""

    source: Source
    recency: float | None
    category: float | None
    why: str


def explained(brief: Brief, sources: Sequence[Source], today: date) -> tuple[Explained, ...]:
    """The sources in their order, each with what its score was made of."""
    return tuple(_explained(brief, source, today) for source in sources)


def _explained(brief: Brief, source: Source, today: date) -> Explained:
    same = matches_category(brief, source.category)
    return Explained(
        source=source,
        recency=recency((today - source.updated_at).days) if source.updated_at else None,
        category=None if same is None else 1.0 if same else OTHER_CATEGORY,
        why=REASONS.get(source.reason, source.reason),
    )
