"""What advice on an outline is made of: a sentence, the section it is about, and what would mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sessions_builder.pipeline.types import Section, SectionType


@dataclass(frozen=True, slots=True)
class Fit:
    """Fit all sections to the session's minutes."""


@dataclass(frozen=True, slots=True)
class Move:
    """Put the section at `place` to another place, both counted from 0."""

    place: int
    to: int


@dataclass(frozen=True, slots=True)
class Add:
    """Put in an activity of a type that serves these purposes."""

    type: SectionType
    purposes: tuple[str, ...]
    position: int


@dataclass(frozen=True, slots=True)
class Swap:
    """Spend a section on another activity, one that serves these purposes."""

    place: int
    purposes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """Set fields of a section, by their wire names."""

    place: int
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Complete:
    """Fill in what a section lacks from an activity of the library, its own where that is one."""

    place: int


@dataclass(frozen=True, slots=True)
class Aim:
    """Give a section an objective."""

    place: int


Fix = Fit | Move | Add | Swap | Change | Complete | Aim


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing that costs points in a part of `oqs-1`; `label` is a verb for the button that applies the fix."""

    part: str
    message: str
    place: int | None = None
    fix: Fix | None = None
    label: str = ""


def quoted(section: Section) -> str:
    """The section's title in quotation marks, shortened where it is long."""
    title = section.title if len(section.title) <= 60 else f"{section.title[:59].rstrip()}…"
    return f"“{title}”"
