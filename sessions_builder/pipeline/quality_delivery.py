"""The parts of `oqs-1` about running the session from the page: facilitation, clarity."""

from __future__ import annotations

import re

from sessions_builder.pipeline.reading import ACTIVE, Reading, text_of, trapezoid
from sessions_builder.pipeline.types import Section, SectionType
from sessions_builder.pipeline.vocabulary import FILLERS, GENERIC, words

NOTE_WORDS = 8
_SENTENCE_END = re.compile(r"[.!?]\s+")
PROMPTED = ACTIVE | {SectionType.TOPIC}


def facilitation(reading: Reading) -> float:
    """0..14: mean over the content of steps 3, materials 2, note 2, mode 2, prompts 3, step minutes that add up 2."""
    if not reading.content:
        return 0.0
    return sum(map(_runnable, reading.content)) / len(reading.content)


def _runnable(section: Section) -> float:
    needs_prompts = section.type in PROMPTED
    return (
        3 * min(1.0, len(section.steps) / 3)
        + 2 * bool(section.materials)
        + 2 * (len(words(section.facilitator_note)) >= NOTE_WORDS)
        + 2 * bool(section.mode)
        + 3 * (bool(section.prompts) or not needs_prompts)
        + 2 * steps_add_up(section)
    )


def steps_add_up(section: Section) -> bool:
    minutes = [step.minutes for step in section.steps if step.minutes]
    return bool(minutes) and abs(sum(minutes) - section.minutes) <= max(1, 0.1 * section.minutes)


def clarity(reading: Reading) -> float:
    """0..6: descriptions of a useful length 2, words that are about this session 2, no filler 1, no repetition 1."""
    if not reading.spoken:
        return 0.0
    texts = [text_of(section) for section in reading.spoken]
    length = sum(trapezoid(text.description_words, 6, 18, 75, 150, 0.4) for text in texts) / len(texts)
    whole = "\n".join(text.lower for text in texts)
    fillers = sum(map(whole.count, FILLERS))
    repeated = _repeated_share(reading)
    return (
        2 * length
        + 2 * min(1.0, _specific_share(reading) / 0.75)
        + max(0.0, 1 - fillers / 3)
        + max(0.0, 1 - 3 * repeated)
    )


def _specific_share(reading: Reading) -> float:
    """Mean share of a content section's stems that would not fit any session."""
    found = [text_of(section).stems for section in reading.content]
    shares = [sum(stem not in GENERIC for stem in stems) / len(stems) if stems else 0.0 for stems in found]
    return sum(shares) / len(shares) if shares else 0.0


def _repeated_share(reading: Reading) -> float:
    """Share of sentences of five words or more that occur more than once; 1 when there is no such sentence."""
    sentences = [
        sentence.strip().lower()
        for section in reading.spoken
        for sentence in _SENTENCE_END.split(section.description)
        if len(words(sentence)) > 4
    ]
    return 1 - len(set(sentences)) / len(sentences) if sentences else 1.0
