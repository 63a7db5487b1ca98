"""Sections from elsewhere: another version of one's own generations, or an idea kept for later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User

from sessions_builder.errors import Conflict, NotFound
from sessions_builder.models import TrainingSession, VariantState, VersionKind
from sessions_builder.selectors import generations_visible_to, ideas_of
from sessions_builder.services.sessions.origins import take_in
from sessions_builder.services.sessions.outlines import insertion, named, sections_of, set_sections
from sessions_builder.services.sessions.sections import fitted
from sessions_builder.services.sessions.sources import adopt, excerpt_of
from sessions_builder.services.sessions.writing import editing


@dataclass(frozen=True, slots=True)
class Part:
    """A section from elsewhere, the sources it may cite, and its origin as a session's `generation_source`."""

    section: Mapping[str, Any]
    sources: Sequence[Mapping[str, Any]]
    origin: str


def section_import(
    *,
    owner: User,
    session_id: UUID,
    version: int,
    generation_id: UUID,
    number: int,
    place: int,
    position: int | None = None,
) -> TrainingSession:
    """Put a section of a variant into a session, with the excerpts of what it cites. `place` counts from 0.

    Raises NotFound for a generation, variant or section that is not the owner's or not there, and what `editing` does.
    """
    with editing(owner, session_id, version, VersionKind.IMPORTED) as session:
        part = variant_section(owner, generation_id, number, place)
        _insert(session, part, position)
    return session


def idea_insert(
    *, owner: User, session_id: UUID, version: int, idea_id: UUID, position: int | None = None, fit: bool = False
) -> TrainingSession:
    """Put the section of a saved idea into a session; with `fit` all sections are fitted to its minutes afterwards.

    Raises NotFound, Conflict for an idea without a section, and what `editing` does.
    """
    with editing(owner, session_id, version, VersionKind.IMPORTED) as session:
        idea = ideas_of(owner).filter(pk=idea_id).first()
        if idea is None:
            raise NotFound
        if idea.section is None:
            raise Conflict("This idea is a note; it holds no section to put in.")
        _insert(session, Part(idea.section, idea.sources, idea.generation_source), position)
        if fit:
            set_sections(session, fitted(session.outline["sections"], session.duration_minutes))
    return session


def variant_section(owner: User, generation_id: UUID, number: int, place: int) -> Part:
    """A section of one's own generation's variant, with all sources that may be cited there. Raises NotFound."""
    generation = generations_visible_to(owner).only("retrieval").filter(pk=generation_id).first()
    variant = generation and generation.variants.filter(number=number, state=VariantState.READY).first()
    if not generation or not variant or place >= len(variant.outline["sections"]):
        raise NotFound
    sources = (generation.retrieval or {}).get("sources", ())
    excerpts = [excerpt_of(source) for source in sources if source["id"]]
    return Part(variant.outline["sections"][place], excerpts, variant.generation_source)


def _insert(session: TrainingSession, part: Part, position: int | None) -> None:
    sections = sections_of(session)
    adopted = adopt(session, part.section, part.sources)
    new = named({**adopted, "id": None, "locked": False})
    take_in(session, new, part.origin)
    sections.insert(insertion(sections, position), new)
    set_sections(session, sections)
