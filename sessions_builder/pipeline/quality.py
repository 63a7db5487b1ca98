"""Outline quality score `oqs-1`: how well an outline is made, whatever its text was drawn from.

Deterministic, without a model. It does not look at sources: if it did, "material raises quality" would be true by
definition. Its words are English; for other languages only the parts that count minutes and fields mean much.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sessions_builder.pipeline.quality_content import events, objectives, outcome
from sessions_builder.pipeline.quality_delivery import clarity, facilitation
from sessions_builder.pipeline.quality_structure import active, arc, time
from sessions_builder.pipeline.reading import Reading, read
from sessions_builder.pipeline.types import Brief, Outline

VERSION = "oqs-1"
MAXIMA: Mapping[str, int] = {
    "time": 10,
    "arc": 12,
    "outcome": 20,
    "objectives": 14,
    "active": 14,
    "events": 10,
    "facilitation": 14,
    "clarity": 6,
}
_PARTS: Mapping[str, Callable[[Reading], float]] = {
    "arc": arc,
    "outcome": outcome,
    "objectives": objectives,
    "active": active,
    "events": events,
    "facilitation": facilitation,
    "clarity": clarity,
}
_GRADES = ((85, "strong"), (70, "good"), (50, "usable"), (0, "weak"))

ActivityMinutes = Mapping[str, tuple[int, int]]
"""Least and most minutes of an activity, by its name in lower case."""


@dataclass(frozen=True, slots=True)
class Quality:
    """`score` 0..100, the sum of `parts` (points by part, see MAXIMA), rounded; `version` names the formula."""

    score: int
    parts: Mapping[str, float]
    version: str = VERSION

    @property
    def grade(self) -> str:
        """weak (below 50), usable, good (from 70) or strong (from 85)."""
        return next(name for least, name in _GRADES if self.score >= least)


def quality(outline: Outline, brief: Brief, activities: ActivityMinutes | None = None) -> Quality:
    """The outline's quality for its brief. `activities` widens a section's time bounds to those of its named activity.

    An outline without any minutes scores 0 in every part.
    """
    reading = read(outline, brief)
    if not reading.sections:
        return Quality(0, dict.fromkeys(MAXIMA, 0.0))
    points = {"time": time(reading, activities or {})}
    points |= {name: part(reading) for name, part in _PARTS.items()}
    parts = {name: round(value, 2) for name, value in points.items()}
    return Quality(round(sum(parts.values())), parts)
