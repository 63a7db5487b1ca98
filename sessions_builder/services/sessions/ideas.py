"""Ideas an author keeps: a note, or a section of a session or of a variant with what it cites."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.models import User

from sessions_builder.errors import NotFound
from sessions_builder.models import SavedIdea
from sessions_builder.selectors import ideas_of, sessions_visible_to
from sessions_builder.services.sessions.mixing import Part, variant_section
from sessions_builder.services.sessions.origins import origins_of
from sessions_builder.services.sessions.outlines import place_of


def idea_note(*, owner: User, title: str, note: str) -> SavedIdea:
    """Keep a thought."""
    return SavedIdea.objects.create(owner=owner, title=title, note=note)


def idea_from_session(*, owner: User, session_id: UUID, section_id: str, title: str, note: str) -> SavedIdea:
    """Keep a section of a session, under its own title unless another is given. Raises NotFound."""
    session = sessions_visible_to(owner).filter(pk=session_id).first()
    if session is None:
        raise NotFound
    sections = session.outline["sections"]
    section = sections[place_of(sections, section_id)]
    part = Part(section, session.sources, origins_of(session)[section_id])
    return _keep(owner, part, title, note)


def idea_from_variant(*, owner: User, generation_id: UUID, number: int, place: int, title: str, note: str) -> SavedIdea:
    """Keep a section of a variant, counted from 0. Raises NotFound."""
    return _keep(owner, variant_section(owner, generation_id, number, place), title, note)


def idea_delete(*, owner: User, idea_id: UUID) -> None:
    """Forget an idea. Raises NotFound."""
    deleted, _ = ideas_of(owner).filter(pk=idea_id).delete()
    if not deleted:
        raise NotFound


def _keep(owner: User, part: Part, title: str, note: str) -> SavedIdea:
    kept = {name: value for name, value in part.section.items() if name not in ("id", "locked")}
    return SavedIdea.objects.create(
        owner=owner,
        title=title or kept["title"],
        note=note,
        section=kept,
        sources=[source for source in part.sources if source["id"] in kept.get("sourceIds", ())],
        generation_source=part.origin,
    )
