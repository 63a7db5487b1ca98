"""The order of things: which section types follow each other, for each design arc, session type and length."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sessions_builder.pipeline.types import Arc, SectionType

TALKS = frozenset({"webinar", "event"})
"""Session types in which people mostly listen."""
BREAK_FROM = 120
LONGEST_STRETCH = 95
"""Minutes aimed at between breaks once a session is long enough to have any."""
ASSESSED_FROM = 45


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in an outline, before an activity is chosen for it."""

    type: SectionType
    purposes: tuple[str, ...]
    weight: float
    """Share of the session's time, relative to the other slots."""
    library: SectionType
    """Where its activity comes from: its own type, or another for a story that opens."""


def _slot(kind: SectionType, purposes: str, weight: float, library: SectionType | None = None) -> Slot:
    return Slot(kind, tuple(purposes.split()), weight, library or kind)


OPENER = _slot(SectionType.OPENER, "hook objectives", 1.0)
STORY = _slot(SectionType.OPENER, "hook objectives", 1.0, SectionType.INSPIRATION)
RECALL = _slot(SectionType.OPENER, "hook recall objectives", 1.0)
CLOSING = _slot(SectionType.CLOSING, "transfer", 1.2)
CHECK = _slot(SectionType.ASSESSMENT, "check feedback", 1.0)
BREAK = _slot(SectionType.BREAK, "break", 0.7)
TELL = _slot(SectionType.PRESENTATION, "input", 1.8)
SHOW = _slot(SectionType.TOPIC, "demo", 1.9)
EXPLAIN = _slot(SectionType.TOPIC, "input", 2.0)
REMIND = _slot(SectionType.TOPIC, "recall input", 2.0)
TRY = _slot(SectionType.EXERCISE, "practice", 2.4)
DO = _slot(SectionType.EXERCISE, "practice feedback", 3.0)
PROVE = _slot(SectionType.EXERCISE, "practice check", 2.4)
TALK = _slot(SectionType.DISCUSSION, "practice", 1.7)
REFLECT = _slot(SectionType.DISCUSSION, "feedback practice", 1.7)
COMPARE = _slot(SectionType.DISCUSSION, "recall practice", 1.6)
CLIP = _slot(SectionType.VIDEO, "demo", 1.2)
QUICK_TRY = _slot(SectionType.EXERCISE, "practice", 1.7)
QUICK_IDEA = _slot(SectionType.TOPIC, "demo", 1.4)
QUICK_TELL = _slot(SectionType.PRESENTATION, "input", 1.3)


@dataclass(frozen=True, slots=True)
class Pattern:
    """One arc: how it opens, its body when only one or two parts fit, and the cycle a longer body repeats."""

    opening: Slot
    one: tuple[Slot, ...]
    two: tuple[Slot, ...]
    cycle: tuple[Slot, ...]


WORKING: Mapping[Arc, Pattern] = {
    Arc.STANDARD: Pattern(OPENER, (TRY,), (EXPLAIN, TRY), (EXPLAIN, TRY, REFLECT, TELL, DO, TALK)),
    Arc.TELL_SHOW_DO: Pattern(OPENER, (SHOW,), (SHOW, DO), (TELL, SHOW, DO, REFLECT, EXPLAIN, PROVE)),
    Arc.EXPERIENCE_REFLECT: Pattern(RECALL, (TRY,), (TRY, EXPLAIN), (TRY, REFLECT, REMIND, DO, COMPARE, EXPLAIN)),
    Arc.STORY_FIRST: Pattern(STORY, (TALK,), (TALK, DO), (TALK, EXPLAIN, DO, REFLECT, SHOW, TRY)),
    Arc.SHORT_CYCLES: Pattern(
        OPENER, (QUICK_TRY,), (QUICK_IDEA, QUICK_TRY), (QUICK_TRY, QUICK_IDEA, QUICK_TRY, REFLECT, QUICK_TELL, PROVE)
    ),
}
TALKING: Mapping[Arc, Pattern] = {
    Arc.STANDARD: Pattern(OPENER, (TALK,), (TELL, TALK), (TELL, TALK, SHOW, TRY, EXPLAIN, REFLECT)),
    Arc.TELL_SHOW_DO: Pattern(OPENER, (SHOW,), (TELL, TRY), (TELL, SHOW, TALK, EXPLAIN, TRY, REFLECT)),
    Arc.EXPERIENCE_REFLECT: Pattern(RECALL, (COMPARE,), (COMPARE, EXPLAIN), (COMPARE, REMIND, TRY, SHOW, REFLECT)),
    Arc.STORY_FIRST: Pattern(STORY, (TRY,), (CLIP, TALK), (CLIP, TALK, EXPLAIN, TRY, TELL, REFLECT)),
    Arc.SHORT_CYCLES: Pattern(
        OPENER, (QUICK_TRY,), (QUICK_TELL, QUICK_TRY), (QUICK_TELL, QUICK_TRY, QUICK_IDEA, TALK, QUICK_TELL, QUICK_TRY)
    ),
}


def slots_for(arc: Arc, session_type: str, minutes: int) -> tuple[Slot, ...]:
    """The slots of an outline in order, for a session of so many minutes (15..480): an opening first, a closing last,
    breaks where it is long."""
    pattern = (TALKING if session_type in TALKS else WORKING)[arc]
    ending = [CHECK, CLOSING] if minutes >= ASSESSED_FROM else [CLOSING]
    body = _body(pattern, section_count(minutes) - 1 - len(ending))
    return tuple(_with_breaks([pattern.opening, *body, *ending], minutes))


def section_count(minutes: int) -> int:
    """How many sections, breaks aside, suit so many minutes: 3 in a quarter of an hour, 7 in 90 minutes, 20 a day."""
    short = min(minutes, BREAK_FROM)
    return round(2.2 + short / 18 + (minutes - short) / 31)


def _body(pattern: Pattern, length: int) -> list[Slot]:
    if length <= 1:
        return list(pattern.one)
    if length == 2:
        return list(pattern.two)
    rounds = math.ceil(length / len(pattern.cycle))
    return [*(pattern.cycle * rounds)][:length]


def _with_breaks(slots: Sequence[Slot], minutes: int) -> list[Slot]:
    """The slots with breaks at even distances; never beside the opening or before the closing."""
    if minutes < BREAK_FROM:
        return list(slots)
    breaks = math.ceil(minutes / LONGEST_STRETCH) - 1
    total = sum(slot.weight for slot in slots)
    result: list[Slot] = []
    passed, placed = 0.0, 0
    for place, slot in enumerate(slots):
        due = (placed + 1) * total / (breaks + 1)
        if placed < breaks and 1 < place < len(slots) - 1 and passed + slot.weight / 2 >= due:
            result.append(BREAK)
            placed += 1
        result.append(slot)
        passed += slot.weight
    return result
