"""Who wrote what a session holds: known section by section, and from that for the whole.

For each section, by its id, the session remembers whose text it has had, the present one last. Whoever takes a step
back sends the earlier text under the same id: it is told by the fields it shares with what is remembered.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sessions_builder.models import TrainingSession, WriterKind
from sessions_builder.pipeline.types import GenerationSource

AUTHOR = ""
"""Nobody but the author, or nobody knows."""
MIXED = "mixed"
"""A model wrote some of it, the author or the activity library the rest."""
AI = frozenset({GenerationSource.RAG.value, GenerationSource.BASELINE.value})
TOLD_BY = ("title", "description", "objectives", "activity", "materials", "facilitatorNote", "prompts", "sourceIds")
MOST_HANDS = 8
"""Texts remembered of one section."""
MOST_GONE = 200
"""Sections remembered that the session no longer has."""

Section = Mapping[str, Any]
Hand = list[Any]
"""The origin of a text, and a digest of each field it is told by; none where only the origin is known."""
Memory = dict[str, list[Hand]]


def whole(origins: Iterable[str]) -> str:
    """The origin of a session with sections of these origins.

    Material in one section makes it a session with material; none hides that a model wrote another.
    """
    found = set(origins)
    if MIXED in found or (found & AI and found - AI):
        return MIXED
    by_rank = (*(source.value for source in GenerationSource), AUTHOR)
    return next((origin for origin in by_rank if origin in found), AUTHOR)


def origins_of(session: TrainingSession) -> dict[str, str]:
    """The origin of each section, by its id."""
    memory = remembered(session)
    return {section["id"]: _present(memory, section["id"]) for section in session.outline["sections"]}


def remembered(session: TrainingSession) -> Memory:
    """What the session remembers; one that does not yet is of one piece."""
    if session.origins is None:
        return {section["id"]: [[session.generation_source, {}]] for section in session.outline["sections"]}
    return dict(session.origins)


def take_in(session: TrainingSession, section: Section, origin: str) -> None:
    """Remember whose text a section is about to have; call it while the session still has the one before."""
    memory = remembered(session)
    hands = memory.get(section["id"], [])
    before = next((old for old in session.outline["sections"] if old["id"] == section["id"]), None)
    if before is not None:
        known = [_present(memory, section["id"]), _digests(before)]
        hands = hands[:-1] if known == [origin, _digests(section)] else [*hands[:-1], known]
    session.origins = {**memory, section["id"]: [*hands, [origin, _digests(section)]][-MOST_HANDS:]}


def settle(session: TrainingSession, before: Sequence[Section]) -> None:
    """After a change of the sections, which were `before`: see whose text each has now, and what the session is."""
    memory = remembered(session)
    sections = session.outline["sections"]
    for section in sections:
        hands = memory.get(section["id"]) or _copied(memory, section, before)
        # The last one stands unless an earlier one is nearer: an author's own changes change no origin.
        memory[section["id"]] = _nearest_last(hands, section)
    session.origins = _without_long_gone(memory, sections)
    if sections:
        session.generation_source = whole(origins_of(session).values())


def proposal_source(writer: str, section: Section) -> str:
    """The origin of a section somebody proposed: with material when it cites some."""
    if writer == WriterKind.OFFLINE:
        return GenerationSource.TEMPLATE.value
    return (GenerationSource.RAG if section.get("sourceIds") else GenerationSource.BASELINE).value


def _present(memory: Memory, section_id: str) -> str:
    hands = memory.get(section_id)
    return str(hands[-1][0]) if hands else AUTHOR


def _copied(memory: Memory, section: Section, before: Sequence[Section]) -> list[Hand]:
    """A new section is its author's, unless it says what another did."""
    text = section.get("description")
    original = next((old["id"] for old in before if text and old.get("description") == text), "")
    return [[_present(memory, original), {}]]


def _digests(section: Section) -> dict[str, str]:
    return {name: _digest(section[name]) for name in TOLD_BY if section.get(name)}


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:12]


def _nearest_last(hands: list[Hand], section: Section) -> list[Hand]:
    now = _digests(section) if len(hands) > 1 else {}
    return sorted(hands, key=lambda hand: sum(now.get(name) == digest for name, digest in hand[1].items()))


def _without_long_gone(memory: Memory, sections: Sequence[Section]) -> Memory:
    here = {section["id"] for section in sections}
    gone = [section_id for section_id in memory if section_id not in here]
    dropped = set(gone[: max(0, len(gone) - MOST_GONE)])
    return {section_id: hands for section_id, hands in memory.items() if section_id not in dropped}
