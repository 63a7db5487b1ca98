"""What an author chose, and between what: plain values the product hands over."""

from dataclasses import dataclass
from statistics import fmean
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownVariant:
    """One card on the author's page. `position` counts from 1 in the shuffled order; `quality` is 0-100 or None."""

    number: int
    position: int
    label: str
    rag_weight: float
    rag_effective: bool
    generation_source: str
    state: str = "ready"
    quality: float | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "position": self.position,
            "weight": self.rag_weight,
            "state": self.state,
            "ragEffective": self.rag_effective,
            "label": self.label,
            "quality": self.quality,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A selection. `counted` is false for a choice made after publishing: it is kept, and no statistic sees it."""

    generation_id: UUID
    session_id: UUID | None
    user_id: int
    mode: str
    number: int
    category: str
    shown: tuple[ShownVariant, ...]
    comparison_ms: int | None = None
    offline: bool = False
    is_demo: bool = False
    counted: bool = True

    @property
    def picked(self) -> ShownVariant:
        """The chosen card. Raises ValueError when it was not among those shown."""
        for card in self.shown:
            if card.number == self.number:
                return card
        raise ValueError(f"Variant {self.number} was not shown.")

    @property
    def ready(self) -> tuple[ShownVariant, ...]:
        """The cards that could be chosen."""
        return tuple(card for card in self.shown if card.state == "ready")

    @property
    def eligible(self) -> bool:
        """Whether this choice says something about RAG: a working RAG variant and the 0.0 one were both shown."""
        effective = any(card.rag_effective for card in self.ready)
        baseline = any(card.rag_weight == 0.0 for card in self.ready)
        return self.mode == "multi_variant" and effective and baseline and not self.offline

    @property
    def quality_gap(self) -> float | None:
        """Mean quality of the ready cards with material minus that of the 0.0 one; None where a side is unknown."""
        scored = [(card.rag_weight, card.quality) for card in self.ready if card.quality is not None]
        with_material = [score for weight, score in scored if weight > 0]
        plain = [score for weight, score in scored if weight == 0]
        return fmean(with_material) - fmean(plain) if with_material and plain else None
