"""A session of one's own: written from scratch, and changed as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.db import transaction

from sessions_builder.models import TrainingSession, VersionKind
from sessions_builder.services.briefs import category_named
from sessions_builder.services.sessions.history import keep_version
from sessions_builder.services.sessions.outlines import check_outline, named
from sessions_builder.services.sessions.writing import editing

NO_OUTLINE: Mapping[str, Any] = {"summary": "", "difficulty": "", "sections": []}


def session_create(*, owner: User, values: Mapping[str, Any]) -> TrainingSession:
    """Store a draft that no generation made. `values` are a SessionStart's.

    Raises InvalidInput for a category that is not offered or an outline that cannot be.
    """
    session = TrainingSession(owner=owner, version=1, brief={}, sources=[])
    session.outline = {**NO_OUTLINE, "title": values["title"]}
    empty = session.outline
    with transaction.atomic():
        _put(session, values)
        session.outline = {**session.outline, "title": session.title}
        check_outline(session, empty)
        session.save(force_insert=True)
        keep_version(session, VersionKind.CREATED)
    return session


def session_update(*, owner: User, session_id: UUID, version: int, changes: Mapping[str, Any]) -> TrainingSession:
    """Change what a SessionChanges names and leave the rest. Raises what `editing` raises."""
    with editing(owner, session_id, version) as session:
        _put(session, changes)
    return session


def _put(session: TrainingSession, changes: Mapping[str, Any]) -> None:
    outline = changes.get("outline", {})
    session.title = changes.get("title", outline.get("title", session.title))
    session.session_type = changes.get("session_type", session.session_type)
    session.duration_minutes = changes.get("duration_minutes", session.duration_minutes)
    session.time_zone = changes.get("time_zone", session.time_zone)
    if "category" in changes:
        session.category = category_named(changes["category"]).name
    if "starts_at" in changes:
        session.starts_at = _moment(changes["starts_at"], session.time_zone)
    session.brief = {**session.brief, **changes.get("brief", {})}
    if outline:
        sections = [named(section) for section in outline.get("sections", session.outline["sections"])]
        session.outline = {**session.outline, **outline, "sections": sections}


def _moment(text: str | None, zone: str) -> datetime | None:
    """The moment in UTC; a time without an offset is one of the session's zone."""
    if text is None:
        return None
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
