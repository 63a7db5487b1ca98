"""Advice that follows from the text: outcome, objectives, events, facilitation, clarity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sessions_builder.pipeline.hints import Add, Aim, Change, Complete, Fix, Hint, Swap, quoted
from sessions_builder.pipeline.quality_content import EVENTS, TOPIC_MINUTES, TOPIC_SHARE, shows
from sessions_builder.pipeline.quality_delivery import NOTE_WORDS, PROMPTED, steps_add_up
from sessions_builder.pipeline.reading import ACTIVE, Reading, text_of
from sessions_builder.pipeline.types import Section, SectionType
from sessions_builder.pipeline.vocabulary import FILLERS, has_criterion, stems, stems_of, verb_level, words

SHORTEST, LONGEST = 18, 75
"""Words of a description that reads well."""
MISSING_WORDS = 4
EVENT_SENTENCES: Mapping[str, str] = {
    "hook": "Nothing hooks people at the start: a story, a question, a surprise.",
    "objectives": "Nobody says what people will be able to do by the end.",
    "recall": "Nothing builds on what people know already.",
    "input": "Nothing new is shown or explained.",
    "practice": "Nobody practises.",
    "feedback": "Nobody gets feedback.",
    "check": "Nothing checks what people can do now.",
    "transfer": "Nobody plans what to do after the session.",
}
UNSAID = {
    "hook": "catches people at the start",
    "objectives": "says what people will be able to do",
    "recall": "builds on what people know",
    "input": "brings something new",
    "practice": "lets people practise",
    "feedback": "gives people feedback",
    "check": "checks what people can do",
    "transfer": "prepares people to use it",
}
_SERVED_BY: Mapping[str, SectionType] = {
    "input": SectionType.TOPIC,
    "practice": SectionType.EXERCISE,
    "feedback": SectionType.EXERCISE,
    "check": SectionType.ASSESSMENT,
}


def outcome(reading: Reading) -> Iterator[Hint]:
    """Words of the outcome that nobody practises, and topics without a section of their own."""
    brief = reading.brief
    practised = [section for section in reading.spoken if section.type in ACTIVE | {SectionType.CLOSING}]
    found = frozenset[str]().union(*(text_of(section).stem_set for section in practised))
    found |= stems_of(text for section in reading.content for text in section.objectives)
    missing = [
        word for word in dict.fromkeys(words(brief.desired_outcome)) if (own := stems(word)) and not {*own} & found
    ]
    if missing:
        named = ", ".join(missing[:MISSING_WORDS])
        yield Hint("outcome", f"No exercise, check or objective takes up these words of the outcome: {named}.")
    for topic in brief.specific_topics:
        wanted = frozenset(stems(topic))
        rooms = [text_of(section).stem_set for section in reading.content if section.minutes >= TOPIC_MINUTES]
        if wanted and not any(len(wanted & room) / len(wanted) >= TOPIC_SHARE for room in rooms):
            yield Hint("outcome", f"No section of {TOPIC_MINUTES} minutes or more is about “{topic}”.")


def objectives(reading: Reading) -> Iterator[Hint]:
    """Content sections without one, verbs nobody can observe, objectives without a condition."""
    for place, section in _content(reading):
        if not section.objectives:
            message = f"{quoted(section)} does not say what people learn to do."
            yield Hint("objectives", message, place, Aim(place), "Write an objective")
            continue
        for text in section.objectives:
            if verb_level(text) is None:
                message = f"“{text}” cannot be observed; begin with a verb such as explain, demonstrate or draft."
                yield Hint("objectives", message, place)
            elif not has_criterion(text):
                message = f"“{text}” does not say under which condition or how well."
                yield Hint("objectives", message, place)


def events(reading: Reading) -> Iterator[Hint]:
    """What good instruction does and this session does not; where a section does it unsaid, saying so is enough."""
    shown = {name for section in reading.spoken for name in section.purposes if name in EVENTS and shows(section, name)}
    for name, sentence in EVENT_SENTENCES.items():
        if name in shown:
            continue
        place = next((at for at, section in enumerate(reading.sections) if _unsaid(section, name)), None)
        if place is not None:
            section = reading.sections[place]
            fix = Change(place, {"purposes": [*section.purposes, name]})
            message = f"{quoted(section)} {UNSAID[name]}, but is not marked as doing so."
            yield Hint("events", message, place, fix, f"Mark it: {name}")
        else:
            found, label = _event_fix(reading, name)
            yield Hint("events", sentence, fix=found, label=label)


def _unsaid(section: Section, name: str) -> bool:
    return section.type is not SectionType.BREAK and name not in section.purposes and shows(section, name)


def _event_fix(reading: Reading, name: str) -> tuple[Fix | None, str]:
    last = len(reading.sections) - 1
    if name in _SERVED_BY:
        position = last if reading.sections[last].type is SectionType.CLOSING else last + 1
        return Add(_SERVED_BY[name], (name,), position), f"Add a section for it: {name}"
    end = SectionType.CLOSING if name == "transfer" else SectionType.OPENER
    for place, section in enumerate(reading.sections):
        if section.type is end:
            return Swap(place, (name,)), f"Change the {end.value}'s activity"
    return None, ""


def facilitation(reading: Reading) -> Iterator[Hint]:
    """What a co-trainer would miss in a content section."""
    for place, section in _content(reading):
        if lacking := _lacking(section):
            message = f"{quoted(section)} lacks {_joined(lacking)}."
            yield Hint("facilitation", message, place, Complete(place), "Fill in from the library")


def _lacking(section: Section) -> list[str]:
    named = (
        ("three steps", len(section.steps) < 3),
        ("materials", not section.materials),
        (f"a note of {NOTE_WORDS} words or more", len(words(section.facilitator_note)) < NOTE_WORDS),
        ("a way of working", not section.mode),
        ("questions to ask", section.type in PROMPTED and not section.prompts),
        ("minutes of the steps that add up", not steps_add_up(section)),
    )
    return [name for name, lacks in named if lacks]


def _joined(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def clarity(reading: Reading) -> Iterator[Hint]:
    """Descriptions too short or too long, and phrases that say nothing."""
    for place, section in enumerate(reading.sections):
        if section.type is SectionType.BREAK:
            continue
        count = text_of(section).description_words
        if not SHORTEST <= count <= LONGEST:
            span = f"{SHORTEST} to {LONGEST} read well"
            yield Hint("clarity", f"The description of {quoted(section)} has {count} words; {span}.", place)
        lowered = text_of(section).lower
        for filler in FILLERS:
            if filler in lowered:
                yield Hint("clarity", f"“{filler}” in {quoted(section)} says little; say what happens.", place)


def _content(reading: Reading) -> Iterator[tuple[int, Section]]:
    """Content sections with their places."""
    frame = (SectionType.OPENER, SectionType.CLOSING, SectionType.BREAK)
    return ((place, section) for place, section in enumerate(reading.sections) if section.type not in frame)
