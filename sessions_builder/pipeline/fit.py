"""An outline made to fit its minutes, steps included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sessions_builder.pipeline.balance import OUTER, Timed, balance, rescale_steps
from sessions_builder.pipeline.types import Outline, Section, SectionType


def fit(outline: Outline, target: int) -> tuple[Outline, tuple[str, ...]]:
    """The outline with exactly `target` minutes, and notes in words on what had to be changed for it.

    With more sections than minutes, sections are dropped until there are as many as minutes: breaks first, then the
    shortest content section, the later of two alike; the opening and the closing go last.
    Raises NoSections or TooFewMinutes (`target` below 1).
    """
    sections, dropped = _droppable(outline.sections, max(target, 1))
    balanced = balance([Timed(section.type, section.minutes or None) for section in sections], target)
    fitted = tuple(
        replace(section, minutes=minutes, steps=rescale_steps(section.steps, minutes))
        for section, minutes in zip(sections, balanced.minutes, strict=True)
    )
    return replace(outline, sections=fitted), (*dropped, *balanced.notes)


def _droppable(sections: Sequence[Section], most: int) -> tuple[tuple[Section, ...], tuple[str, ...]]:
    surplus = len(sections) - most
    if surplus <= 0:
        return tuple(sections), ()
    order = sorted(
        range(len(sections)), key=lambda place: (_importance(sections[place]), sections[place].minutes, -place)
    )
    gone = set(order[:surplus])
    titles = ", ".join(sections[place].title for place in sorted(gone))
    kept = tuple(section for place, section in enumerate(sections) if place not in gone)
    return kept, (f"There were more sections than minutes; left out: {titles}.",)


def _importance(section: Section) -> int:
    if section.type is SectionType.BREAK:
        return 0
    return 2 if section.type in OUTER else 1
