"""The one value every format is written from. What an audience may not see is not in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sessions_builder.exports.times import Schedule
from sessions_builder.pipeline.types import SectionType, Step


class Audience(StrEnum):
    FACILITATOR = "facilitator"
    PARTICIPANT = "participant"


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedSource:
    """A source at least one section rests on; `about` is its category and date as far as they are known.

    Where several are parts of one document, it says first which of them this is.
    """

    id: str
    title: str
    about: str
    excerpt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverSection:
    """A section with its clock times. For participants only title, times, type and objectives are filled."""

    number: int
    type: SectionType
    title: str
    minutes: int
    begins: int
    """Minutes after the start of the session."""
    starts: str
    ends: str
    objectives: tuple[str, ...]
    description: str = ""
    how: str = ""
    """Activity and grouping."""
    steps: tuple[Step, ...] = ()
    materials: tuple[str, ...] = ()
    note: str = ""
    prompts: tuple[str, ...] = ()
    sources: tuple[CitedSource, ...] = ()


@dataclass(frozen=True, slots=True)
class Material:
    """Something to bring, and the numbers of the sections that need it."""

    name: str
    sections: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One line about the session as a whole."""

    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverDocument:
    """A training session ready to be handed to one audience. All text is clean; nothing is escaped yet."""

    session_id: str
    version: int
    audience: Audience
    published: bool
    status: str
    title: str
    summary: str
    category: str
    language: str
    """BCP 47 tag of what the author wrote; the words around it are English."""
    schedule: Schedule
    suggested_start: datetime
    """Where a calendar puts a session without a date."""
    online: bool
    origin: str
    """Who wrote the outline; stands in every format."""
    facts: tuple[Fact, ...]
    notices: tuple[str, ...]
    """What a reader has to know before relying on it."""
    sections: tuple[HandoverSection, ...]
    materials: tuple[Material, ...]
    sources: tuple[CitedSource, ...]
    created_at: datetime
    updated_at: datetime

    @property
    def kind(self) -> str:
        return "Facilitator guide" if self.audience is Audience.FACILITATOR else "Participant agenda"

    @property
    def minutes(self) -> int:
        """Sum of the sections, which in a draft need not be what was planned."""
        return sum(section.minutes for section in self.sections)

    @property
    def objectives(self) -> Sequence[str]:
        """What people will learn, each once, in order."""
        return list(dict.fromkeys(text for section in self.sections for text in section.objectives))
