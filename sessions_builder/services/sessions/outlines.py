"""An outline as the editor holds it: a dict of the wire's names, never changed in place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from sessions_builder.errors import InvalidInput, NotFound
from sessions_builder.models import TrainingSession
from sessions_builder.pipeline.balance import rescale_steps
from sessions_builder.pipeline.parse import MAX_SECTIONS
from sessions_builder.pipeline.types import SectionType, Step

Wire = dict[str, Any]


def sections_of(session: TrainingSession) -> list[Wire]:
    """The sections, in a list of its own."""
    return list(session.outline["sections"])


def set_sections(session: TrainingSession, sections: Iterable[Wire]) -> None:
    """Give the session these sections in a new outline; what was remembered of the old one stays as it was."""
    session.outline = {**session.outline, "sections": list(sections)}


def place_of(sections: Sequence[Mapping[str, Any]], section_id: str) -> int:
    """Where a section stands, from 0. Raises NotFound."""
    for place, section in enumerate(sections):
        if section["id"] == section_id:
            return place
    raise NotFound


def named(section: Mapping[str, Any]) -> Wire:
    """The section with an id of its own and its lock; an id it has is kept."""
    return {**section, "id": section.get("id") or str(uuid4()), "locked": bool(section.get("locked"))}


def insertion(sections: Sequence[Mapping[str, Any]], position: int | None) -> int:
    """Where a new section goes: as asked, else before a closing at the end. Raises InvalidInput beyond the end."""
    if position is None:
        ends_with_closing = bool(sections) and sections[-1]["type"] == SectionType.CLOSING
        return len(sections) - ends_with_closing
    if position > len(sections):
        raise InvalidInput(fields={"position": [f"Must be at most {len(sections)}."]})
    return position


def with_minutes(section: Wire, minutes: int) -> Wire:
    """The section with so many minutes; its steps' minutes are scaled along."""
    if section["minutes"] == minutes:
        return section
    steps = rescale_steps([Step(step["text"], step.get("minutes")) for step in section.get("steps", ())], minutes)
    return {**section, "minutes": minutes, "steps": [{"text": step.text, "minutes": step.minutes} for step in steps]}


def check_outline(session: TrainingSession, before: Mapping[str, Any]) -> None:
    """Raise InvalidInput for too many sections, an id used twice, or a citation of no source of the session.

    `before` is the outline it had: what was in it already may stay.
    """
    sections = session.outline["sections"]
    if len(sections) > MAX_SECTIONS:
        raise InvalidInput(fields={"sections": [f"Must have at most {MAX_SECTIONS} items."]})
    if len({section["id"] for section in sections}) < len(sections):
        raise InvalidInput(fields={"sections": ["Two sections have the same id."]})
    known = {source["id"] for source in session.sources} | cited_in(before["sections"])
    if unknown := sorted(cited_in(sections) - known):
        raise InvalidInput(fields={"sourceIds": [f"There is no source {unknown[0]} in this session."]})


def cited_in(sections: Iterable[Mapping[str, Any]]) -> set[str]:
    """Ids of all sources that some section cites."""
    return {cited for section in sections for cited in section.get("sourceIds", ())}
