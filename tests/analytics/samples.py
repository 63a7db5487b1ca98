"""Event types and choices the tests use."""

import uuid
from dataclasses import dataclass
from typing import ClassVar, Literal

from analytics.events import Event, stored
from analytics.selections import Choice, ShownVariant


@dataclass(frozen=True, slots=True, kw_only=True)
class MealServed(Event):
    type: ClassVar[str] = "meal_served"
    schema_version: ClassVar[int] = 3
    variant_mode: Literal["multi_variant", "legacy"] = stored("mode")
    processing_time: int = stored("processing_ms")
    average_similarity: float | None = stored("similarity", default=None)
    dish_names: list[str] | None = None
    writer: str = stored("writer", default="model", metadata=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class KitchenOpened(Event):
    type: ClassVar[str] = "kitchen_opened"
    from_browser: ClassVar[bool] = True
    active_time: int = stored("active_ms", default=0)


WEIGHTS = (0.8, 0.5, 0.2, 0.0)


def cards(*, effective: bool = True, states: tuple[str, ...] = ("ready",) * 4) -> tuple[ShownVariant, ...]:
    """The four cards of a generation in plain order."""
    return tuple(
        ShownVariant(
            number=number,
            position=number,
            label=f"Card {number}",
            rag_weight=weight,
            rag_effective=effective and weight > 0,
            generation_source="rag" if effective and weight > 0 else "baseline",
            state=state,
            quality=70.0 + number,
        )
        for number, (weight, state) in enumerate(zip(WEIGHTS, states, strict=True), start=1)
    )


def choice(number: int = 2, **changes: object) -> Choice:
    """A choice of variant `number` among four cards, with `changes` to its fields."""
    fields: dict[str, object] = {
        "generation_id": uuid.uuid4(),
        "session_id": uuid.uuid4(),
        "user_id": 7,
        "mode": "multi_variant",
        "number": number,
        "category": "Team Building",
        "shown": cards(),
        "comparison_ms": 9_000,
    }
    return Choice(**(fields | changes))  # type: ignore[arg-type]
