"""The parts of `oqs-1` that read the text: outcome, objectives, events."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from sessions_builder.pipeline.reading import ACTIVE, INPUT, Reading, text_of
from sessions_builder.pipeline.types import Brief, Section, SectionType
from sessions_builder.pipeline.vocabulary import LEVELS, has_criterion, stems, stems_of, verb_level, words

COPIED_RUN = 6
"""So many words in a row from the brief are a copy, and count for nothing."""
TOPIC_SHARE = 0.6
TOPIC_MINUTES = 8
_APPLY = LEVELS.index("apply")
_FIRST_WORD = re.compile(r"^\w+")

_OPENING = frozenset({SectionType.OPENER, SectionType.INSPIRATION})
_ENDING = ACTIVE | {SectionType.CLOSING}
EVENTS: Mapping[str, tuple[frozenset[SectionType], tuple[str, ...]]] = {
    name: (types, tuple(cues.split("|")))
    for name, types, cues in (
        (
            "hook",
            _OPENING | {SectionType.VIDEO, SectionType.DISCUSSION},
            "story|puzzle|question|surpris|imagine|poll|quote|guess|check-in|prompt|wall|warm|energi",
        ),
        (
            "objectives",
            _OPENING | {SectionType.PRESENTATION},
            "outcome|objective|goal|agenda|by the end|able to|purpose",
        ),
        (
            "recall",
            frozenset({SectionType.OPENER, SectionType.DISCUSSION, SectionType.EXERCISE, SectionType.ASSESSMENT}),
            "already|experience|last time|what you know|recall|so far|own|previous|misconception|hope",
        ),
        ("input", INPUT, ""),
        (
            "practice",
            ACTIVE,
            "practi|role|try|work on|rehears|draft|apply|solve|drill|simulat|build|write|sort|map|debate|discuss|design"
            "|list|rank|play",
        ),
        (
            "feedback",
            _ENDING,
            "feedback|debrief|observer|comment|strength|review|mirror|compare|critique|coach",
        ),
        (
            "check",
            _ENDING | {SectionType.VIDEO},
            "quiz|check|test|assess|rate|criteria|checklist|show|explain to|teach|answer",
        ),
        (
            "transfer",
            _ENDING,
            "next week|commit|action|plan|step|follow|apply on|back at work|monday|schedule|future",
        ),
    )
}
"""Events of instruction (after Gagné), the section types each fits, and the words of which one has to be there."""


def outcome(reading: Reading) -> float:
    """0..20: the outcome practised and checked 8, its topics given room 5, the problem met 3, objectives aimed at it 4.

    What the brief does not say is left out, and the rest counts for more.
    """
    grams = _grams(reading.brief)
    own = [(section, _own_stems(section, grams)) for section in reading.spoken]
    practised = [stems for section, stems in own if section.type in _ENDING]
    aimed = [_stems_without_copies(text, grams) for section in reading.content for text in section.objectives]
    weighed = (
        (8, _coverage(reading.brief.desired_outcome, (*practised, *aimed), 0.7)),
        (5, _topics_covered(reading)),
        (3, _coverage(reading.brief.current_problem, [stems for _, stems in own], 0.6)),
        (4, _objectives_aimed(reading)),
    )
    known = [(weight, share) for weight, share in weighed if share is not None]
    return 20 * sum(weight * share for weight, share in known) / sum(weight for weight, _ in known)


def _topics_covered(reading: Reading) -> float | None:
    """Share of topics of which one section of at least eight minutes holds 60 % of the stems."""
    topics = [wanted for wanted in (frozenset(stems(topic)) for topic in reading.brief.specific_topics) if wanted]
    if not topics:
        return None
    rooms = [text_of(section).stem_set for section in reading.content if section.minutes >= TOPIC_MINUTES]
    return sum(any(len(topic & room) / len(topic) >= TOPIC_SHARE for room in rooms) for topic in topics) / len(topics)


def _objectives_aimed(reading: Reading) -> float:
    """Share of content minutes whose objectives hold a stem of the outcome or of a topic."""
    aim = stems_of((reading.brief.desired_outcome, *reading.brief.specific_topics))
    minutes = sum(section.minutes for section in reading.content)
    aimed = sum(section.minutes for section in reading.content if stems_of(section.objectives) & aim)
    return aimed / minutes if minutes else 0.0


def _coverage(wanted: str, found: Iterable[frozenset[str]], saturation: float) -> float | None:
    """Share of the wanted stems that were found, full at the saturation; None when nothing is wanted."""
    stems_wanted = frozenset(stems(wanted))
    if not stems_wanted:
        return None
    return min(1.0, len(stems_wanted & frozenset[str]().union(*found)) / len(stems_wanted) / saturation)


Run = tuple[str, ...]


def _grams(brief: Brief) -> frozenset[Run]:
    """Every run of six words in the brief."""
    text = " ".join((brief.desired_outcome, brief.current_problem, ", ".join(brief.specific_topics)))
    return frozenset(_runs(words(text.lower())))


def _runs(found: Sequence[str]) -> list[Run]:
    return list(zip(*(found[start:] for start in range(COPIED_RUN)), strict=False))


def _own_stems(section: Section, grams: frozenset[Run]) -> frozenset[str]:
    """The section's stems without the runs it shares with the brief: pasting the outcome must not score."""
    text = text_of(section)
    left = _without_copies(text.words, grams)
    return text.stem_set if left is None else frozenset(stems(left))


