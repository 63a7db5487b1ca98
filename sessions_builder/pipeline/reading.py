"""An outline read once for all scores: texts joined, stems taken, sections told apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sessions_builder.pipeline.types import Brief, Outline, Section, SectionType
from sessions_builder.pipeline.vocabulary import stems, words

ACTIVE = frozenset({SectionType.EXERCISE, SectionType.DISCUSSION, SectionType.ASSESSMENT})
"""Participants do something for the whole section."""
INPUT = frozenset({SectionType.TOPIC, SectionType.PRESENTATION, SectionType.VIDEO, SectionType.INSPIRATION})
"""Participants take something in."""
FRAME = frozenset({SectionType.OPENER, SectionType.CLOSING, SectionType.BREAK})
"""What is not content."""


@dataclass(frozen=True, slots=True)
class SectionText:
    """What the scores read of a section; the facilitator's prompts and notes are not part of it."""

    lower: str
    """The whole text in lower case."""
    words: tuple[str, ...]
    stems: tuple[str, ...]
    stem_set: frozenset[str]
    description_words: int


@dataclass(frozen=True, slots=True)
class Reading:
    """An outline beside its brief. `sections` are those with minutes; `spoken` leaves out breaks, `content` also opener
    and closing."""

    brief: Brief
    sections: tuple[Section, ...]
    spoken: tuple[Section, ...]
    content: tuple[Section, ...]
    total: int

    @property
    def target(self) -> int:
        return self.brief.duration_minutes


def read(outline: Outline, brief: Brief) -> Reading:
    sections = tuple(section for section in outline.sections if section.minutes > 0)
    return Reading(
        brief=brief,
        sections=sections,
        spoken=tuple(section for section in sections if section.type is not SectionType.BREAK),
        content=content_of(sections),
        total=sum(section.minutes for section in sections),
    )


def content_of(sections: Sequence[Section]) -> tuple[Section, ...]:
    return tuple(section for section in sections if section.type not in FRAME)


@lru_cache(maxsize=256)
def text_of(section: Section) -> SectionText:
    """The section's text and stems; cached, because quality, grounding and diversity ask for the same ones."""
    parts = (section.title, section.description, *section.objectives, section.activity)
    whole = " . ".join((*parts, *(step.text for step in section.steps)))
    lower = whole.lower()
    found = stems(lower)
    return SectionText(
        lower=lower,
        words=tuple(words(lower)),
        stems=found,
        stem_set=frozenset(found),
        description_words=len(words(section.description)),
    )


def active_minutes(section: Section) -> float:
    """Minutes in which participants do something: all of an exercise, part of an opener, little of an input."""
    if section.type in ACTIVE:
        return float(section.minutes)
    if section.type in (SectionType.OPENER, SectionType.CLOSING):
        return section.minutes * 0.6
    if not section.activity:
        return 0.0
    if section.type in INPUT:
        return section.minutes * 0.3
    return section.minutes * 0.5 if section.type is SectionType.CUSTOM else 0.0


def trapezoid(value: float, a: float, b: float, c: float, d: float, tail: float = 0.0) -> float:
    """0 up to a, rising to 1 at b, 1 until c, falling to the tail at d, the tail from there on."""
    if value <= a:
        return 0.0
    if value < b:
        return (value - a) / (b - a)
    if value <= c:
        return 1.0
    return 1 - (1 - tail) * (value - c) / (d - c) if value < d else tail
