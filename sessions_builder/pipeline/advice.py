"""Advice on an outline: what costs points in `oqs-1`, worst first, and what would mend it where that is certain."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from sessions_builder.pipeline import advice_content, advice_structure
from sessions_builder.pipeline.hints import Hint
from sessions_builder.pipeline.quality import MAXIMA, ActivityMinutes, Quality
from sessions_builder.pipeline.reading import Reading, read
from sessions_builder.pipeline.types import Brief, Outline

MOST_OF_A_PART = 3
NOTHING_LOST = 0.05
EMPTY = Hint("arc", "There are no sections yet; begin with one from the library.")


def advise(outline: Outline, brief: Brief, quality: Quality, activities: ActivityMinutes) -> tuple[Hint, ...]:
    """Hints for each part that lost points, the part that lost most first; at most three of a part.

    Places are those of the outline's sections, all of which have to have minutes.
    """
    reading = read(outline, brief)
    if not reading.sections:
        return (EMPTY,)
    lost = {part: most - quality.parts[part] for part, most in MAXIMA.items()}
    worst = sorted((part for part in lost if lost[part] > NOTHING_LOST), key=lambda part: -lost[part])
    return tuple(hint for part in worst for hint in islice(_of(part, reading, activities), MOST_OF_A_PART))


def _of(part: str, reading: Reading, activities: ActivityMinutes) -> Iterator[Hint]:
    match part:
        case "time":
            return advice_structure.time(reading, activities)
        case "arc":
            return advice_structure.arc(reading)
        case "active":
            return advice_structure.active(reading)
        case "outcome":
            return advice_content.outcome(reading)
        case "objectives":
            return advice_content.objectives(reading)
        case "events":
            return advice_content.events(reading)
        case "facilitation":
            return advice_content.facilitation(reading)
        case _:
            return advice_content.clarity(reading)