def _stems_without_copies(text: str, grams: frozenset[Run]) -> frozenset[str]:
    left = _without_copies(words(text.lower()), grams)
    return frozenset(stems(text if left is None else left))


def _without_copies(found: Sequence[str], grams: frozenset[Run]) -> str | None:
    """The words without the copied runs; None when there is none."""
    runs = _runs(found)
    if grams.isdisjoint(runs):
        return None
    gone = {at for start, run in enumerate(runs) if run in grams for at in range(start, start + COPIED_RUN)}
    return " ".join(word for at, word in enumerate(found) if at not in gone)


def objectives(reading: Reading) -> float:
    """0..14: sections with 1 to 3 of them 4, measurable verbs 4, criteria 3, one at apply or above 1.5, rising 1.5."""
    listed = [(place, text) for place, section in enumerate(reading.content) for text in section.objectives]
    if not listed:
        return 0.0
    levels = [(place, level) for place, text in listed if (level := verb_level(text)) is not None]
    supplied = sum(1 <= len(section.objectives) <= 3 for section in reading.content) / len(reading.content)
    distinct = len({_beyond_verb(text) for _, text in listed}) / len(listed)
    precise = sum(has_criterion(text) for _, text in listed) / len(listed)
    return (
        4 * supplied
        + 4 * len(levels) / len(listed)
        + 3 * precise * distinct
        + 1.5 * any(level >= _APPLY for _, level in levels)
        + 1.5 * _is_rising(levels, len(reading.content) / 2)
    )


def _beyond_verb(objective: str) -> tuple[str, ...]:
    return stems(_FIRST_WORD.sub("", objective))


def _is_rising(levels: list[tuple[int, int]], middle: float) -> bool:
    """Whether the second half reaches at least the highest level of the first."""
    first = [level for place, level in levels if place < middle]
    second = [level for place, level in levels if place >= middle]
    return bool(second) and max(second) >= max(first, default=0)


def events(reading: Reading) -> float:
    """0..10: the share of the eight events of instruction that a section claims, fits and shows in its words."""
    shown = {name for section in reading.spoken for name in section.purposes if name in EVENTS and shows(section, name)}
    return 10 * len(shown) / len(EVENTS)


def shows(section: Section, event: str) -> bool:
    types, cues = EVENTS[event]
    if section.type not in types:
        return False
    text = text_of(section).lower
    return any(cue in text for cue in cues)
