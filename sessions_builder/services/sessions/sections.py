"""Sections of a session: add, change, remove, put in order, fit to the minutes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User

from sessions_builder.errors import Conflict, InvalidInput
from sessions_builder.models import TrainingSession, VersionKind
from sessions_builder.pipeline.balance import AllLocked, BalanceError, NoSections, Timed, balance
from sessions_builder.pipeline.types import SectionType
from sessions_builder.services.sessions.activities import section_with, with_activity
from sessions_builder.services.sessions.outlines import (
    Wire,
    insertion,
    named,
    place_of,
    sections_of,
    set_sections,
    with_minutes,
)
from sessions_builder.services.sessions.writing import editing


def section_add(
    *,
    owner: User,
    session_id: UUID,
    version: int,
    section: Mapping[str, Any] | None = None,
    activity: str = "",
    minutes: int | None = None,
    position: int | None = None,
    fit: bool = False,
) -> TrainingSession:
    """Put a new section, or an activity of the library, at a place (from 0), else before the closing.

    With `fit` all sections are fitted to the session's minutes afterwards. Raises what `editing` raises.
    """
    with editing(owner, session_id, version, VersionKind.ADDED) as session:
        sections = sections_of(session)
        place = insertion(sections, position)
        new = section if section is not None else section_with(session, activity, minutes, place)
        sections.insert(place, named({**new, "id": None}))
        set_sections(session, fitted(sections, session.duration_minutes) if fit else sections)
    return session


def section_update(
    *, owner: User, session_id: UUID, version: int, section_id: str, changes: Mapping[str, Any], activity: str = ""
) -> TrainingSession:
    """Change fields of a section, after swapping its activity for one of the library where that is asked.

    With new minutes and no new steps, the steps' minutes are scaled along. Raises what `editing` raises.
    """
    with editing(owner, session_id, version) as session:
        sections = sections_of(session)
        place = place_of(sections, section_id)
        section = sections[place]
        if activity:
            section = with_activity(session, section, activity, place)
        if "minutes" in changes and "steps" not in changes:
            section = with_minutes(section, changes["minutes"])
        sections[place] = {**section, **changes}
        set_sections(session, sections)
    return session


def section_delete(*, owner: User, session_id: UUID, version: int, section_id: str) -> TrainingSession:
    """Take a section out. Its sources stay with the session."""
    with editing(owner, session_id, version, VersionKind.REMOVED) as session:
        sections = sections_of(session)
        del sections[place_of(sections, section_id)]
        set_sections(session, sections)
    return session


def sections_reorder(*, owner: User, session_id: UUID, version: int, order: Sequence[str]) -> TrainingSession:
    """Put the sections in this order. Raises InvalidInput unless it names each section once."""
    with editing(owner, session_id, version) as session:
        by_id = {section["id"]: section for section in session.outline["sections"]}
        if sorted(order) != sorted(by_id):
            raise InvalidInput(fields={"order": ["Must name every section of the session exactly once."]})
        set_sections(session, (by_id[section_id] for section_id in order))
    return session


def session_balance(*, owner: User, session_id: UUID, version: int, target: int | None = None) -> TrainingSession:
    """Fit the sections to exactly the session's minutes, or to `target`, which becomes the session's length.

    Locked sections keep their minutes. Raises Conflict, saying what to do, where that is impossible.
    """
    with editing(owner, session_id, version, VersionKind.BALANCED) as session:
        session.duration_minutes = target or session.duration_minutes
        set_sections(session, fitted(session.outline["sections"], session.duration_minutes))
    return session


def fitted(sections: Sequence[Wire], target: int) -> list[Wire]:
    """The sections with exactly so many minutes in all. Raises Conflict, saying what to do."""
    timed = [Timed(SectionType(entry["type"]), entry["minutes"], bool(entry.get("locked"))) for entry in sections]
    try:
        return list(map(with_minutes, sections, balance(timed, target).minutes))
    except NoSections:
        raise Conflict("There are no sections to share the minutes; add one first.") from None
    except AllLocked:
        total = sum(entry["minutes"] for entry in sections)
        raise Conflict(f"Every section is locked, and they take {total} of {target} minutes; unlock one.") from None
    except BalanceError:
        locked = sum(section["minutes"] for section in sections if section.get("locked"))
        free = sum(not section.get("locked") for section in sections)
        raise Conflict(
            f"Locked sections take {locked} of {target} minutes, too many to leave one for each of the other {free};"
            " unlock one, remove one or make the session longer."
        ) from None
